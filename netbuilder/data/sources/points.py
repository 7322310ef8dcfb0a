"""Points in the plane, made up on the spot: small problems whose solution can be seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Literal

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from netbuilder.data.sources.base import Contents, Progress, Samples, Source, declare

Points = tuple[NDArray[np.float64], NDArray[np.int64]]
Pattern = Literal["circle", "xor", "gaussian", "spiral", "moons"]


@declare(
    "points",
    "Points in the plane",
    "Two classes of points in a pattern: a ring, four corners, two clouds, spirals or half-moons.",
    bundled=True,
)
class PlanePoints(Source, frozen=True):
    """`n` points with coordinates of about −1 to 1; noise is a share of that range."""

    shape: Annotated[Pattern, Meta(description="How the two classes lie")] = "circle"
    n: Annotated[int, Meta(ge=10, le=1_000_000, description="Number of points")] = 500
    noise: Annotated[float, Meta(ge=0.0, le=1.0, description="How far points stray, as a share of the range")] = 0.05
    seed: Annotated[int, Meta(ge=0, lt=2**31, description="Another seed, other points")] = 0
    features: Annotated[int, Meta(ge=2, le=64, description="Numbers per point; those after the second say nothing")] = 2

    def read(self, progress: Progress) -> Contents:
        generator = np.random.default_rng(self.seed)
        points, classes = _PATTERNS[self.shape](self.n, generator)
        points = points + generator.normal(0.0, self.noise, points.shape)
        points = np.concatenate([points, generator.uniform(-1.0, 1.0, (self.n, self.features - 2))], 1)
        progress(1, 1)
        return Contents(f"Points: {self.shape}", Samples(points.astype(np.float32), classes), None, ("orange", "blue"))


def _circle(n: int, generator: np.random.Generator) -> Points:
    classes = np.arange(n, dtype=np.int64) % 2
    radius = np.where(classes == 1, generator.uniform(0.0, 0.5, n), generator.uniform(0.7, 1.0, n))
    angle = generator.uniform(0.0, 2 * np.pi, n)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1), classes


def _xor(n: int, generator: np.random.Generator) -> Points:
    points = generator.uniform(0.08, 1.0, (n, 2)) * generator.choice([-1.0, 1.0], (n, 2))
    return points, (points[:, 0] * points[:, 1] > 0).astype(np.int64)


def _gaussian(n: int, generator: np.random.Generator) -> Points:
    classes = np.arange(n, dtype=np.int64) % 2
    return np.where(classes, 0.5, -0.5)[:, None] + generator.normal(0.0, 0.2, (n, 2)), classes


def _spiral(n: int, generator: np.random.Generator) -> Points:
    classes = np.arange(n, dtype=np.int64) % 2
    along = np.sqrt(generator.uniform(0.0, 1.0, n))
    angle = 1.75 * 2 * np.pi * along + np.pi * classes
    return np.stack([along * np.sin(angle), along * np.cos(angle)], 1), classes


def _moons(n: int, generator: np.random.Generator) -> Points:
    classes = np.arange(n, dtype=np.int64) % 2
    angle = generator.uniform(0.0, np.pi, n)
    x = np.where(classes, 1.0 - np.cos(angle), np.cos(angle))
    y = np.where(classes, 0.5 - np.sin(angle), np.sin(angle))
    return np.stack([(x - 0.5) / 1.5, (y - 0.25) / 1.5], 1), classes


_PATTERNS: Mapping[str, Callable[[int, np.random.Generator], Points]] = {
    "circle": _circle,
    "xor": _xor,
    "gaussian": _gaussian,
    "spiral": _spiral,
    "moons": _moons,
}
