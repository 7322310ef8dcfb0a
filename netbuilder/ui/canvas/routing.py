"""The way of a wire: smooth, leaving and arriving in the direction of flow, along lanes in which no node stands."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainterPath, QTransform

from netbuilder.ui.canvas.geometry import HEIGHT, WIDTH

_FORWARD = 20.0
_LANE = 24.0
_ABOVE = 31.0
_TURN = 36.0
_CLEAR = 6.0
_STEEP, _SPREAD = 2.0, 1 / 3
_TRIES = 24
_STUB, _CORNER = 18.0, 18.0
_NARROW, _BELOW = 12.0, 28.0
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
    start: QPointF,
    end: QPointF,
    source: QRectF,
    target: QRectF,
    obstacles: Sequence[QRectF] = (),
    others: Sequence[QRectF] = (),
    *,
    down: bool = False,
) -> QLineF | QPainterPath:
    """The way from an output at `start` to an input at `end`, as a line where it is straight; `down` is the direction of flow.

    Wires that lead back to `target` and to the `others` from the same source share their way as far as they can.
    Whatever is said here and below of a flow to the right holds for one that leads down when the drawing is turned.
    """
    if down:
        start, end, source, target = start.transposed(), end.transposed(), _TURNED.mapRect(source), _TURNED.mapRect(target)
        obstacles, others = [_TURNED.mapRect(rect) for rect in obstacles], [_TURNED.mapRect(rect) for rect in others]
    way = _way(start, end, target, obstacles, _LONG_DOWN if down else _LONG)
    if way is None:
        way = _back(start, end, source, [target, *others], obstacles)
    return _TURNED.map(way) if down else way


def route(start: QPointF, end: QPointF, source: QRectF, target: QRectF, *, down: bool = False) -> QPainterPath:
    """The same way as a path, past nothing."""
    way = way_between(start, end, source, target, down=down)
    if isinstance(way, QPainterPath):
        return way
    path = QPainterPath(way.p1())
    path.lineTo(way.p2())
    return path


def _way(start: QPointF, end: QPointF, target: QRectF, obstacles: Sequence[QRectF], long: float) -> QLineF | QPainterPath | None:
    """From left to right; `None` when it leads back.

    To the next column, and past nothing, it is one curve; further on it runs straight, in a lane where none of the `obstacles` stands, and
    turns between columns.
    """
    if start.y() == end.y() and end.x() - start.x() >= _FORWARD and _free(start.y(), start, end, obstacles):
        return QLineF(start, end)
    if end.x() - start.x() >= _FORWARD:
        direct = _directly(start, end, target) if end.x() - start.x() <= long else None
        if direct is not None and not any(map(direct.intersects, obstacles)):
            return direct
        return _along(start, end, target, _lane(start, end, obstacles))
    return None


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


def _back(start: QPointF, end: QPointF, source: QRectF, targets: Sequence[QRectF], obstacles: Sequence[QRectF]) -> QPainterPath:
    """To the first of the targets, which lies left: out, through a gap between the rows or below both, and in, with round corners."""
    out, into = start.x() + _STUB, end.x() - _STUB
    rects = (source, targets[0], *obstacles)

    def blocked(lane: float) -> int:
        legs = (_strip(out, lane, into, lane), _strip(out, start.y(), out, lane), _strip(into, lane, into, end.y()))
        return sum(any(map(leg.intersects, rects)) for leg in legs)

    lanes = _back_lanes(source, targets, obstacles)
    lane = next((lane for lane in lanes if not blocked(lane)), None)
    if lane is None:
        lane = min(lanes, key=blocked)
    return _rounded([start, QPointF(out, start.y()), QPointF(out, lane), QPointF(into, lane), QPointF(into, end.y()), end])


def _back_lanes(source: QRectF, targets: Sequence[QRectF], obstacles: Sequence[QRectF]) -> list[float]:
    """Heights at which a wire may run back, the best first: between source and targets, near those; or below both."""
    first = targets[0]
    if first.top() - source.bottom() >= _NARROW:
        low, high = source.bottom(), min(rect.top() for rect in targets if rect.top() - source.bottom() >= _NARROW)
        wanted = max(high - _ABOVE, (low + high) / 2)
    elif source.top() - first.bottom() >= _NARROW:
        low, high = max(rect.bottom() for rect in targets if source.top() - rect.bottom() >= _NARROW), source.top()
        wanted = min(low + _ABOVE, (low + high) / 2)
    else:
        low = high = wanted = max(source.bottom(), first.bottom()) + _BELOW
    beside = {y for rect in obstacles for y in (rect.top() - _ABOVE, rect.bottom() + _ABOVE)}
    return [wanted, *sorted(beside, key=lambda y: (not low < y < high, abs(y - wanted)))[:_TRIES]]


def _strip(x: float, y: float, to_x: float, to_y: float) -> QRectF:
    """What a level or upright piece of a wire needs for itself."""
    return QRectF(QPointF(x, y), QPointF(to_x, to_y)).normalized().adjusted(-_CLEAR, -_CLEAR, _CLEAR, _CLEAR)


def _rounded(corners: Sequence[QPointF]) -> QPainterPath:
    """Through level and upright pieces, round every corner as widely as both of them allow."""
    path = QPainterPath(corners[0])
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        room = [(toward - corner).manhattanLength() / 2 for toward in (before, after)]
        wide = min(*room, _CORNER)
        if wide:
            path.lineTo(corner + (before - corner) * (wide / room[0] / 2))
            path.quadTo(corner, corner + (after - corner) * (wide / room[1] / 2))
    path.lineTo(corners[-1])
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
