"""Going on from a checkpoint equals never having stopped; what an edited network or another recipe can keep, it keeps."""

from __future__ import annotations

import errno

import pytest
import torch

from netbuilder.core.edits import set_setting
from netbuilder.train.checkpointing import checkpoints
from netbuilder.train.checkpointing.checkpoints import STATE
from netbuilder.train.engine import Engine
from netbuilder.train.errors import CheckpointError
from netbuilder.train.events import CheckpointSaved, EpochDone, Finished, Started, StepsLogged, Warned
from tests.train.material import images, of, recipe, same_weights, small_cnn, stepwise, train

HARD = small_cnn(norm=True, dropout=True)
SETTINGS = {
    "sgd": {"optimizer": "sgd"},
    "adam": {"optimizer": "adam", "schedule": "plateau"},
    "rmsprop": {"optimizer": {"name": "rmsprop", "momentum": 0.5}, "schedule": {"name": "step", "every": 1}},
}


def interrupted(folder, after, **settings):
    """A run that is closed after so many steps."""
    events = stepwise(Engine(HARD, images(), recipe(**settings), folder))
    for event in events:
        if isinstance(event, StepsLogged) and event.step == after:
            events.close()


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("after", [3, 8, 13])
def test_going_on_equals_never_having_stopped(tmp_path, name, after):
    whole, all_events = train(HARD, images(), tmp_path / "whole", **SETTINGS[name])
    interrupted(tmp_path / "parts", after, **SETTINGS[name])
    rest, events = train(HARD, images(), tmp_path / "parts", engine={"resume": tmp_path / "parts"}, **SETTINGS[name])
    assert same_weights(whole.module, rest.module)
    last, again = of(EpochDone, all_events)[-1], of(EpochDone, events)[-1]
    assert (again.train_loss, again.validation_loss, again.step) == (last.train_loss, last.validation_loss, last.step)
    assert of(Finished, events)[0].best_epoch == of(Finished, all_events)[0].best_epoch


def test_the_saved_run_can_be_cut_anywhere_twice(tmp_path):
    whole, _ = train(HARD, images(), epochs=2)
    folder = tmp_path / "run"
    interrupted(folder, 2, epochs=2)
    events = stepwise(Engine(HARD, images(), recipe(epochs=2), folder, resume=folder))
    for event in events:
        if isinstance(event, StepsLogged) and event.step == 11:
            events.close()
    rest, _ = train(HARD, images(), folder, engine={"resume": folder}, epochs=2)
    assert same_weights(whole.module, rest.module)


def test_best_and_last_are_saved_and_named(tmp_path):
    _, events = train(small_cnn(), images(), tmp_path, epochs=4, keep_every=2)
    saved = {(event.name, event.epoch) for event in of(CheckpointSaved, events)}
    assert {("last", 4), ("epoch-002", 2), ("epoch-004", 4)} <= saved
    best = of(Finished, events)[0].best_epoch
    assert checkpoints.load(tmp_path / "checkpoints" / "best").state["epoch"] == best
    assert sorted(entry.name for entry in (tmp_path / "checkpoints").iterdir()) == ["best", "epoch-002", "epoch-004", "last"]
    assert isinstance(events[-1], Finished)


def test_a_finished_run_can_be_given_more_epochs(tmp_path):
    train(small_cnn(), images(), tmp_path, epochs=2, schedule="constant")
    _, events = train(small_cnn(), images(), tmp_path, engine={"resume": tmp_path}, epochs=3, schedule="constant")
    assert [event.epoch for event in of(EpochDone, events)] == [3]
    _, nothing = train(small_cnn(), images(), tmp_path, engine={"resume": tmp_path}, epochs=3, schedule="constant")
    assert not of(EpochDone, nothing)
    assert (nothing[-1].reason, nothing[-1].epochs_done) == ("done", 3)


def test_the_newest_whole_checkpoint_is_taken(tmp_path):
    train(small_cnn(), images(), tmp_path, epochs=3, keep_every=1)
    state = tmp_path / "checkpoints" / "last" / STATE
    state.write_bytes(state.read_bytes()[:20])
    _, events = train(small_cnn(), images(), tmp_path, engine={"resume": tmp_path}, epochs=4)
    assert of(Started, events)[0].first_epoch == 4


def test_without_any_checkpoint_it_says_so(tmp_path):
    with pytest.raises(CheckpointError, match="no checkpoint"):
        train(small_cnn(), images(), engine={"resume": tmp_path})


def test_an_edited_network_keeps_what_it_can(tmp_path):
    first, _ = train(small_cnn(), images(), tmp_path, epochs=1)
    graph = small_cnn()
    wider = set_setting(graph.by_name["linear_1"].id, "bias", False)(graph)
    graph = set_setting(graph.by_name["conv2d_1"].id, "kernel_size", 5)(wider)
    graph = set_setting(graph.by_name["conv2d_1"].id, "padding", 2)(graph)
    events = (engine := Engine(graph, images(), recipe(), tmp_path, resume=tmp_path)).run()
    next(events)
    told = next(events)
    assert isinstance(told, Warned)
    assert "conv2d_1" in told.message
    assert "linear_1" not in told.message
    assert torch.equal(engine.module.linear_1.weight, first.module.linear_1.weight)
    events.close()


def test_another_batch_size_begins_the_epoch_anew(tmp_path):
    interrupted(tmp_path, 3)
    _, events = train(HARD, images(), tmp_path, engine={"resume": tmp_path}, batch_size=40)
    assert any("begins anew" in event.message for event in of(Warned, events))
    assert of(EpochDone, events)[-1].step == 9


def test_another_optimizer_starts_its_memory_afresh(tmp_path):
    train(small_cnn(), images(), tmp_path, epochs=1)
    _, events = train(small_cnn(), images(), tmp_path, engine={"resume": tmp_path}, optimizer="adam")
    assert any("start afresh" in event.message for event in of(Warned, events))


def test_a_full_disk_does_not_stop_training(tmp_path, monkeypatch):
    def full(_path, _data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(checkpoints, "_write", full)
    _, events = train(small_cnn(), images(), tmp_path, epochs=2)
    assert any("No space left on device" in event.message for event in of(Warned, events))
    assert (events[-1].reason, events[-1].epochs_done) == ("done", 2)


def test_closing_before_the_first_step_saves_nothing(tmp_path):
    events = Engine(small_cnn(), images(), recipe(), tmp_path).run()
    next(events)
    events.close()
    assert not (tmp_path / "checkpoints").exists()
