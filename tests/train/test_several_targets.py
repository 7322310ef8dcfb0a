"""Networks with several outputs, each of which learns targets of its own from the named arrays of an archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy, mse_loss

from netbuilder.core.build import Builder
from netbuilder.core.edits import set_setting
from netbuilder.core.graph import Graph
from netbuilder.data.dataset import Dataset
from netbuilder.data.errors import DataError
from netbuilder.data.load import load
from netbuilder.data.sampling import check, order
from netbuilder.net.analysis import analyze
from netbuilder.train.baselines import BASELINES, BaselineEngine
from netbuilder.train.engine import Engine
from netbuilder.train.errors import TrainingError
from netbuilder.train.evaluation.answers import answers
from netbuilder.train.evaluation.evaluate import evaluate
from netbuilder.train.events import Started
from netbuilder.train.fitting import misfits
from netbuilder.train.heads import facing, heads
from netbuilder.train.losses import Auto
from netbuilder.train.trials.sanity import shuffled_labels
from tests.train.material import images, of, recipe, two_heads

COUNT = 96


def network(angle: dict[str, Any] | None = None, *, digits: int = 3, first: str = "angle", second: str = "digit") -> Graph:
    """The angle comes first, although the data names the digit first."""
    build = Builder()
    trunk = build.add("flatten", build.add("input", shape=(5,)))
    settings = {"task": "values", "loss_weight": 0.25, **(angle or {})}
    build.add("output", build.add("linear", trunk, name="turned", out_features=1), name=first, **settings)
    build.add("output", build.add("linear", trunk, name="read", out_features=digits), name=second)
    return build.graph()


def archive(folder: Path, *, targets: str = "digit, angle", **changes: Any) -> dict[str, Any]:
    random = np.random.default_rng(0)
    x = random.normal(size=(COUNT, 5)).astype(np.float32)
    arrays = {"x": x, "digit": x[:, :3].argmax(1) + 7, "angle": x[:, 3] * 2 + 1, **changes}
    np.savez(folder / "signs.npz", **arrays)
    return {"source": {"name": "npz", "file": str(folder / "signs.npz"), "targets": targets}, "validation": 16, "test": 16}


def by_hand(module: torch.nn.Module, data: Dataset, rate: float, batches: list[torch.Tensor]) -> tuple[list[float], Any]:
    """Plain SGD on ¼ · squared error of the angle + cross-entropy of the digit."""
    weights = [parameter.detach().clone().requires_grad_() for parameter in (*module.turned.parameters(), *module.read.parameters())]
    norm = data.normalisation
    x = (torch.tensor(data.train.inputs) - torch.tensor(norm.mean)) / torch.tensor(norm.std)
    digit, angle = torch.tensor(data.train.targets), torch.tensor(data.train.others["angle"])
    found = []
    for index in batches:
        turned, read = x[index] @ weights[0].T + weights[1], x[index] @ weights[2].T + weights[3]
        loss = 0.25 * mse_loss(turned[:, 0], angle[index]) + cross_entropy(read, digit[index])
        found.append(loss.item())
        for weight, slope in zip(weights, torch.autograd.grad(loss, weights), strict=True):
            weight.data -= rate * slope
    return found, weights


def test_training_is_that_of_a_loop_written_by_hand(tmp_path: Path):
    data, graph = load(archive(tmp_path)), network()
    assert (data.names, data.classes, data.others) == (("digit", "angle"), ("7", "8", "9"), {"angle": ()})
    plain = {"optimizer": {"name": "sgd", "learning_rate": 0.1, "momentum": 0.0, "weight_decay": 0.0}, "schedule": "constant"}
    engine = Engine(graph, data, recipe(epochs=3, batch_size=16, **plain))
    events = engine.run()
    started = next(events)
    setup = engine._setup
    batches = [index for epoch in (1, 2, 3) for index in setup.feeder.indices(epoch)]
    losses, wanted = by_hand(engine.module, data, 0.1, batches)
    assert started.initial_loss == pytest.approx(losses[0], rel=1e-5)
    assert "loss: 0.25 × mean squared error + cross-entropy" in started.notes
    list(events)
    for mine, theirs in zip((*engine.module.turned.parameters(), *engine.module.read.parameters()), wanted, strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-4, atol=1e-5)
    again, _ = by_hand(engine.module, data, 0.0, [torch.arange(len(data.train))])
    judged = evaluate(engine.module, data.train, data.normalisation, heads=heads(graph))
    assert judged.loss == pytest.approx(again[0], rel=1e-5)
    assert judged.accuracy is None


def test_the_first_output_is_judged_by_its_own_targets(tmp_path: Path):
    data = load(archive(tmp_path, targets="angle, digit"))
    turned = facing(network(), data)
    assert (turned.classes, turned.train.target, tuple(turned.train.others)) == ((), "angle", ("digit",))
    swapped = data.aimed("digit")
    assert (swapped.classes, swapped.train.target, swapped.others) == (("7", "8", "9"), "digit", {"angle": ()})
    np.testing.assert_array_equal(swapped.aimed("angle").test.targets, data.test.targets)
    engine = Engine(graph := network(), load(archive(tmp_path)), recipe(epochs=1))
    list(engine.run())
    told = answers(engine.module, data.aimed("digit").test, data.normalisation, heads=heads(graph))
    assert told.kind == "values"
    np.testing.assert_allclose(told.targets[:, 0], data.test.targets)


def test_the_setting_targets_names_others_than_the_output(tmp_path: Path):
    data = load(archive(tmp_path))
    graph = network({"targets": "angle"}, first="turn")
    assert misfits(analyze(graph), data, Auto()) == ()
    list(Engine(graph, data, recipe(epochs=1)).run())


def test_weights_of_samples_count_for_every_output(tmp_path: Path):
    settings = archive(tmp_path, w=np.where(np.arange(COUNT) % 2, 3.0, 1.0))
    data = load({**settings, "source": {**settings["source"], "weights": "w"}})
    engine = Engine(network(), data, recipe(epochs=1))
    list(engine.run())
    with torch.no_grad():
        norm = data.normalisation
        turned, read = engine.module((torch.tensor(data.test.inputs) - torch.tensor(norm.mean)) / torch.tensor(norm.std))
    digit, angle = torch.tensor(data.test.targets), torch.tensor(data.test.others["angle"])
    each = 0.25 * (turned[:, 0] - angle).square() + cross_entropy(read, digit, reduction="none")
    wanted = (each * torch.tensor(data.test.weights)).mean().item()
    assert evaluate(engine.module, data.test, norm, heads=heads(network())).loss == pytest.approx(wanted, rel=1e-5)


def test_an_output_without_targets_is_refused_and_mended(tmp_path: Path):
    data, graph = load(archive(tmp_path)), network(first="turn")
    (problem,) = misfits(analyze(graph), data, Auto())
    assert problem.message == "“turn” finds no targets called “turn” in this data set; there are digit and angle."
    assert (problem.node, problem.setting) == (graph.by_name["turn"].id, "targets")
    mended = problem.fixes[1].edit(graph)
    assert misfits(analyze(mended), data, Auto()) == ()
    (problem,) = misfits(analyze(with_targets(two_heads())), images(), Auto())
    assert "has the same targets for every output" in problem.message
    assert misfits(analyze(problem.fixes[0].edit(with_targets(two_heads()))), images(), Auto()) == ()


def with_targets(graph: Graph) -> Graph:
    return set_setting(graph.by_name["output_1"].id, "targets", "angle")(graph)


def test_targets_of_the_wrong_kind_or_range_are_refused_at_their_output(tmp_path: Path):
    data = load(archive(tmp_path))
    (problem,) = misfits(analyze(graph := network(digits=2)), data, Auto())
    assert problem.node == graph.by_name["digit"].id
    assert "ends in 2 scores, but “signs” has 3 classes" in problem.message
    (problem,) = misfits(analyze(graph := network({"loss": "cross-entropy"})), data, Auto())
    assert problem.node == graph.by_name["angle"].id
    assert "needs class numbers" in problem.message


def test_arrays_of_targets_must_fit_the_samples(tmp_path: Path):
    with pytest.raises(DataError, match=r"targets “angle” need an array with one entry for each of the 96 samples"):
        load(archive(tmp_path, angle=np.zeros(7)))
    with pytest.raises(DataError, match="no array “colour”"):
        load(archive(tmp_path, targets="digit, colour"))
    with pytest.raises(DataError, match="“digit” are named twice"):
        load(archive(tmp_path, targets="digit, digit"))


def test_test_samples_bring_all_their_targets(tmp_path: Path):
    x, digit, angle = np.zeros((20, 5), np.float32), np.arange(20) % 2, np.linspace(0, 1, 20)
    arrays = {f"{name}_{part}": each for name, each in (("x", x), ("digit", digit), ("angle", angle)) for part in ("train", "test")}
    np.savez(tmp_path / "parts.npz", **arrays)
    source = {"name": "npz", "file": str(tmp_path / "parts.npz"), "targets": "digit, angle"}
    np.testing.assert_allclose(load({"source": source, "limit": None}).test.others["angle"], angle, rtol=1e-6)
    del arrays["angle_test"]
    np.savez(tmp_path / "parts.npz", **arrays)
    with pytest.raises(DataError, match="for each of the 20 and 20 samples"):
        load({"source": source})


def test_all_targets_are_dealt_out_when_labels_are_shuffled(tmp_path: Path):
    data = load(archive(tmp_path))
    trial, outcome = shuffled_labels(network({}), data, recipe(epochs=1), steps=3), None
    try:
        while True:
            next(trial)
    except StopIteration as finished:
        outcome = finished.value
    assert "classes only" in outcome.message


def test_the_first_named_targets_decide_splits_balanced_batches_and_baselines_and_it_is_said(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    rare, even = (random.random(COUNT) < 0.2).astype(np.int64), np.arange(COUNT) % 2
    for names, first in (("rare, even", rare), ("even, rare", even)):
        data = load(archive(tmp_path, targets=names, rare=rare, even=even))
        share = first.mean()
        assert abs(data.validation.targets.mean() - share) < 1 / 16
        build = Builder()
        trunk = build.add("flatten", build.add("input", shape=(5,)))
        for name in ("even", "rare"):
            build.add("output", build.add("linear", trunk, out_features=2), name=name)
        events = list(Engine(build.graph(), data, recipe(epochs=1, sampling="balanced")).run())
        assert f"balanced by “{data.names[0]}”, the first targets" in of(Started, events)[0].notes
        drawn = order(data.train, "balanced", 0, 1)
        assert data.train.targets[drawn].mean() == pytest.approx(0.5, abs=1 / len(drawn))
        taught = of(Started, BaselineEngine(BASELINES.read("nearest-neighbours"), data, 64).run())
        assert taught[0].notes[1] == f"learns “{data.names[0]}”, the first of 2 targets"


def test_first_targets_that_are_no_classes_are_refused_by_name(tmp_path: Path) -> None:
    data = load(archive(tmp_path, targets="angle, digit"))
    with pytest.raises(DataError, match="“angle”, the first targets of this data set") as refusal:
        check(data.train, "balanced")
    assert "Name targets with classes first" in str(refusal.value.remedy)
    with pytest.raises(TrainingError, match="“angle”, the first targets"):
        list(BaselineEngine(BASELINES.read("nearest-neighbours"), data, 64).run())
