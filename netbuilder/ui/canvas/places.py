"""Which rectangles lie near a place: a grid of buckets, so that a question costs what it finds, not what exists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable
from math import floor
from typing import Generic, TypeVar

from PySide6.QtCore import QRectF

_CELL = 512.0

Key = TypeVar("Key", bound=Hashable)


class Places(Generic[Key]):
    """Keys by the cells that their rectangles cover; `where` is asked for a rectangle when a question needs it, not before."""

    def __init__(self, where: Callable[[Key], QRectF]) -> None:
        self._where = where
        self._stirred: set[Key] = set()
        self._cells: defaultdict[tuple[int, int], set[Key]] = defaultdict(set)
        self._covered: dict[Key, tuple[int, int, int, int]] = {}

    def stir(self, key: Key) -> None:
        """A key has come, or its rectangle may differ."""
        self._stirred.add(key)

    def drop(self, key: Key) -> None:
        """Forget a key."""
        self._stirred.discard(key)
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

    def _settle(self) -> None:
        """Put every stirred key where it is."""
        stirred, self._stirred = self._stirred, set()
        for key in stirred:
            covered, before = _cover(self._where(key)), self._covered.get(key)
            if before != covered:
                if before is not None:
                    self.drop(key)
                self._covered[key] = covered
                for cell in _cells(covered):
                    self._cells[cell].add(key)

    def _filled(self, rect: QRectF) -> list[set[Key]]:
        self._settle()
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
    if left == right and top == bottom:
        return [(left, top)]
    return [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]
