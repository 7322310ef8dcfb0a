"""One curve's numbers in bounded memory: however many points arrive, peaks stay and old points keep their share."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LIMIT = 20_000


class Series:
    """Points with rising x. Beyond `limit` points, neighbours are merged into their lowest and highest.

    Every stored pair then stands for `span` points that arrived, old and new alike, so a spike of one step is
    still there after a million. Points that are not finite are left out: a curve cannot go there.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = max(4, limit - limit % 4)
        self._x = np.empty(self._limit)
        self._y = np.empty(self._limit)
        self._size = 0
        self._pending: list[tuple[float, float]] = []
        self._last: tuple[float, float] | None = None
        self._arrays: tuple[Array, Array] | None = None
        self.span = 1

    def __len__(self) -> int:
        return self._size + len(self._pending)

    @property
    def last(self) -> tuple[float, float] | None:
        """The newest point."""
        return self._last

    def append(self, x: float, y: float) -> None:
        """Add a point; x must not go back."""
        if not (math.isfinite(x) and math.isfinite(y)):
            return
        self._last, self._arrays = (x, y), None
        if self.span == 1:
            self._store(x, y)
            return
        self._pending.append((x, y))
        if len(self._pending) == 2 * self.span:
            for point in _extremes(self._pending):
                self._store(*point)
            self._pending.clear()

    def extend(self, points: Iterable[tuple[float, float]]) -> None:
        """Add many points."""
        for x, y in points:
            self.append(x, y)

    def clear(self) -> None:
        """Forget everything."""
        self._size = 0
        self._pending.clear()
        self._last = self._arrays = None
        self.span = 1

    def arrays(self) -> tuple[Array, Array]:
        """All stored points, the newest included; to be read only."""
        if self._arrays is None:
            self._arrays = self._joined()
        return self._arrays

    def _joined(self) -> tuple[Array, Array]:
        extra = _extremes(self._pending) if self._pending else []
        shown = extra[-1] if extra else (self._x[self._size - 1], self._y[self._size - 1]) if self._size else None
        if self._last is not None and shown != self._last:
            extra.append(self._last)
        x = np.concatenate([self._x[: self._size], [p[0] for p in extra]])
        y = np.concatenate([self._y[: self._size], [p[1] for p in extra]])
        return x, y

    def _store(self, x: float, y: float) -> None:
        if self._size == self._limit:
            self._merge()
        self._x[self._size], self._y[self._size] = x, y
        self._size += 1

    def _merge(self) -> None:
        """Halve what is stored: of every four points the lowest and the highest, in their order."""
        y = self._y.reshape(-1, 4)
        picks = np.sort(np.stack([y.argmin(axis=1), y.argmax(axis=1)], axis=1), axis=1)
        picks[picks[:, 0] == picks[:, 1]] = (0, 3)
        places = (picks + 4 * np.arange(len(y))[:, None]).ravel()
        self._size = len(places)
        self._x[: self._size], self._y[: self._size] = self._x[places], self._y[places]
        self.span *= 2


def _extremes(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    low = min(points, key=lambda p: p[1])
    high = max(points, key=lambda p: p[1])
    return sorted({low, high})


def smooth(y: Array, radius: int) -> Array:
    """Centred moving average over `2·radius + 1` points, narrower at both ends; no lag, unlike an exponential one."""
    if radius < 1 or len(y) < 3:
        return y
    sums = np.concatenate([[0.0], np.cumsum(y)])
    places = np.arange(len(y))
    reach = np.minimum(radius, np.minimum(places, len(y) - 1 - places))
    result: Array = (sums[places + reach + 1] - sums[places - reach]) / (2 * reach + 1)
    return result


def thin(x: Array, y: Array, low: float, high: float, columns: int) -> tuple[Array, Array]:
    """The part of a curve between two x, with at most its lowest and highest point per pixel column.

    One neighbour on either side is kept so that lines run to the edge.
    """
    first = max(0, int(np.searchsorted(x, low, "left")) - 1)
    last = min(len(x), int(np.searchsorted(x, high, "right")) + 1)
    x, y = x[first:last], y[first:last]
    if len(x) <= 4 * columns:
        return x, y
    size = -(-len(x) // columns)
    whole = len(x) // size * size
    rows = y[:whole].reshape(-1, size)
    picks = np.sort(np.stack([rows.argmin(axis=1), rows.argmax(axis=1)], axis=1), axis=1)
    places = (picks + size * np.arange(len(rows))[:, None]).ravel()
    rest = y[whole:]
    tail = [whole + int(rest.argmin()), whole + int(rest.argmax())] if len(rest) else []
    places = np.concatenate([[0], places, np.sort(np.array(tail, np.int64)), [len(x) - 1]])
    return x[places], y[places]


def value_at(x: Array, y: Array, where: float) -> float | None:
    """The value of the point nearest to `where`; `None` beyond both ends by more than a hair."""
    if not len(x):
        return None
    place = int(np.clip(np.searchsorted(x, where), 1, len(x) - 1)) if len(x) > 1 else 0
    if place and abs(x[place - 1] - where) <= abs(x[place] - where):
        place -= 1
    slack = 0.02 * max(1e-9, float(x[-1] - x[0])) + 0.5 * float(len(x) == 1)
    return None if where < x[0] - slack or where > x[-1] + slack else float(y[place])
