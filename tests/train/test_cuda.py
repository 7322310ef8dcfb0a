"""The captured step against its plain twin."""

from __future__ import annotations

import pytest
import torch

from netbuilder.train import setup
from netbuilder.train.engine import Engine
from netbuilder.train.events import EpochDone, Warned
from netbuilder.train.stepper import CapturedStepper, PlainStepper
from tests.train.material import images, linear, losses, of, recipe, small_cnn, stepwise, two_heads, values

pytestmark = [pytest.mark.cuda, pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")]


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adamw", "rmsprop"])
def test_captured_and_plain_steps_agree(monkeypatch, optimizer):
    found = []
    for kind in (CapturedStepper, PlainStepper):
        monkeypatch.setattr(setup, "stepper", kind)
        events = list(stepwise(Engine(small_cnn(norm=True), images(), recipe(device="cuda", optimizer=optimizer))))
        assert not of(Warned, events)
        found.append(losses(events))
    assert found[0] == pytest.approx(found[1], rel=1e-2, abs=1e-3)


def test_divergence_leaves_finite_weights():
    wild = {"name": "sgd", "learning_rate": 1000.0, "momentum": 0.9}
    engine = Engine(linear(), values(), recipe(device="cuda", optimizer=wild, schedule="constant", epochs=60))
    events = list(engine.run())
    assert events[-1].reason == "diverged"
    assert all(bool(torch.isfinite(tensor).all()) for tensor in engine.module.state_dict().values())


def test_every_output_is_told_alike_by_captured_and_plain_steps(monkeypatch):
    found = []
    for kind in (CapturedStepper, PlainStepper):
        monkeypatch.setattr(setup, "stepper", kind)
        events = list(Engine(two_heads(), images(), recipe(device="cuda", epochs=3)).run())
        assert not of(Warned, events)
        found.append([own.train_loss for done in of(EpochDone, events) for own in done.outputs])
    assert len(found[0]) == 6
    assert found[0] == pytest.approx(found[1], rel=1e-2, abs=1e-3)
