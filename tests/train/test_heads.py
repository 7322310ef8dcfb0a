"""Several outputs, each with a loss and a weight of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from netbuilder.core.build import Builder
from netbuilder.core.edits import compound, set_setting
from netbuilder.core.graph import Graph
from netbuilder.train.engine import Engine
from netbuilder.train.errors import TrainingError
from netbuilder.train.evaluation.evaluate import evaluate
from netbuilder.train.events import EpochDone, Started, StepsLogged
from netbuilder.train.heads import heads
from netbuilder.train.losses import LOSSES
from tests.train.material import images, of, recipe, small_cnn, two_heads, values


def with_losses(*settings: dict[str, object]) -> Graph:
    graph = two_heads()
    ends = [node.id for node in graph.nodes.values() if node.layer == "output"]
    edits = [set_setting(end, name, value) for end, own in zip(ends, settings, strict=True) for name, value in own.items()]
    return compound(*edits)(graph)


def test_an_output_takes_the_losses_of_the_recipe_unless_it_has_its_own():
    first, second = heads(with_losses({}, {"loss": {"name": "focal", "gamma": 1.0}, "loss_weight": 0.3}))
    assert (first.loss, first.weight) == (None, 1.0)
    assert second.loss == LOSSES.read({"name": "focal", "gamma": 1.0})
    assert second.weight == 0.3


def test_the_loss_is_the_weighted_sum_over_the_outputs():
    data, graph = images(), with_losses({"loss": "cross-entropy"}, {"loss": "mse", "loss_weight": 0.5})
    engine = Engine(graph, data, recipe(epochs=1, batch_size=120))
    events = engine.run()
    started = of(Started, [next(events)])[0]
    x = (torch.tensor(data.train.inputs) / 255 - 0.3) / 0.3
    with torch.no_grad():
        one, two = engine.module(x)
    y = torch.tensor(data.train.targets)
    wanted = torch.nn.functional.cross_entropy(one, y) + 0.5 * torch.nn.functional.mse_loss(two, torch.nn.functional.one_hot(y, 3).float())
    assert started.initial_loss == pytest.approx(wanted.item(), rel=1e-4)
    assert "loss: cross-entropy + 0.5 × mean squared error" in started.notes
    found = evaluate(engine.module, data.train, data.normalisation, heads=heads(graph))
    assert found.loss == pytest.approx(wanted.item(), rel=1e-4)
    events.close()


def test_an_output_with_the_weight_0_learns_nothing():
    graph = with_losses({}, {"loss_weight": 0.0})
    engine = Engine(graph, images(), recipe(epochs=1, initialisation="zeros"))
    list(engine.run())
    learned = [bool(layer.weight.any()) for layer in engine.module.children() if isinstance(layer, torch.nn.Linear)]
    assert learned == [True, False]


def test_outputs_that_all_count_nothing_are_refused():
    with pytest.raises(TrainingError, match="nothing to learn"):
        heads(with_losses({"loss_weight": 0.0}, {"loss_weight": 0.0}))
    with pytest.raises(TrainingError, match="no loss called"):
        heads(with_losses({"loss": {"name": "word"}}, {}))


@pytest.mark.parametrize("threads", [1, 2])
def test_an_epoch_tells_the_own_loss_and_accuracy_of_every_output(threads: int) -> None:
    data = images()
    graph = with_losses({"loss": "cross-entropy"}, {"loss": {"name": "focal", "gamma": 2.0}, "loss_weight": 0.3})
    engine = Engine(graph, data, recipe(epochs=2, batch_size=50, optimizer={"name": "sgd", "learning_rate": 1e-12}, threads=threads))
    epochs = of(EpochDone, list(engine.run()))
    one, two = epochs[-1].outputs
    assert [one.name, two.name] == [node.name for node in graph.nodes.values() if node.layer == "output"]
    assert epochs[-1].train_loss == pytest.approx(one.train_loss + 0.3 * two.train_loss, rel=1e-5)
    assert epochs[-1].validation_loss == pytest.approx(one.validation_loss + 0.3 * two.validation_loss, rel=1e-5)
    assert epochs[-1].train_accuracy == one.train_accuracy
    for part, losses in ((data.train, (one.train_loss, two.train_loss)), (data.validation, (one.validation_loss, two.validation_loss))):
        x, y = (torch.tensor(part.inputs) / 255 - 0.3) / 0.3, torch.tensor(part.targets)
        with torch.no_grad():
            scores = engine.module(x)
        cross = torch.nn.functional.cross_entropy(scores[0], y)
        log = torch.log_softmax(scores[1], 1).gather(1, y[:, None])[:, 0]
        assert losses == pytest.approx((cross.item(), (-((1 - log.exp()) ** 2) * log).mean().item()), rel=1e-4)
        right = (scores[1].argmax(1) == y).double().mean().item()
        assert (two.train_accuracy if part is data.train else two.validation_accuracy) == pytest.approx(right)


def test_a_single_output_needs_no_figures_of_its_own() -> None:
    assert of(EpochDone, list(Engine(small_cnn(), images(), recipe(epochs=1)).run()))[0].outputs == ()


def test_outputs_that_answer_with_values_have_losses_and_no_accuracies() -> None:
    build = Builder()
    trunk = build.add("input", shape=(2,))
    for _ in range(2):
        build.add("output", build.add("linear", trunk, out_features=1), task="values")
    (done,) = of(EpochDone, list(Engine(build.graph(), values(), recipe(epochs=1)).run()))
    assert [own.train_accuracy for own in done.outputs] == [None, None]
    assert done.train_loss == pytest.approx(sum(own.train_loss for own in done.outputs))


def test_what_outputs_have_lost_is_kept_through_a_resume(tmp_path: Path) -> None:
    graph, data, wanted = with_losses({}, {"loss_weight": 0.5}), images(), recipe(epochs=1, batch_size=20)
    whole = of(EpochDone, list(Engine(graph, data, wanted, tmp_path / "whole").run()))[0]
    engine = Engine(graph, data, wanted, tmp_path / "parts")
    engine.single_step = True
    events = engine.run()
    for event in events:
        if isinstance(event, StepsLogged) and event.step == 3:
            break
    events.close()
    parts = of(EpochDone, list(Engine(graph, data, wanted, tmp_path / "parts", resume=tmp_path / "parts").run()))[0]
    assert parts.outputs == whole.outputs
