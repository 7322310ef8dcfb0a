"""Where a dragged node snaps: to the grid, or in line with others, and the guides that say so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF

from netbuilder.ui.canvas.geometry import snap


@dataclass(frozen=True)
class Aligned:
    """The snapped upper left corner and the guides to show."""

    position: QPointF
    guides: tuple[QLineF, ...] = ()


def align(moving: QRectF, others: Iterable[QRectF], reach: float) -> Aligned:
    """Snap a rectangle in line with its nearest neighbours within `reach`, otherwise to the grid."""
    others = list(others)
    x = _nearest(moving.left(), [rect.left() for rect in others], reach)
    y = _nearest(moving.center().y(), [rect.center().y() for rect in others], reach)
    left = snap(moving.left()) if x is None else x
    top = snap(moving.top()) if y is None else y - moving.height() / 2
    placed = QRectF(left, top, moving.width(), moving.height())
    guides = []
    if x is not None:
        guides.append(_span([placed, *(r for r in others if r.left() == x)], vertical=True))
    if y is not None:
        guides.append(_span([placed, *(r for r in others if r.center().y() == y)], vertical=False))
    return Aligned(QPointF(left, top), tuple(guides))


def _nearest(value: float, candidates: list[float], reach: float) -> float | None:
    best = min(candidates, key=lambda candidate: abs(candidate - value), default=None)
    return best if best is not None and abs(best - value) <= reach else None


def _span(rects: list[QRectF], *, vertical: bool) -> QLineF:
    if vertical:
        x = rects[0].left()
        return QLineF(x, min(r.top() for r in rects) - 12, x, max(r.bottom() for r in rects) + 12)
    y = rects[0].center().y()
    return QLineF(min(r.left() for r in rects) - 12, y, max(r.right() for r in rects) + 12, y)
