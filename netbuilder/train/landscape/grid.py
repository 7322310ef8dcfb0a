"""Heights of the loss along a line or over a plane, coarse first and finer by and by, so that a picture can grow."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from netbuilder.train.errors import TrainingError
from netbuilder.train.landscape.ground import Ground
from netbuilder.train.landscape.plane import Plane

Floats = NDArray[np.float64]
STRIDES = (8, 4, 2, 1)
"""Distances between the places that are looked at first, then, and at last; places along an axis are a multiple of 8, and one."""
WIDEST = 1e6


@dataclass(frozen=True)
class Height:
    """Loss and share of wrong answers (`None` without classes) at one place of a grid; either may be no finite number."""

    row: int
    column: int
    loss: float
    error: float | None


@dataclass
class Landscape:
    """Heights over a grid, of which `done` are known; not a number elsewhere. Rows go along the second axis; `y` is one 0 along a line.

    One thread may `put` heights in while another takes a `copy`; the arrays of one that grows are for that thread alone.
    """

    plane: Plane
    x: Floats
    y: Floats
    losses: Floats = field(init=False)
    errors: Floats = field(init=False)
    seen: NDArray[np.bool_] = field(init=False)
    done: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False)

    def __post_init__(self) -> None:
        shape = (len(self.y), len(self.x))
        self.losses, self.errors, self.seen = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape, bool)

    @property
    def flat(self) -> bool:
        """Whether it is a line."""
        return len(self.plane.axes) == 1

    @property
    def total(self) -> int:
        """Places of the grid."""
        return self.seen.size

    def put(self, height: Height) -> None:
        """Take a height in."""
        at = height.row, height.column
        with self._lock:
            self.losses[at], self.errors[at] = height.loss, np.nan if height.error is None else height.error
            self.done += not self.seen[at]
            self.seen[at] = True

    def copy(self) -> Landscape:
        """What is known now, which does not grow."""
        with self._lock:
            found = Landscape(self.plane, self.x, self.y)
            found.losses, found.errors, found.seen, found.done = self.losses.copy(), self.errors.copy(), self.seen.copy(), self.done
            return found

    def filled(self, *, error: bool = False) -> Floats:
        """Heights everywhere: straight lines between the known ones, and as long as few are known the nearest of them."""
        known, found = self.errors if error else self.losses, np.full(self.seen.shape, np.nan)
        for stride in STRIDES:
            if self.seen[::stride, ::stride].all():
                found = finer(known[::stride, ::stride], stride)
            elif stride == STRIDES[0]:
                rows, columns = (np.rint(np.arange(n) / stride).astype(int) * stride for n in self.seen.shape)
                seen = self.seen[np.ix_(rows, columns)]
                found[seen] = known[np.ix_(rows, columns)][seen]
        found[self.seen] = known[self.seen]
        return found

    def csv(self) -> str:
        """Every known place: coordinates, loss, and the share of wrong answers where there is one."""
        axes = ["x"] if self.flat else ["x", "y"]
        wrong = bool(np.isfinite(self.errors).any())
        lines = [",".join([*axes, "loss", *(["error"] if wrong else [])])]
        for row, column in np.argwhere(self.seen):
            numbers = [self.x[column], *([] if self.flat else [self.y[row]]), self.losses[row, column]]
            lines.append(",".join(f"{value:.9g}" for value in [*numbers, *([self.errors[row, column]] if wrong else [])]))
        return "\n".join(lines) + "\n"


def landscape(plane: Plane, places: int, reach: float = 1.0) -> Landscape:
    """An empty grid of `places` along each axis, from −`reach` to `reach` unless the plane has a window of its own.

    `places` is raised to the next multiple of 8, and one, so that the middle is one of them. Raises `TrainingError` for a bad reach.
    """
    if not math.isfinite(reach) or not 0 < reach <= WIDEST:
        text = f"A range of {reach:g} leaves nothing to draw." if math.isfinite(reach) else "The range is no number."
        raise TrainingError(text, place="range", remedy=f"Choose one above 0, up to {WIDEST:g}; 1 is as far as the weights are long.")
    count = 8 * max(1, math.ceil((places - 1) / 8)) + 1
    ends = plane.window or ((-reach, reach),) * len(plane.axes)
    axes = [np.linspace(low, high, count) for low, high in ends]
    return Landscape(plane, axes[0], axes[1] if len(axes) > 1 else np.zeros(1))


def finer(values: Floats, factor: int) -> Floats:
    """The same heights with `factor` steps from each place to the next, in straight lines."""
    rows, columns = (np.linspace(0, n - 1, (n - 1) * factor + 1) for n in values.shape)
    wide = np.array([np.interp(columns, np.arange(values.shape[1]), row) for row in values])
    return np.array([np.interp(rows, np.arange(values.shape[0]), column) for column in wide.T]).T


def explore(ground: Ground, chart: Landscape) -> Iterator[Height | None]:
    """Yield the height of every place of a grid, coarse first; `None` in between where one place takes long."""
    for row, column in _order(*chart.seen.shape):
        place = (chart.x[column],) if chart.flat else (chart.x[column], chart.y[row])
        steps = ground.at(chart.plane.at(*map(float, place)))
        while True:
            try:
                next(steps)
            except StopIteration as finished:
                found = finished.value
                break
            yield None
        yield Height(row, column, found.loss, None if found.accuracy is None else 1.0 - found.accuracy)


def _order(rows: int, columns: int) -> Iterator[tuple[int, int]]:
    told = np.zeros((rows, columns), bool)
    for stride in STRIDES:
        for row in range(0, rows, stride):
            for column in range(0, columns, stride):
                if not told[row, column]:
                    told[row, column] = True
                    yield row, column
