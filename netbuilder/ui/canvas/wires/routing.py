"""The way of a wire: smooth, leaving and arriving in the direction of flow, along lanes in which no node stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainterPath, QTransform

from netbuilder.ui.canvas.geometry import HEIGHT, WIDTH, Box, box_of
from netbuilder.ui.canvas.wires.neighbours import Chord, Company, Stretch

_FORWARD = 20.0
_LANE = 24.0
_ABOVE = 31.0
_GAP, _GAP_DOWN = 36.0, 48.0  # between a column and the next, where wires turn
_CLEAR = 6.0
_STEEP = 2.0
_APART, _LANES = 10.0, 20
_ROOM = 1 / 3
_TRIES, _TRIES_BACK = 24, 100
_STUB, _BEND = 18.0, 32.0
_ROUND = 0.5523  # where the handles of a quarter of a circle are
_NARROW, _BELOW = 12.0, 28.0
_LONG, _LONG_DOWN = 1.5 * WIDTH, 2.0 * HEIGHT
_TURNED = QTransform(0, 1, 1, 0, 0, 0)
REACH = 320.0
"""How far above and below a long wire nodes are looked for that it may have to pass."""

_ALONE = Company()


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
    obstacles: Sequence[Box] = (),
    company: Company = _ALONE,
    *,
    down: bool = False,
) -> QLineF | QPainterPath:
    """The way from an output at `start` to an input at `end`, as a line where it is straight; `down` is the direction of flow.

    Wires that lead back from the same source share their way as far as they can.
    Whatever is said here and below of a flow to the right holds for one that leads down when the drawing is turned.
    """
    if down:
        start, end, source, target = start.transposed(), end.transposed(), _TURNED.mapRect(source), _TURNED.mapRect(target)
        obstacles, company = [(top, left, bottom, right) for left, top, right, bottom in obstacles], company.transposed()
    way = _way(start, end, source, target, obstacles, company.lanes, down=down)
    if way is None:
        way = _back(start, end, box_of(source), [box_of(target), *company.others], obstacles, company.wires)
    return _TURNED.map(way) if down else way


def route(start: QPointF, end: QPointF, source: QRectF, target: QRectF, *, down: bool = False) -> QPainterPath:
    """The same way as a path, past nothing."""
    way = way_between(start, end, source, target, down=down)
    if isinstance(way, QPainterPath):
        return way
    path = QPainterPath(way.p1())
    path.lineTo(way.p2())
    return path


def _way(
    start: QPointF, end: QPointF, source: QRectF, target: QRectF, obstacles: Sequence[Box], lanes: Sequence[Stretch], *, down: bool
) -> QLineF | QPainterPath | None:
    """From left to right; `None` when it leads back.

    To the next column, and past nothing, it is one curve; further on it runs straight, in a lane where none of the `obstacles` stands, and
    turns between columns.
    """
    across = end.x() - start.x()
    if across < _FORWARD:
        return None
    turn = min(_GAP_DOWN if down else _GAP, across / 3)
    clear = _freedom(start, end, turn, obstacles)
    taken = _taken(start, end, turn, lanes)
    if start.y() == end.y() and clear(start.y()) and not taken(start.y()):
        return QLineF(start, end)
    direct = _directly(start, end, source, target) if across <= (_LONG_DOWN if down else _LONG) else None
    if direct is not None and not _meets(direct, obstacles):
        return direct
    lane = _lane(start.y(), end.y(), obstacles, clear)
    if taken(lane):
        lane = _beyond(lane, start.y(), end.y(), lambda level: clear(level) and not taken(level))
    return _along(start, end, source, target, lane, turn)


def _meets(path: QPainterPath, obstacles: Sequence[Box]) -> bool:
    left, top, right, bottom = box_of(path.controlPointRect())
    near = [box for box in obstacles if box[0] <= right and box[2] >= left and box[1] <= bottom and box[3] >= top]
    return any(path.intersects(QRectF(QPointF(*box[:2]), QPointF(*box[2:]))) for box in near)


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


def _back(
    start: QPointF, end: QPointF, source: Box, targets: Sequence[Box], obstacles: Sequence[Box], wires: Sequence[Chord]
) -> QPainterPath:
    """To the first of the targets, which lies left: out, through a gap between the rows or below both, and in, with round corners.

    Of gaps without a node it takes one where few of the other wires have to be crossed.
    """
    out, into, y, to_y = start.x() + _STUB, end.x() - _STUB, start.y(), end.y()
    boxes = (source, targets[0], *obstacles)
    level = _spans(boxes, min(out, into) - _CLEAR, max(out, into) + _CLEAR)
    leaving, arriving = _spans(boxes, out - _CLEAR, out + _CLEAR), _spans(boxes, into - _CLEAR, into + _CLEAR)
    steps = [(min(a, b), max(a, b)) for (begins, a), (ends, b) in wires if a != b and begins < out and ends > into]
    tried: dict[float, tuple[int, int]] = {}
    for lane in _back_lanes(source, targets, obstacles):
        legs = ((level, lane, lane), (leaving, y, lane), (arriving, lane, to_y))
        tried[lane] = sum(_stands(*leg, _CLEAR) for leg in legs), sum(upper < lane < lower for upper, lower in steps)
        if tried[lane] == (0, 0):
            break
    lane = min(tried, key=tried.__getitem__)
    out, into = start.x() + _bend(boxes, start.x(), y, lane, 1), end.x() - _bend(boxes, end.x(), to_y, lane, -1)
    return _rounded([(start.x(), y), (out, y), (out, lane), (into, lane), (into, to_y), (end.x(), to_y)])


def _bend(boxes: Iterable[Box], x: float, y: float, lane: float, way: int) -> float:
    """How far from a port a wire turns into a lane: half a circle where there is room, else close by."""
    wide = min(abs(lane - y) / 2, _BEND)
    near, far = sorted((x + way * _CLEAR, x + way * (wide + _CLEAR)))
    return wide if wide > _STUB and not _stands(_spans(boxes, near, far), y, lane, _CLEAR) else _STUB


def _back_lanes(source: Box, targets: Sequence[Box], obstacles: Sequence[Box]) -> Iterator[float]:
    """Heights at which a wire may run back, the best first: between source and targets, near those; or below both."""
    (_, upper, _, lower), (_, top, _, bottom) = source, targets[0]
    if top - lower >= _NARROW:
        low, high = lower, min(box[1] for box in targets if box[1] - lower >= _NARROW)
        wanted = max(high - _ABOVE, (low + high) / 2)
    elif upper - bottom >= _NARROW:
        low, high = max(box[3] for box in targets if upper - box[3] >= _NARROW), upper
        wanted = min(low + _ABOVE, (low + high) / 2)
    else:
        low = high = wanted = max(lower, bottom) + _BELOW
    yield wanted
    yield from sorted(_beside(obstacles, _ABOVE), key=lambda y: (not low < y < high, abs(y - wanted), y))[:_TRIES_BACK]


def _beside(obstacles: Iterable[Box], by: float) -> set[float]:
    """The heights above and below these."""
    return {y for top, bottom in {(top, bottom) for _, top, _, bottom in obstacles} for y in (top - by, bottom + by)}


def _spans(boxes: Iterable[Box], left: float, right: float) -> set[tuple[float, float]]:
    """The tops and bottoms of what stands between two places across; what stands in a row counts once."""
    return {(top, bottom) for start, top, end, bottom in boxes if start < right and end > left}


def _stands(spans: Set[tuple[float, float]], y: float, to_y: float, clear: float = 0.0) -> bool:
    """Whether any of these touches what lies between two heights, or so near to it."""
    top, bottom = min(y, to_y) - clear, max(y, to_y) + clear
    return top < bottom and any(low < bottom and high > top for low, high in spans)


def _rounded(corners: Sequence[tuple[float, float]]) -> QPainterPath:
    """Through level and upright pieces, round every corner as widely as both of them allow; the first and the last have one corner each."""
    path, last = QPainterPath(), len(corners) - 3
    path.moveTo(*corners[0])
    for number, ((from_x, from_y), (x, y), (to_x, to_y)) in enumerate(zip(corners, corners[1:], corners[2:], strict=False)):
        before, after = abs(from_x - x) + abs(from_y - y), abs(to_x - x) + abs(to_y - y)
        if wide := min(before / (1 if number == 0 else 2), after / (1 if number == last else 2), _BEND):
            before_x, before_y = x + (from_x - x) * (wide / before), y + (from_y - y) * (wide / before)
            after_x, after_y = x + (to_x - x) * (wide / after), y + (to_y - y) * (wide / after)
            path.lineTo(before_x, before_y)
            path.cubicTo(
                before_x + (x - before_x) * _ROUND,
                before_y + (y - before_y) * _ROUND,
                after_x + (x - after_x) * _ROUND,
                after_y + (y - after_y) * _ROUND,
                after_x,
                after_y,
            )
    path.lineTo(*corners[-1])
    return path


def _lane(y: float, to_y: float, obstacles: Sequence[Box], clear: Callable[[float], bool]) -> float:
    """The height at which a long wire runs: that of one of its ends, or the nearest between, above or below the nodes."""
    for lane in (y, to_y):
        if clear(lane):
            return lane
    beside = sorted(_beside(obstacles, _LANE), key=lambda lane: (abs(lane - y) + abs(lane - to_y), -lane))
    return next(filter(clear, beside[:_TRIES]), min((*beside, y, to_y)))


def _beyond(lane: float, y: float, to_y: float, free: Callable[[float], bool]) -> float:
    """The first free height beyond a lane that is taken, seen from the ends of the wire; the lane itself when there is none near."""
    ways = [1, -1] if lane > (y + to_y) / 2 else [-1, 1]
    levels = (lane + way * _APART * number for way in ways for number in range(1, _LANES))
    return next(filter(free, levels), lane)


def _taken(start: QPointF, end: QPointF, turn: float, lanes: Sequence[Stretch]) -> Callable[[float], bool]:
    """Tells of a height whether another lane is there, or too near, somewhere along this wire's own."""
    levels = [level for level, begin, stop in lanes if begin < end.x() - turn and stop > start.x() + turn]
    return lambda lane: any(abs(lane - level) < _APART for level in levels)


def _freedom(start: QPointF, end: QPointF, turn: float, obstacles: Sequence[Box]) -> Callable[[float], bool]:
    """Tells of a height whether neither a lane there nor the turns into it and out of it touch a node."""
    if not obstacles:
        return lambda _lane: True
    x, to_x, y, to_y = start.x(), end.x(), start.y(), end.y()
    over = _spans(obstacles, x + turn, to_x - turn)
    into, out = _spans(obstacles, x + 2, x + turn - 2), _spans(obstacles, to_x - turn + 2, to_x - 2)

    def free(lane: float) -> bool:
        return not (_stands(over, lane, lane, _CLEAR) or _stands(into, y, lane) or _stands(out, lane, to_y))

    return free


def _along(start: QPointF, end: QPointF, source: QRectF, target: QRectF, lane: float, turn: float) -> QPainterPath:
    """To the lane, along it, and from it."""
    path = QPainterPath(start)
    _step(path, QPointF(start.x() + turn, lane), _aside(start, source))
    path.lineTo(end.x() - turn, lane)
    _step(path, end, _aside(end, target))
    return path


def _directly(start: QPointF, end: QPointF, source: QRectF, target: QRectF) -> QPainterPath:
    """One curve, or round two corners to a port far above or below."""
    if abs(end.y() - start.y()) <= _STEEP * (end.x() - start.x()):
        return curve(start, end)
    path = QPainterPath(start)
    _step(path, end, _aside(end, target) + _aside(start, source))
    return path


def _aside(port: QPointF, rect: QRectF) -> float:
    """How far above the middle of its node a port is, as a share of half the node's extent."""
    return 2 * (rect.center().y() - port.y()) / rect.height()


def _step(path: QPainterPath, to: QPointF, aside: float) -> None:
    """To another height within a short way: an S, or round two corners when it is far.

    Wires from the same side to the ports of one node, and from such ports, turn one after the other, so that none crosses another: `aside`
    tells how far above its node's middle the port is.
    """
    at = path.currentPosition()
    if at.y() == to.y():
        path.lineTo(to)
        return
    across, middle, way = to.x() - at.x(), (at.x() + to.x()) / 2, 1 if to.y() > at.y() else -1
    if abs(to.y() - at.y()) <= _STEEP * across:
        path.cubicTo(QPointF(middle, at.y()), QPointF(middle, to.y()), to)
        return
    middle += way * max(-_ROOM, min(_ROOM, aside / 2)) * across
    corner = min(middle - at.x(), to.x() - middle)
    path.lineTo(middle - corner, at.y())
    path.quadTo(QPointF(middle, at.y()), QPointF(middle, at.y() + way * corner))
    path.lineTo(middle, to.y() - way * corner)
    path.quadTo(QPointF(middle, to.y()), QPointF(middle + corner, to.y()))
    path.lineTo(to)
