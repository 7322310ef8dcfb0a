"""Handles lie on the curve, and the curve follows them."""

from __future__ import annotations

from math import isfinite

import pytest

from netbuilder.train.recipe import Recipe
from netbuilder.train.schedule_handles import handles, moved, with_point, without_point
from netbuilder.train.schedules import SCHEDULES, Drawn, Memory

STEPS = 200
WARM = [name for name in SCHEDULES.all() if name not in ("one-cycle", "drawn")]


def recipe(schedule: str, **more: object) -> Recipe:
    return Recipe.read({"schedule": schedule, "optimizer": {"name": "sgd", "learning_rate": 0.1}, "epochs": 20, **more})  # type: ignore[dict-item]


def rate(of: Recipe, epoch: float) -> float:
    return of.rate(min(round(epoch * STEPS), of.epochs * STEPS - 1), STEPS, Memory())


def changed(of: Recipe, changes: dict) -> Recipe:
    return Recipe.read({**of.settings(), **changes})


@pytest.mark.parametrize("name", SCHEDULES.all())
@pytest.mark.parametrize("warmup", [0.0, 4.0])
def test_every_schedule_has_handles_on_its_curve(name: str, warmup: float) -> None:
    of = recipe(name, warmup=0.0 if name in ("one-cycle", "drawn") else warmup)
    found = handles(of)
    assert found
    for handle in found:
        assert rate(of, handle.epoch) == pytest.approx(handle.rate, abs=0.002), handle


@pytest.mark.parametrize("name", SCHEDULES.all())
def test_moving_a_handle_takes_the_curve_along(name: str) -> None:
    of = recipe(name)
    for handle in handles(of):
        target = max(handle.rate * 0.7, 0.01)
        after = changed(of, moved(of, handle.name, handle.epoch, target))
        again = next(each for each in handles(after) if each.name == handle.name)
        assert again.rate == pytest.approx(target, rel=0.02), handle
        assert again.epoch == pytest.approx(handle.epoch, abs=0.1)


@pytest.mark.parametrize("name", WARM)
def test_the_first_handle_sets_rate_and_warm_up(name: str) -> None:
    of = recipe(name)
    after = changed(of, moved(of, "rate", 3.0, 0.05))
    assert after.warmup == 3.0
    assert rate(after, 0) < rate(after, 2.9)
    assert handles(after)[0].epoch == 3.0


def test_a_step_is_dragged_in_both_directions() -> None:
    after = changed(recipe("step"), moved(recipe("step"), "cut", 4.2, 0.05))
    assert after.schedule.settings() == {"name": "step", "every": 4, "gamma": 0.5}


def test_points_of_a_drawn_curve_keep_their_order() -> None:
    of = recipe("drawn")
    more = changed(of, with_point(of, 10.0, 0.02))
    assert isinstance(more.schedule, Drawn)
    assert more.schedule.times == (0.0, 0.2, 0.5, 1.0)
    assert more.schedule.factors[2] == pytest.approx(0.2)
    far = changed(more, moved(more, "point1", 19.0, 0.1))
    assert isinstance(far.schedule, Drawn)
    assert far.schedule.times[1] == pytest.approx(0.499)
    fewer = changed(far, without_point(far, "point1"))
    assert isinstance(fewer.schedule, Drawn)
    assert fewer.schedule.times == (0.0, 0.5, 1.0)
    assert with_point(recipe("cosine"), 1, 0.1) == {}
    assert without_point(recipe("cosine"), "rate") == {}


@pytest.mark.parametrize("name", SCHEDULES.all())
@pytest.mark.parametrize("place", [(-5.0, -1.0), (1e9, 1e9), (0.0, 0.0)])
def test_no_place_is_too_far(name: str, place: tuple[float, float]) -> None:
    of = recipe(name)
    for handle in handles(of):
        there = changed(of, moved(of, handle.name, *place))
        assert [kept.name for kept in handles(there)] == [kept.name for kept in handles(of)]
        assert all(0 <= kept.epoch <= of.epochs and isfinite(kept.rate) for kept in handles(there))
