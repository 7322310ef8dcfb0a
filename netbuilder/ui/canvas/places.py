"""Which rectangles lie near a place: a grid of buckets, so that a question costs what it finds, not what exists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from math import floor
from typing import Generic, TypeVar

from PySide6.QtCore import QRectF

_CELL = 512.0

Key = TypeVar("Key", bound=Hashable)


class Places(Generic[Key]):
    """Keys by the cells that their rectangles cover."""

    def __init__(self) -> None:
        self._cells: defaultdict[tuple[int, int], set[Key]] = defaultdict(set)
        self._covered: dict[Key, tuple[int, int, int, int]] = {}

    def put(self, key: Key, rect: QRectF) -> None:
        """Remember, or move, a key."""
        covered = _cover(rect)
        before = self._covered.get(key)
        if before == covered:
            return
        if before is not None:
            self.drop(key)
        self._covered[key] = covered
        for cell in _cells(covered):
            self._cells[cell].add(key)

    def drop(self, key: Key) -> None:
        """Forget a key."""
        for cell in _cells(self._covered.pop(key, (0, 0, -1, -1))):
            keys = self._cells[cell]
            keys.discard(key)
            if not keys:
                del self._cells[cell]

    def near(self, rect: QRectF) -> set[Key]:
        """Every key whose rectangle may touch this one."""
        return set().union(*self._filled(rect))

    def crowd(self, rect: QRectF) -> int:
        """About how many lie near, those on a border counted more than once."""
        return sum(map(len, self._filled(rect)))

    def _filled(self, rect: QRectF) -> list[set[Key]]:
        left, top, right, bottom = covered = _cover(rect)
        if (right - left + 1) * (bottom - top + 1) >= len(self._cells):
            return [keys for (x, y), keys in self._cells.items() if left <= x <= right and top <= y <= bottom]
        return [self._cells[cell] for cell in _cells(covered) if cell in self._cells]


def _cover(rect: QRectF) -> tuple[int, int, int, int]:
    sides: tuple[float, float, float, float] = rect.getCoords()  # type: ignore[assignment]
    left, top, right, bottom = sides
    return floor(left / _CELL), floor(top / _CELL), floor(right / _CELL), floor(bottom / _CELL)


def _cells(covered: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    left, top, right, bottom = covered
    return [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]
