"""Batches that several threads learn in shares give the gradients of the whole batch."""

from __future__ import annotations

import pytest
import torch

from netbuilder.data.feeder import Feeder
from netbuilder.net.compiler import compile_graph
from netbuilder.train import setup
from netbuilder.train.engine import Engine
from netbuilder.train.events import EpochDone
from netbuilder.train.losses import Auto
from netbuilder.train.objective import Objective
from netbuilder.train.speed.shards import Shards, divisible
from netbuilder.train.speed.tuning import Execution
from tests.train.material import images, of, recipe, same_weights, small_cnn, two_heads


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("graph", [small_cnn(), two_heads()], ids=["chain", "two heads"])
def test_shares_add_up_to_the_whole_batch(graph, count):
    data, module = images(), compile_graph(graph)
    feeder = Feeder(data.train, data.normalisation, 50)
    objective = Objective.fitting(Auto(), ((3,),) * (2 if "output_2" in graph.by_name else 1), (data.train,))
    index = feeder.indices(1)[0]
    x, target = feeder.gather(index)
    loss, correct = objective(module(x), target)
    loss.backward()
    whole = [parameter.grad.clone() for parameter in module.parameters()]
    shards = Shards(module, objective, feeder.gather, count)
    shared, right = shards.backward(index)
    shards.close()
    torch.testing.assert_close(right, correct)
    torch.testing.assert_close(shared, loss.detach())
    for parameter, gradient in zip(module.parameters(), whole, strict=True):
        torch.testing.assert_close(parameter.grad, gradient, rtol=1e-4, atol=1e-6)


def test_only_networks_without_statistics_and_chance_are_divided():
    x = torch.zeros(4, 1, 8, 8)
    assert divisible(compile_graph(small_cnn()).train(), x)
    assert not divisible(compile_graph(small_cnn(norm=True)).train(), x)
    assert not divisible(compile_graph(small_cnn(dropout=True)).train(), x)


def test_training_in_shares_is_deterministic_and_close_to_the_plain_way(monkeypatch):
    def train(execution):
        monkeypatch.setattr(setup, "choose", lambda *_: execution)
        engine = Engine(small_cnn(), images(), recipe(epochs=2))
        return engine, list(engine.run())

    first, second, plain = (train(Execution(1, False, shards)) for shards in (2, 2, 1))
    assert same_weights(first[0].module, second[0].module)
    ours, theirs = of(EpochDone, first[1])[-1], of(EpochDone, plain[1])[-1]
    assert ours.train_loss == pytest.approx(theirs.train_loss, rel=1e-3)


def test_an_error_in_a_share_is_raised():
    data, module = images(), compile_graph(small_cnn())
    feeder = Feeder(data.train, data.normalisation, 32)
    objective = Objective.fitting(Auto(), ((3,),), (data.train,))

    def gather(index):
        if int(index[0]) >= 16:
            raise RuntimeError("out of memory")
        return feeder.gather(index)

    shards = Shards(module, objective, gather, 2)
    with pytest.raises(RuntimeError, match="out of memory"):
        shards.backward(torch.arange(32))
    shards.close()
