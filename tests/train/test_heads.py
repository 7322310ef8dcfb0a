"""Several outputs, each with a loss and a weight of its own."""

from __future__ import annotations

import pytest
import torch

from netbuilder.core.edits import compound, set_setting
from netbuilder.core.graph import Graph
from netbuilder.train.engine import Engine
from netbuilder.train.errors import TrainingError
from netbuilder.train.evaluate import evaluate
from netbuilder.train.events import Started
from netbuilder.train.heads import heads
from netbuilder.train.losses import LOSSES
from tests.train.material import images, of, recipe, two_heads


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
