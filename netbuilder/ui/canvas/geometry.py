"""Measures of nodes and ports in scene units, which are pixels at 100 % zoom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from PySide6.QtCore import QPointF, QRectF

WIDTH = 168
HEIGHT = 72
COLUMN = 204
ROW = 134
STEP = 8
RADIUS = 8.0
STRIPE = 4
PORT = 9
RING = 2.0
PORT_PITCH = 18
MARGIN = 12
_TRIED = 2000

Box = tuple[float, float, float, float]
"""Left, top, right and bottom of a rectangle, for where many of them are compared: this is many times faster than `QRectF`."""


def node_height(ports: int, *, down: bool = False) -> int:
    """Height of a node with that many ports on its busier side, where they lie on its sides; a multiple of the grid."""
    if down:
        return HEIGHT
    needed = PORT_PITCH * (ports + 1)
    return max(HEIGHT, -(-needed // STEP) * STEP)


def port_offsets(count: int, height: float) -> tuple[float, ...]:
    """How far below the node's top its ports lie, evenly spread."""
    return tuple(height * (index + 1) / (count + 1) for index in range(count))


def port_places(count: int, height: float, *, output: bool, down: bool) -> tuple[QPointF, ...]:
    """Where ports lie on a card, in its own coordinates: along the edge at which data enters or leaves."""
    if down:
        return tuple(QPointF(x, height if output else 0.0) for x in port_offsets(count, WIDTH))
    return tuple(QPointF(WIDTH if output else 0.0, y) for y in port_offsets(count, height))


def snap(value: float, step: int = STEP) -> float:
    """The nearest multiple of the grid step."""
    return float(round(value / step) * step)


def snapped(point: QPointF) -> QPointF:
    """The nearest point of the grid."""
    return QPointF(snap(point.x()), snap(point.y()))


def node_rect(position: tuple[float, float], height: float = HEIGHT) -> QRectF:
    """The rectangle of a node at a document position."""
    return QRectF(position[0], position[1], WIDTH, height)


def free_place(wanted: tuple[float, float], taken: Sequence[QRectF], gap: float = 16.0) -> tuple[float, float]:
    """The place nearest to `wanted` where a node covers no rectangle of `taken`; rows below are tried before columns."""
    for column, row in _rings():
        place = (wanted[0] + column * COLUMN, wanted[1] + row * (HEIGHT + 32))
        room = node_rect(place).adjusted(-gap, -gap, gap, gap)
        if not any(room.intersects(rect) for rect in taken):
            return place
    return wanted


def free_shift(moved: Sequence[QRectF], taken: Sequence[QRectF], gap: float = 16.0) -> tuple[float, float]:
    """How far down or right these have to go together until they cover nothing of `taken`; below everything where that is much."""
    if len(moved) * len(taken) <= _TRIED:
        for column, row in _rings():
            by = column * COLUMN, row * (HEIGHT + 32.0)
            rooms = [rect.translated(*by).adjusted(-gap, -gap, gap, gap) for rect in moved]
            if not any(room.intersects(rect) for room in rooms for rect in taken):
                return by
    return 0.0, snap(united(taken).bottom() - united(moved).top() + HEIGHT)


def _rings(limit: int = 40) -> Iterator[tuple[int, int]]:
    yield (0, 0)
    for distance in range(1, limit):
        for column in range(distance + 1):
            yield (column, distance - column)


def box_of(rect: QRectF) -> Box:
    """The sides of a rectangle."""
    return rect.getCoords()  # type: ignore[return-value]


def united(rects: Iterable[QRectF]) -> QRectF:
    """The smallest rectangle around all."""
    return around(map(box_of, rects))


def around(boxes: Iterable[Box]) -> QRectF:
    """The smallest rectangle around all."""
    sides = tuple(zip(*boxes, strict=True))
    if not sides:
        return QRectF()
    lefts, tops, rights, bottoms = sides
    return QRectF(QPointF(min(lefts), min(tops)), QPointF(max(rights), max(bottoms)))
