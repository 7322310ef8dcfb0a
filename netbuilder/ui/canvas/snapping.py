"""Where a dragged node snaps: to the grid, or in line with others, and the guides that say so."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF

from netbuilder.ui.canvas.geometry import snap

_OVER = 12.0


@dataclass(frozen=True)
class Aligned:
    """The snapped upper left corner and the guides to show."""

    position: QPointF
    guides: tuple[QLineF, ...] = ()


class _Lines:
    """The heights (or columns) at which others stand, sorted, so that the nearest is found at once."""

    def __init__(self, others: Iterable[QRectF], places: Iterable[Callable[[QRectF], float]]) -> None:
        self._at: dict[float, list[QRectF]] = {}
        self._places = tuple(places)
        for rect in others:
            for value in {place(rect) for place in self._places}:
                self._at.setdefault(value, []).append(rect)
        self._values = sorted(self._at)

    def snap(self, moving: QRectF, reach: float) -> tuple[float, float] | None:
        """How far to move and the line that is met; nothing within `reach`: `None`."""
        best: tuple[float, float] | None = None
        for place in self._places:
            value = place(moving)
            index = bisect_left(self._values, value)
            for line in self._values[max(0, index - 1) : index + 1]:
                if abs(line - value) <= min(reach, abs(best[0]) - 1e-9 if best else reach):
                    best = (line - value, line)
        return best

    def others(self, line: float) -> list[QRectF]:
        """Those that stand on a line."""
        return self._at[line]


class Neighbours:
    """The nodes that a dragged one may align with: by left and right edges and middles, upper and lower edges and middles."""

    def __init__(self, others: Iterable[QRectF]) -> None:
        others = list(others)
        self._across = _Lines(others, (QRectF.left, _middle_x, QRectF.right))
        self._down = _Lines(others, (_middle_y, QRectF.top, QRectF.bottom))

    def align(self, moving: QRectF, reach: float) -> Aligned:
        """Snap a rectangle in line with its nearest neighbours within `reach`, otherwise to the grid."""
        across, down = self._across.snap(moving, reach), self._down.snap(moving, reach)
        left = snap(moving.left()) if across is None else moving.left() + across[0]
        top = snap(moving.top()) if down is None else moving.top() + down[0]
        placed = QRectF(left, top, moving.width(), moving.height())
        guides = []
        if across is not None:
            rects = [placed, *self._across.others(across[1])]
            guides.append(QLineF(across[1], min(r.top() for r in rects) - _OVER, across[1], max(r.bottom() for r in rects) + _OVER))
        if down is not None:
            rects = [placed, *self._down.others(down[1])]
            guides.append(QLineF(min(r.left() for r in rects) - _OVER, down[1], max(r.right() for r in rects) + _OVER, down[1]))
        return Aligned(QPointF(left, top), tuple(guides))


def _middle_x(rect: QRectF) -> float:
    return rect.center().x()


def _middle_y(rect: QRectF) -> float:
    return rect.center().y()
