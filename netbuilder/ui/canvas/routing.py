"""The way of a wire: smooth, leaving and arriving in the direction of flow, along lanes in which no node stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainterPath, QTransform

from netbuilder.ui.canvas.geometry import HEIGHT, WIDTH

_INSET = 10.0
_FORWARD = 20.0
_LANE = 24.0
_ABOVE = 31.0
_TURN = 36.0
_CLEAR = 6.0
_STEEP, _SPREAD = 2.0, 1 / 3
_TRIES = 16
_WIDE = 64.0
_REACHED = 0.75  # of the reach of its handles a curve with both of them beside its ends
_LONG, _LONG_DOWN = 1.5 * WIDTH, 2.0 * HEIGHT
_TURNED = QTransform(0, 1, 1, 0, 0, 0)
REACH = 320.0
"""How far above and below a long wire nodes are looked for that it may have to pass."""


def is_long(step: float, *, down: bool = False) -> bool:
    """Whether a wire that leads so far with the flow goes further than to the next column, or back; such a one may have to pass others."""
    return not 0 < step <= (_LONG_DOWN if down else _LONG)


def line_between(start: tuple[float, float], end: tuple[float, float], *, down: bool = False) -> QLineF | None:
    """The straight way between ports that face each other with nothing between, as most do."""
    (x, y), (to_x, to_y) = start, end
    faces = (x == to_x and to_y - y >= _FORWARD) if down else (y == to_y and to_x - x >= _FORWARD)
    return QLineF(x, y, to_x, to_y) if faces else None


def way_between(
    start: QPointF, end: QPointF, source: QRectF, target: QRectF, obstacles: Sequence[QRectF] = (), *, down: bool = False
) -> QLineF | QPainterPath:
    """The way from an output at `start` to an input at `end`, as a line where it is straight; `down` is the direction of flow.

    Whatever is said here and below of a flow to the right holds for one that leads down when the drawing is turned.
    """
    if down:
        rects = (_TURNED.mapRect(source), _TURNED.mapRect(target), [_TURNED.mapRect(rect) for rect in obstacles])
        way = _way(start.transposed(), end.transposed(), *rects, _LONG_DOWN)
        return _TURNED.map(way)
    return _way(start, end, source, target, obstacles, _LONG)


def route(start: QPointF, end: QPointF, source: QRectF, target: QRectF, *, down: bool = False) -> QPainterPath:
    """The same way as a path, past nothing."""
    way = way_between(start, end, source, target, down=down)
    if isinstance(way, QPainterPath):
        return way
    path = QPainterPath(way.p1())
    path.lineTo(way.p2())
    return path


def _way(start: QPointF, end: QPointF, source: QRectF, target: QRectF, obstacles: Sequence[QRectF], long: float) -> QLineF | QPainterPath:
    """From left to right.

    To the next column, and past nothing, it is one curve; further on it runs straight, in a lane where none of the `obstacles` stands, and
    turns between columns. To a node that lies left it is a rounded S through a gap between the rows, or below both.
    """
    if start.y() == end.y() and end.x() - start.x() >= _FORWARD and _free(start.y(), start, end, obstacles):
        return QLineF(start, end)
    if end.x() - start.x() >= _FORWARD:
        direct = _directly(start, end, target) if end.x() - start.x() <= long else None
        if direct is not None and not any(map(direct.intersects, obstacles)):
            return direct
        return _along(start, end, target, _lane(start, end, obstacles))
    return _around(start, end, _gap_lane(start, end, _gap(source, target), obstacles), obstacles)


def rubber(
    anchor: QPointF, pointer: QPointF, source: QRectF, *, from_output: bool, target: QRectF | None = None, down: bool = False
) -> QPainterPath:
    """A wire that is being drawn: its fixed end belongs to the node `source`, its loose end to the pointer or to `target`."""
    loose = target if target is not None else QRectF(pointer.x(), pointer.y() - 1, 2, 2)
    return route(anchor, pointer, source, loose, down=down) if from_output else route(pointer, anchor, loose, source, down=down)


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


def _gap_lane(start: QPointF, end: QPointF, wanted: float, obstacles: Sequence[QRectF]) -> float:
    """The height nearest to the wanted one at which a wire can run back to the left."""
    across = QRectF(end.x(), -_CLEAR, start.x() - end.x(), 2 * _CLEAR)
    if not any(map(across.translated(0, wanted).intersects, obstacles)):
        return wanted
    beside = sorted({y for rect in obstacles for y in (rect.top() - _ABOVE, rect.bottom() + _ABOVE)}, key=lambda y: abs(y - wanted))
    lanes = ((y, across.translated(0, y)) for y in beside[:_TRIES])
    return next((y for y, lane in lanes if not any(map(lane.intersects, obstacles))), wanted)


def _around(start: QPointF, end: QPointF, lane: float, obstacles: Sequence[QRectF] = ()) -> QPainterPath:
    right, left = start.x() - _INSET, end.x() + _INSET
    if right < left:
        right = left = (right + left) / 2
    path = QPainterPath(start)
    bulge = _bulge(start, lane, 1, obstacles)
    path.cubicTo(QPointF(start.x() + bulge, start.y()), QPointF(start.x() + bulge, lane), QPointF(right, lane))
    path.lineTo(left, lane)
    bulge = _bulge(end, lane, -1, obstacles)
    path.cubicTo(QPointF(end.x() - bulge, lane), QPointF(end.x() - bulge, end.y()), end)
    return path


def _lane(start: QPointF, end: QPointF, obstacles: Sequence[QRectF]) -> float:
    """The height at which a long wire runs: that of one of its ends, or the nearest between, above or below the nodes."""
    ends = (start.y(), end.y())
    beside = sorted(
        {y for rect in obstacles for y in (rect.top() - _LANE, rect.bottom() + _LANE)},
        key=lambda y: (abs(y - ends[0]) + abs(y - ends[1]), -y),
    )
    return next((y for y in (*ends, *beside[:_TRIES]) if _free(y, start, end, obstacles)), min((*beside, *ends)))


def _free(lane: float, start: QPointF, end: QPointF, obstacles: Sequence[QRectF]) -> bool:
    """Whether neither the lane nor the turns into it and out of it touch a node."""
    if not obstacles:
        return True
    turn = _turn(start, end)
    straight = QRectF(start.x() + turn, lane - _CLEAR, end.x() - start.x() - 2 * turn, 2 * _CLEAR)
    into = QRectF(QPointF(start.x(), start.y()), QPointF(start.x() + turn, lane)).normalized().adjusted(2, 0, -2, 0)
    out = QRectF(QPointF(end.x() - turn, lane), QPointF(end.x(), end.y())).normalized().adjusted(2, 0, -2, 0)
    return not any(any(map(box.intersects, obstacles)) for box in (straight, into, out))


def _turn(start: QPointF, end: QPointF) -> float:
    return min(_TURN, (end.x() - start.x()) / 3)


def _along(start: QPointF, end: QPointF, target: QRectF, lane: float) -> QPainterPath:
    """To the lane, along it, and from it."""
    turn = _turn(start, end)
    path = QPainterPath(start)
    _step(path, QPointF(start.x() + turn, lane))
    path.lineTo(end.x() - turn, lane)
    _step(path, end, target)
    return path


def _directly(start: QPointF, end: QPointF, target: QRectF) -> QPainterPath:
    """One curve, or round two corners to a port far above or below."""
    if abs(end.y() - start.y()) <= _STEEP * (end.x() - start.x()):
        return curve(start, end)
    path = QPainterPath(start)
    _step(path, end, target)
    return path


def _step(path: QPainterPath, to: QPointF, target: QRectF | None = None) -> None:
    """To another height within a short way: an S, or round two corners when it is far.

    Wires that come to the ports of one `target` from the same side turn one after the other, so that none crosses another.
    """
    at = path.currentPosition()
    if at.y() == to.y():
        path.lineTo(to)
        return
    middle, way = (at.x() + to.x()) / 2, 1 if to.y() > at.y() else -1
    if abs(to.y() - at.y()) <= _STEEP * (to.x() - at.x()):
        path.cubicTo(QPointF(middle, at.y()), QPointF(middle, to.y()), to)
        return
    if target is not None:
        room = (to.x() - at.x()) / 4
        middle += max(-room, min(room, way * (target.center().y() - to.y()) * _SPREAD))
    corner = min(middle - at.x(), to.x() - middle)
    path.lineTo(middle - corner, at.y())
    path.quadTo(QPointF(middle, at.y()), QPointF(middle, at.y() + way * corner))
    path.lineTo(middle, to.y() - way * corner)
    path.quadTo(QPointF(middle, to.y()), QPointF(middle + corner, to.y()))
    path.lineTo(to)


def _bulge(at: QPointF, lane: float, way: int, obstacles: Iterable[QRectF]) -> float:
    """How far the curve's handles reach out: less where the curve would touch a node of the next column."""
    wide = max(24.0, min(_WIDE, abs(lane - at.y()) * 0.69))
    corner = QRectF(at, QPointF(at.x() + way * wide * _REACHED, lane)).normalized()
    return min(wide, _TURN / _REACHED - 2) if any(map(corner.intersects, obstacles)) else wide
