"""Steps that are not finite: the weights stay as they were, and the layer at fault is named."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from netbuilder.core.build import chain
from netbuilder.data.dataset import Dataset
from netbuilder.train.engine import Engine
from netbuilder.train.events import CheckpointSaved, EpochDone, Finished, StepsLogged, Warned
from netbuilder.train.guard import DeviceGuard
from tests.train.material import images, linear, of, part, recipe, small_cnn, stepwise, values

WILD = {"optimizer": {"name": "sgd", "learning_rate": 1000.0, "momentum": 0.9}, "schedule": "constant", "epochs": 60}


def until_the_end(engine):
    """All events, and the weights after every logged step."""
    events, states = [], []
    for event in stepwise(engine):
        events.append(event)
        if isinstance(event, StepsLogged):
            states.append({name: tensor.clone() for name, tensor in engine.module.state_dict().items()})
    return events, states


def test_it_stops_before_the_step_that_would_spoil_the_weights(tmp_path):
    engine = Engine(linear(), values(), recipe(**WILD), tmp_path)
    events, states = until_the_end(engine)
    end = events[-1]
    assert isinstance(end, Finished)
    assert end.reason == "diverged"
    assert len(states) > 2
    for name, tensor in engine.module.state_dict().items():
        assert torch.isfinite(tensor).all()
        assert torch.equal(tensor, states[-1][name])
    assert all(np.isfinite(event.loss) for event in of(StepsLogged, events))


def test_running_statistics_are_those_before_the_bad_batch():
    data = images(count=48)
    inputs = data.train.inputs.astype(np.float32)
    inputs[5] = np.inf
    spoiled = Dataset("bars", part(inputs, data.train.targets), data.validation, data.test, data.classes, data.normalisation)
    engine = Engine(small_cnn(norm=True), spoiled, recipe())
    events, states = until_the_end(engine)
    assert events[-1].reason == "diverged"
    assert "data itself" in events[-1].message
    last = states[-1] if states else {}
    for name, tensor in engine.module.state_dict().items():
        assert torch.isfinite(tensor).all()
        assert name not in last or torch.equal(tensor, last[name])


def test_it_names_the_layer_whose_output_was_first():
    graph = chain(
        [
            ("input", {"shape": (2,)}),
            ("linear", {"out_features": 4}, "first"),
            ("linear", {"out_features": 1}, "second"),
            ("output", {"task": "values"}),
        ]
    )
    engine = Engine(graph, values(), recipe())
    events = stepwise(engine)
    next(events)
    next(events)
    with torch.no_grad():
        engine.module.second.weight.fill_(3e38)
        engine.module.first.weight.fill_(3.0)
    rest = list(events)
    warning = of(Warned, rest)[0]
    assert "“second”" in warning.message
    assert warning.node == graph.by_name["second"].id
    assert "learning rate" in rest[-1].message
    assert not of(EpochDone, rest)


def test_it_names_the_layer_whose_gradient_was_first():
    graph = chain(
        [
            ("input", {"shape": (2,)}),
            ("linear", {"out_features": 4}, "first"),
            ("linear", {"out_features": 1}, "second"),
            ("output", {"task": "values"}),
        ]
    )
    engine = Engine(graph, values(), recipe())
    events = stepwise(engine)
    next(events)
    with torch.no_grad():
        engine.module.first.weight.zero_()
        engine.module.first.bias.zero_()
        engine.module.second.weight.fill_(3e38)
    rest = list(events)
    assert rest[-1].reason == "diverged"
    assert "gradient at “first”" in rest[-1].message


def test_a_diverged_run_keeps_the_checkpoint_of_the_epoch_before(tmp_path):
    from netbuilder.train.checkpointing import checkpoints

    engine = Engine(linear(), values(), recipe(**WILD), tmp_path)
    events = list(engine.run())
    done = of(EpochDone, events)
    assert events[-1].reason == "diverged"
    assert events[-1].epochs_done == len(done)
    assert checkpoints.load(checkpoints.newest(tmp_path)).state["epoch"] == len(done)


@pytest.mark.parametrize("fused", [True, False])
def test_the_device_guard_switches_updates_off_for_good(fused):
    module = torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.BatchNorm1d(1))
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1, momentum=0.9, fused=fused)
    guard = DeviceGuard(module, optimizer, torch.device("cpu"))

    def step(x):
        guard.remember()
        optimizer.zero_grad()
        loss = module(x).square().sum() + module[0].weight.sum()
        loss.backward()
        assert guard.update(loss)
        return guard.counted(loss.detach())

    good = torch.tensor([[1.0, 2.0], [0.5, -1.0], [3.0, 0.0]])
    step(good)
    assert guard.finite()
    kept = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    assert step(good * float("nan")) == 0
    step(good)
    assert not guard.finite()
    for name, tensor in module.state_dict().items():
        assert torch.equal(tensor, kept[name]), name


def test_a_run_that_diverges_in_its_first_epoch_keeps_the_weights_before_that_step(tmp_path):
    from netbuilder.train.checkpointing import checkpoints

    engine = Engine(linear(), values(), recipe(**{**WILD, "epochs": 1, "batch_size": 1}), tmp_path)
    events, states = until_the_end(engine)
    assert events[-1].reason == "diverged"
    assert not of(EpochDone, events)
    (saved,) = of(CheckpointSaved, events)
    assert saved.name == "last"
    kept = checkpoints.load(saved.path)
    assert kept.state["step"] == engine.progress.step > 0
    assert all(torch.equal(tensor, states[-1][name]) for name, tensor in kept.model.items())
