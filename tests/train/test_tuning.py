"""How steps run on a CPU is chosen by a short measurement, remembered, and changes no result."""

from __future__ import annotations

import pytest
import torch

from netbuilder.train.engine import Engine
from netbuilder.train.speed import execution, tuning
from netbuilder.train.speed.tuning import Execution, Memory, candidates, measure
from tests.train.material import images, recipe, same_weights, small_cnn


def test_candidates_cover_threads_and_formats():
    assert set(candidates(4, True)) == {Execution(n, last) for n in (1, 2, 3, 4) for last in (True, False)}
    assert candidates(1, False) == [Execution(1)]
    assert candidates(6, False)[0].threads == 6
    assert Execution(1, False, 2) in candidates(2, True, divisible=True)
    assert {Execution(1, batch_last=True), Execution(2, batch_last=True)} < set(candidates(2, True, chain=True))


def test_the_quickest_wins_even_if_its_first_step_was_slow():
    speeds = {Execution(2, True): [9, 0.03], Execution(2): [0.04, 0.04], Execution(1, True): [0.05, 0.02], Execution(1): [0.05, 0.05]}
    calls = dict.fromkeys(speeds, 0)

    def trial(option):
        calls[option] += 1
        return speeds[option][min(calls[option] - 1, 1)]

    assert measure(list(speeds), trial, budget=0.001) == Execution(1, True)


@pytest.mark.parametrize(("alone", "chosen"), [(0.026, 1), (0.028, 2)])
def test_a_core_is_left_free_unless_that_costs_much(alone, chosen):
    times = {Execution(2): 0.02, Execution(1): alone}
    assert measure(list(times), times.__getitem__, budget=0.001) == Execution(chosen)


def test_quick_steps_take_one_thread_without_more_ado():
    tried = []

    def trial(option):
        tried.append(option)
        return 0.0001

    assert measure(candidates(8, False), trial) == Execution(1)
    assert len(tried) == 2


def test_no_time_left_no_more_options(monkeypatch):
    now = iter(range(0, 1000, 10))
    monkeypatch.setattr(tuning, "perf_counter", lambda: float(next(now)))
    tried = []

    def trial(option):
        tried.append(option)
        return 5.0

    assert measure(candidates(2, True), trial) == Execution(2, True)
    assert tried == [Execution(2, True)]


def test_choices_are_remembered(tmp_path, monkeypatch):
    memory = Memory(tmp_path / "deep" / "tuning.json")
    assert memory.recall("a") is None
    memory.note("a", Execution(2, True))
    memory.note("b", Execution(1))
    assert (memory.recall("a"), memory.recall("b")) == (Execution(2, True), Execution(1))
    monkeypatch.setattr(Memory, "_here", {})
    assert memory.recall("a") == Execution(2, True)
    memory.note("c", Execution(4), busy=True)
    assert memory.recall("c") == Execution(4)
    monkeypatch.setattr(Memory, "_here", {})
    assert memory.recall("c") is None, "a quiet machine measures again"
    assert memory.recall("c", busy=True) == Execution(4)
    memory.note("c", Execution(2))
    monkeypatch.setattr(Memory, "_here", {})
    assert memory.recall("c", busy=True) == Execution(2)
    for nonsense in ("[1]", "{", '{"a": [true]}', '{"a": "x"}', '{"a": [1, false, 1]}', '{"a": [1, false, "x", false]}'):
        memory.path.write_text(nonsense)
        assert memory.recall("a") is None


def test_measuring_leaves_no_trace(monkeypatch):
    graph = small_cnn(norm=True, dropout=True)
    monkeypatch.setattr(tuning, "BUDGET", 0.05)

    def result(measured):
        monkeypatch.setattr(execution, "MEASURE_FROM", 0 if measured else 10**9)
        if measured:
            real = tuning.measure
            monkeypatch.setattr(tuning, "measure", lambda options, trial: (real(options, trial, 0.05), Execution(1))[1])
        engine = Engine(graph, images(), recipe(epochs=1, threads=1))
        list(engine.run())
        return engine.module

    assert same_weights(result(True), result(False))


def test_channels_last_gives_the_same_network(monkeypatch):
    monkeypatch.setattr(execution, "MEASURE_FROM", 0)
    results = []
    for last in (False, True):
        monkeypatch.setattr(Memory, "recall", lambda *_, last=last, **__: Execution(1, last))
        engine = Engine(small_cnn(norm=True), images(), recipe(epochs=1))
        list(engine.run())
        results.append(engine.module.state_dict())
    for name, tensor in results[0].items():
        torch.testing.assert_close(results[1][name], tensor, rtol=1e-3, atol=1e-4)
