"""Races of optimizers over surfaces."""

from __future__ import annotations

import numpy as np
import pytest

from netbuilder.train.errors import TrainingError
from netbuilder.train.optimizers import OPTIMIZERS
from netbuilder.train.playground import SURFACES, Race, contenders, race

PLAIN = {"name": "sgd", "learning_rate": 0.2, "momentum": 0.0, "weight_decay": 0.0}


def test_x_squared_from_two_by_steps_of_a_fifth() -> None:
    steps = list(race(SURFACES["parabola"], (OPTIMIZERS.read(PLAIN),), (2.0,), 4))
    assert [position.points[0][0] for position in steps] == pytest.approx([2.0, 1.2, 0.72, 0.432, 0.2592])
    assert steps[1].heights[0] == pytest.approx(1.44)


@pytest.mark.parametrize("name", SURFACES)
def test_surfaces_have_their_minima_and_slopes(name: str) -> None:
    surface = SURFACES[name]
    for minimum in surface.minima:
        assert np.linalg.norm(surface.gradient(minimum)) < 1e-3
    at, small = np.array(surface.start), 1e-6
    for axis, slope in enumerate(surface.gradient(surface.start)):
        move = small * np.eye(len(at))[axis]
        assert slope == pytest.approx((surface.function(*(at + move)) - surface.function(*(at - move))) / (2 * small), rel=1e-4, abs=1e-4)
    grid = surface.values(*(np.linspace(*window, 5 + n) for n, window in enumerate(surface.window)))
    assert grid.shape == ((5,) if len(at) == 1 else (6, 5))


def test_all_optimizers_race_from_one_start() -> None:
    racers = tuple(OPTIMIZERS.read(name) for name in OPTIMIZERS.all())
    first, *_, last = race(SURFACES["bowl"], racers, steps=5)
    assert set(first.points) == {(1.6, 1.2)}
    assert all(end < begin for begin, end in zip(first.heights, last.heights, strict=True))


def test_a_start_of_other_dimensions_is_refused() -> None:
    with pytest.raises(TrainingError, match="2 coordinates"):
        next(race(SURFACES["saddle"], (), (1.0,)))


@pytest.mark.parametrize("name", SURFACES)
def test_every_contender_gets_down_at_its_rate(name: str) -> None:
    surface = SURFACES[name]
    found = contenders(surface)
    assert {"sgd", "momentum", "nesterov", "adam", "lbfgs"} <= found.keys()
    first, *_, last = race(surface, tuple(optimizer for _, optimizer in found.values()), steps=60)
    worse = [key for key, begin, end in zip(found, first.heights, last.heights, strict=True) if not end < begin]
    assert not worse


def test_a_race_goes_forth_and_back() -> None:
    here = Race(SURFACES["parabola"], (OPTIMIZERS.read(PLAIN),), (2.0,), steps=2)
    assert [here.forth(), here.forth(), here.forth()] == [True, True, False]
    assert here.positions.points[0][0] == pytest.approx(0.72)
    here.back()
    assert here.positions.points[0][0] == pytest.approx(1.2)
    assert here.forth()
    assert [each.step for each in here.seen] == [0, 1, 2]
