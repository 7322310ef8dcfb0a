"""The way of a wire: smooth, leaving and arriving horizontally, around what lies between."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainterPath

from netbuilder.ui.canvas.geometry import WIDTH

_INSET = 10.0
_FORWARD = 20.0
_LANE = 24.0
_ABOVE = 31.0
LONG = 1.5 * WIDTH


def route(start: QPointF, end: QPointF, source: QRectF, target: QRectF, obstacles: Sequence[QRectF] = ()) -> QPainterPath:
    """From an output at `start` to an input at `end`.

    Forward it is one curve; to a node that lies left it is a rounded S through the gap between the rows, or below
    both when there is none; `obstacles` in the way of a forward wire are passed above.
    """
    if end.x() - start.x() >= _FORWARD:
        blocking = [rect for rect in obstacles if _blocks(rect, start, end)]
        if blocking:
            lane = min(min(rect.top() for rect in blocking), source.top(), target.top()) - _LANE
            return _over(start, end, lane)
        return curve(start, end)
    return _around(start, end, _gap(source, target))


def way_between(start: QPointF, end: QPointF, source: QRectF, target: QRectF, obstacles: Sequence[QRectF] = ()) -> QLineF | QPainterPath:
    """The same way, as a line where it is straight."""
    if start.y() == end.y() and end.x() - start.x() >= _FORWARD and not any(_blocks(rect, start, end) for rect in obstacles):
        return QLineF(start, end)
    return route(start, end, source, target, obstacles)


def rubber(anchor: QPointF, pointer: QPointF, source: QRectF, *, from_output: bool, target: QRectF | None = None) -> QPainterPath:
    """A wire that is being drawn: its fixed end belongs to the node `source`, its loose end to the pointer or to `target`."""
    loose = target if target is not None else QRectF(pointer.x(), pointer.y() - 1, 2, 2)
    return route(anchor, pointer, source, loose) if from_output else route(pointer, anchor, loose, source)


def curve(start: QPointF, end: QPointF) -> QPainterPath:
    """One cubic with horizontal ends."""
    path = QPainterPath(start)
    if start.y() == end.y():
        path.lineTo(end)
        return path
    across, down = abs(end.x() - start.x()), abs(end.y() - start.y())
    handle = max(across / 2, min(48.0, down / 2))
    path.cubicTo(QPointF(start.x() + handle, start.y()), QPointF(end.x() - handle, end.y()), end)
    return path


def _gap(source: QRectF, target: QRectF) -> float:
    """Height of the free row between two nodes, nearer to the target when nodes may stand between them; or below both."""
    if target.top() - source.bottom() >= 12:
        return max((source.bottom() + target.top()) / 2, target.top() - _ABOVE)
    if source.top() - target.bottom() >= 12:
        return (target.bottom() + source.top()) / 2
    return max(source.bottom(), target.bottom()) + 28


def _around(start: QPointF, end: QPointF, lane: float) -> QPainterPath:
    right, left = start.x() - _INSET, end.x() + _INSET
    if right < left:
        right = left = (right + left) / 2
    path = QPainterPath(start)
    bulge = _bulge(lane - start.y())
    path.cubicTo(QPointF(start.x() + bulge, start.y()), QPointF(start.x() + bulge, lane), QPointF(right, lane))
    path.lineTo(left, lane)
    bulge = _bulge(lane - end.y())
    path.cubicTo(QPointF(end.x() - bulge, lane), QPointF(end.x() - bulge, end.y()), end)
    return path


def _over(start: QPointF, end: QPointF, lane: float) -> QPainterPath:
    turn = min(48.0, (end.x() - start.x()) / 3)
    path = QPainterPath(start)
    path.cubicTo(QPointF(start.x() + turn * 0.7, start.y()), QPointF(start.x() + turn * 0.3, lane), QPointF(start.x() + turn, lane))
    path.lineTo(end.x() - turn, lane)
    path.cubicTo(QPointF(end.x() - turn * 0.3, lane), QPointF(end.x() - turn * 0.7, end.y()), end)
    return path


def _bulge(drop: float) -> float:
    return max(24.0, min(64.0, abs(drop) * 0.69))


def _blocks(rect: QRectF, start: QPointF, end: QPointF) -> bool:
    """Whether a node covers the straight way between the ends."""
    left, right = max(rect.left(), start.x()), min(rect.right(), end.x())
    if right - left < WIDTH / 2:
        return False
    middle = ((left + right) / 2 - start.x()) / (end.x() - start.x())
    height = start.y() + (end.y() - start.y()) * middle
    return rect.top() - 4 <= height <= rect.bottom() + 4
