from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.optim import lr_scheduler

from netbuilder.train.recipe import Recipe
from netbuilder.train.schedules import Cosine, Memory, Plateau, Step, preview

RATE = 0.5


def optimizer():
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=RATE)


def rate(schedule, step, steps_per_epoch, epochs, memory=None):
    return RATE * schedule.factor(step, steps_per_epoch, epochs, memory or Memory())


def test_cosine_follows_torch_in_every_step():
    theirs = optimizer()
    torchs = lr_scheduler.CosineAnnealingLR(theirs, T_max=4 * 7, eta_min=0.1 * RATE)
    for step in range(28):
        assert rate(Cosine(minimum=0.1), step, 7, 4) == pytest.approx(theirs.param_groups[0]["lr"], rel=1e-9)
        theirs.step()
        torchs.step()


def test_step_follows_torch_in_every_epoch():
    theirs = optimizer()
    torchs = lr_scheduler.StepLR(theirs, step_size=3, gamma=0.3)
    for epoch in range(10):
        for step in range(5):
            assert rate(Step(every=3, gamma=0.3), 5 * epoch + step, 5, 10) == pytest.approx(theirs.param_groups[0]["lr"], rel=1e-9)
        theirs.step()
        torchs.step()


@given(
    st.lists(st.floats(0.01, 10), min_size=1, max_size=40),
    st.integers(0, 4),
    st.integers(0, 3),
    st.floats(0, 0.2),
)
def test_plateau_follows_torch(found, patience, cooldown, threshold):
    theirs = optimizer()
    torchs = lr_scheduler.ReduceLROnPlateau(theirs, factor=0.5, patience=patience, cooldown=cooldown, threshold=threshold, eps=0)
    ours, memory = Plateau(gamma=0.5, patience=patience, cooldown=cooldown, threshold=threshold), Memory()
    for loss in found:
        torchs.step(loss)
        memory = ours.after_epoch(memory, loss)
        assert rate(ours, 0, 1, 1, memory) == pytest.approx(theirs.param_groups[0]["lr"], rel=1e-9)


def test_warm_up_rises_to_the_full_rate_and_then_falls():
    rates = [rate(Cosine(warmup=2), step, 10, 6) for step in range(60)]
    assert rates[:20] == sorted(rates[:20])
    assert rates[20] == pytest.approx(RATE)
    assert rates[20:] == sorted(rates[20:], reverse=True)


@pytest.mark.parametrize("name", ["constant", "step", "cosine", "plateau"])
def test_preview_shows_the_rates_of_the_run(name):
    recipe = Recipe.read({"schedule": name, "epochs": 7, "optimizer": {"name": "adam", "learning_rate": 0.2}})
    shown = preview(recipe, 30)
    assert len(shown) == 210
    assert shown[0] == pytest.approx(0.2)
    assert all(shown[step] == pytest.approx(0.2 * recipe.schedule.factor(step, 30, 7, Memory())) for step in (1, 99, 209))


def test_preview_of_an_endless_run_is_short():
    shown = preview(Recipe.read({"epochs": 100_000}), 10_000, points=300)
    assert len(shown) == 300
    assert math.isclose(shown[-1], 0.0, abs_tol=1e-9)
