"""Learning-rate schedules follow torch's, step by step, and their previews show the rates of the run."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.optim import lr_scheduler

from netbuilder.train.errors import RecipeError
from netbuilder.train.recipe import Recipe
from netbuilder.train.schedules import SCHEDULES, Cosine, Memory, Plateau, Step, curve, preview

RATE = 0.5


def optimizer():
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=RATE)


def rate(schedule, step, steps_per_epoch, epochs, memory=None):
    return RATE * schedule.multiplier(step, steps_per_epoch, epochs, memory or Memory())


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
    ours, memory = Plateau(factor=0.5, patience=patience, cooldown=cooldown, threshold=threshold), Memory()
    for loss in found:
        torchs.step(loss)
        memory = ours.after_epoch(memory, loss)
        assert rate(ours, 0, 1, 1, memory) == pytest.approx(theirs.param_groups[0]["lr"], rel=1e-9)


def test_warm_up_rises_to_the_full_rate_and_then_falls():
    rates = [rate(Cosine(warmup=2), step, 10, 6) for step in range(60)]
    assert rates[:20] == sorted(rates[:20])
    assert rates[20] == pytest.approx(RATE)
    assert rates[20:] == sorted(rates[20:], reverse=True)


@pytest.mark.parametrize("name", [name for name in SCHEDULES.all() if name not in ("one-cycle", "drawn")])
def test_preview_shows_the_rates_of_the_run(name):
    recipe = Recipe.read({"schedule": name, "epochs": 7, "optimizer": {"name": "adam", "learning_rate": 0.2}})
    shown = preview(recipe, 30)
    assert len(shown) == 210
    assert shown[0] == pytest.approx(0.2)
    assert all(shown[step] == pytest.approx(0.2 * recipe.schedule.multiplier(step, 30, 7, Memory())) for step in (1, 99, 209))


def test_preview_of_an_endless_run_is_short():
    shown = preview(Recipe.read({"epochs": 100_000}), 10_000, points=300)
    assert len(shown) == 300
    assert math.isclose(shown[-1], 0.0, abs_tol=1e-9)


TORCHS = {
    "linear": ({"end": 0.2}, lambda theirs: lr_scheduler.LinearLR(theirs, 1.0, 0.2, 60)),
    "polynomial": ({"power": 3.0}, lambda theirs: lr_scheduler.PolynomialLR(theirs, 60, 3.0)),
    "exponential": ({"gamma": 0.9**10, "smooth": True}, lambda theirs: lr_scheduler.ExponentialLR(theirs, 0.9)),
    "one-cycle": ({"rise": 0.4}, lambda theirs: lr_scheduler.OneCycleLR(theirs, RATE, 60, pct_start=0.4)),
    "inverse": ({"decay": 2.0}, lambda theirs: lr_scheduler.LambdaLR(theirs, lambda k: 1 / (1 + 2.0 * k / 10))),
    "constant": ({}, lambda theirs: lr_scheduler.ConstantLR(theirs, 1.0)),
}


@pytest.mark.parametrize("name", TORCHS)
def test_schedules_follow_torch_in_every_step(name):
    settings, kind = TORCHS[name]
    theirs = optimizer()
    torchs = kind(theirs)
    schedule = SCHEDULES.read({"name": name, **settings})
    for step in range(60):
        assert rate(schedule, step, 10, 6) == pytest.approx(theirs.param_groups[0]["lr"], rel=1e-6, abs=1e-12)
        theirs.step()
        if step < 59:
            torchs.step()


def test_every_schedule_is_tested():
    assert {*TORCHS, "cosine", "step", "plateau", "drawn"} == set(SCHEDULES.all())


def test_a_drawn_schedule_passes_through_its_points():
    drawn = SCHEDULES.read({"name": "drawn", "times": [0.0, 0.5, 0.75], "factors": [0.0, 1.0, 0.5]})
    assert [rate(drawn, step, 10, 4) for step in (0, 10, 20, 25, 30, 39)] == pytest.approx([0.0, 0.25, 0.5, 0.375, 0.25, 0.25])


@pytest.mark.parametrize(("times", "place"), [([0.0, 1.0, 0.5], "schedule.times"), ([0.0, 1.0], "schedule.factors")])
def test_a_drawn_schedule_without_sense_is_refused(times, place):
    with pytest.raises(RecipeError) as caught:
        SCHEDULES.read({"name": "drawn", "times": times})
    assert caught.value.place == place


def test_any_schedule_can_warm_up():
    recipe = Recipe.read(
        {"schedule": {"name": "exponential", "gamma": 0.5}, "warmup": 1, "epochs": 3, "optimizer": {"name": "sgd", "learning_rate": 0.4}}
    )
    epochs, rates = curve(recipe, 4)
    assert rates == pytest.approx([0.08, 0.16, 0.24, 0.32, *[0.2] * 4, *[0.1] * 4])
    assert epochs == pytest.approx([step / 4 for step in range(12)])


def test_the_old_name_of_a_setting_is_still_understood():
    old = SCHEDULES.read({"name": "plateau", "gamma": 0.3, "patience": 2})
    assert old == Plateau(factor=0.3, patience=2)
    assert old.settings() == {"name": "plateau", "factor": 0.3, "patience": 2, "threshold": 1e-4, "cooldown": 0}
    with pytest.raises(RecipeError, match="gamma"):
        SCHEDULES.read({"name": "plateau", "gamma": 0.3, "factor": 0.4})
