"""Which rectangles lie near a place: a grid of buckets, so that a question costs what it finds, not what exists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from math import floor
from typing import Generic, TypeVar

from PySide6.QtCore import QRectF

from netbuilder.ui.canvas.geometry import Box, box_of

_CELL = 512.0

Key = TypeVar("Key", bound=Hashable)


class Places(Generic[Key]):
    """Keys by the cells that their rectangles, with a margin, cover; `where` is asked for them when a question needs it, not before."""

    def __init__(self, where: Callable[[Key], Box], margin: float = 0.0) -> None:
        self._where, self._margin = where, margin
        self._stirred: set[Key] = set()
        self._cells: defaultdict[tuple[int, int], set[Key]] = defaultdict(set)
        self._covered: dict[Key, tuple[int, int, int, int]] = {}

    def stir(self, keys: Iterable[Key]) -> None:
        """These have come, or their rectangles may differ."""
        self._stirred.update(keys)

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
        where, margin, places, cells = self._where, self._margin, self._covered, self._cells
        for key in stirred:
            covered = left, top, right, bottom = _cover(where(key), margin)
            before = places.get(key)
            if before == covered:
                continue
            if before is not None:
                self.drop(key)
            places[key] = covered
            for x in range(left, right + 1):
                for y in range(top, bottom + 1):
                    cells[x, y].add(key)

    def _filled(self, rect: QRectF) -> list[set[Key]]:
        self._settle()
        left, top, right, bottom = covered = _cover(box_of(rect))
        if (right - left + 1) * (bottom - top + 1) >= len(self._cells):
            return [keys for (x, y), keys in self._cells.items() if left <= x <= right and top <= y <= bottom]
        return [self._cells[cell] for cell in _cells(covered) if cell in self._cells]


def _cover(box: Box, margin: float = 0.0) -> tuple[int, int, int, int]:
    left, top, right, bottom = box
    return floor((left - margin) / _CELL), floor((top - margin) / _CELL), floor((right + margin) / _CELL), floor((bottom + margin) / _CELL)


def _cells(covered: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    left, top, right, bottom = covered
    return [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]
