"""Optimizers racing over a surface of one or two dimensions, step by step, for pictures of what they do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netbuilder.train.errors import TrainingError
from netbuilder.train.optimizers import OPTIMIZERS, Optimizer

Point = tuple[float, ...]


@dataclass(frozen=True)
class Surface:
    """A function of one or two coordinates that works on NumPy arrays and torch tensors alike; `window` is (low, high) for each.

    `rate` is a learning rate with which gradient descent gets along from the start.
    """

    name: str
    title: str
    formula: str
    function: Callable[..., Any]
    window: tuple[tuple[float, float], ...]
    start: Point
    minima: tuple[Point, ...] = ()
    rate: float = 0.1

    def values(self, *axes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Heights over a grid: one axis gives (n,), two give (rows along the second, columns along the first)."""
        found: NDArray[np.float64] = np.asarray(self.function(*np.meshgrid(*axes)), dtype=np.float64)
        return found.reshape(tuple(len(axis) for axis in reversed(axes)))

    def gradient(self, point: Point) -> Point:
        """The slope at a point, by torch."""
        import torch

        at = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in point]
        slopes = torch.autograd.grad(self.function(*at), at, allow_unused=True)
        return tuple(0.0 if slope is None else float(slope) for slope in slopes)


def _beale(x: Any, y: Any) -> Any:
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


_HIMMELBLAU = ((3.0, 2.0), (-2.805118, 3.131312), (-3.779310, -3.283186), (3.584428, -1.848126))
_SQUARE = ((-2.0, 2.0), (-2.0, 2.0))
SURFACES: Mapping[str, Surface] = {
    surface.name: surface
    for surface in (
        Surface("parabola", "Parabola", "x²", lambda x: x**2, ((-2.5, 2.5),), (2.0,), ((0.0,),), 0.2),
        Surface(
            "two-valleys", "Two valleys", "x⁴ − 2x² + x/2", lambda x: x**4 - 2 * x**2 + x / 2, ((-1.8, 1.8),), (1.6,), ((-1.057454,),), 0.02
        ),
        Surface("bowl", "Bowl", "x² + y²", lambda x, y: x**2 + y**2, _SQUARE, (1.6, 1.2), ((0.0, 0.0),)),
        Surface(
            "ravine", "Ravine", "x²/20 + y²", lambda x, y: x**2 / 20 + y**2, ((-10.0, 10.0), (-3.0, 3.0)), (-8.0, 2.0), ((0.0, 0.0),), 0.9
        ),
        Surface("saddle", "Saddle", "x² − y²", lambda x, y: x**2 - y**2, _SQUARE, (1.6, 0.001), rate=0.05),
        Surface(
            "rosenbrock",
            "Rosenbrock's valley",
            "(1 − x)² + 100·(y − x²)²",
            lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
            ((-2.0, 2.0), (-1.0, 3.0)),
            (-1.2, 1.0),
            ((1.0, 1.0),),
            0.001,
        ),
        Surface(
            "beale", "Beale", "(1.5 − x + xy)² + (2.25 − x + xy²)² + …", _beale, ((-4.5, 4.5), (-4.5, 4.5)), (1.0, 1.5), ((3.0, 0.5),), 0.01
        ),
        Surface(
            "himmelblau",
            "Himmelblau",
            "(x² + y − 11)² + (x + y² − 7)²",
            lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
            ((-5.0, 5.0), (-5.0, 5.0)),
            (0.0, 0.0),
            _HIMMELBLAU,
            0.01,
        ),
    )
}


def contenders(surface: Surface) -> Mapping[str, tuple[str, Optimizer]]:
    """Every optimizer by name with its title, without decay, at a rate that suits the surface; SGD with and without momentum."""
    from msgspec.structs import replace

    width = max(high - low for low, high in surface.window)
    found: dict[str, tuple[str, Optimizer]] = {}
    for name, kind in OPTIMIZERS.all().items():
        plain = kind(**({"weight_decay": 0.0} if "weight_decay" in kind.__struct_fields__ else {}))
        if name == "sgd":
            found["sgd"] = ("Gradient descent", replace(plain, learning_rate=surface.rate, momentum=0.0))
            third = float(f"{surface.rate / 3:.2g}")
            found["momentum"] = ("Momentum 0.9", replace(plain, learning_rate=third, momentum=0.9))
            found["nesterov"] = ("Nesterov 0.9", replace(plain, learning_rate=third, momentum=0.9, nesterov=True))
        else:
            own = {
                "lbfgs": 0.5,
                "radam": surface.rate,
                "adadelta": 20.0,
                "adagrad": width / 10,
                "proximal-adagrad": width / 10,
                "ftrl": width / 5,
            }
            found[name] = (kind.about.title, replace(plain, learning_rate=own.get(name, width / 100)))
    return found


@dataclass(frozen=True)
class Positions:
    """Where the racers stand after `step` steps, and how high; one that left all numbers behind stays `inf` or `nan`."""

    step: int
    points: tuple[Point, ...]
    heights: tuple[float, ...]


def race(surface: Surface, optimizers: tuple[Optimizer, ...], start: Point | None = None, steps: int = 100) -> Iterator[Positions]:
    """Yield the start and then every step of all optimizers from there; raises `TrainingError` for a start of other dimensions."""
    import torch

    begin = surface.start if start is None else start
    if len(begin) != len(surface.window):
        text = f"“{surface.title}” has {len(surface.window)} coordinates, but the start has {len(begin)}."
        raise TrainingError(text, place="start", remedy="Give one number for each coordinate.")
    racers = [[torch.nn.Parameter(torch.tensor(value, dtype=torch.float64)) for value in begin] for _ in optimizers]
    made = [optimizer.build(racer, torch.device("cpu")) for optimizer, racer in zip(optimizers, racers, strict=True)]
    for step in range(steps + 1):
        heights = [surface.function(*racer) for racer in racers]
        points = tuple(tuple(float(at.detach()) for at in racer) for racer in racers)
        yield Positions(step, points, tuple(float(height.detach()) for height in heights))
        for height, optimizer in zip(heights, made, strict=True):
            optimizer.zero_grad()
            height.backward()
            optimizer.step()


class Race:
    """A race that goes forth and back; nothing is computed twice."""

    def __init__(self, surface: Surface, optimizers: tuple[Optimizer, ...], start: Point | None = None, steps: int = 5000) -> None:
        self._ahead = race(surface, optimizers, start, steps)
        self._steps = [next(self._ahead)]
        self._at = 0

    @property
    def positions(self) -> Positions:
        """Where the racers stand."""
        return self._steps[self._at]

    @property
    def seen(self) -> list[Positions]:
        """Everything from the start up to where they stand."""
        return self._steps[: self._at + 1]

    def forth(self) -> bool:
        """One step of all racers; false at the end of the race."""
        if self._at + 1 == len(self._steps):
            found = next(self._ahead, None)
            if found is None:
                return False
            self._steps.append(found)
        self._at += 1
        return True

    def back(self) -> None:
        """One step back; not beyond the start."""
        self._at = max(0, self._at - 1)
