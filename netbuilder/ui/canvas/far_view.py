"""The network from far away: rectangles and thin lines, kept by large squares of the scene so that a frame is a few strokes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from math import floor

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from netbuilder.layers.declare import Category
from netbuilder.ui.canvas.colours import Colours
from netbuilder.ui.canvas.node_item import NodeItem
from netbuilder.ui.canvas.wire_item import WireItem, WireState

_SQUARE = 4096.0
_BENDS = 3
DIM = 0.35

Found = tuple[Iterable[NodeItem], Iterable[WireItem]]
Cell = tuple[int, int]


class Square:
    """What one square shows: rectangles by family and state, wires as lines by state."""

    def __init__(self, nodes: Iterable[NodeItem], wires: Iterable[WireItem]) -> None:
        self.rects: dict[tuple[Category | None, bool, bool], list[QRectF]] = {}
        self.lines: dict[WireState, list[QLineF]] = {}
        for node in nodes:
            self.rects.setdefault((node.category, node.selected, node.dimmed), []).append(node.rect)
        for wire in wires:
            lines = self.lines.setdefault(wire.state, [])
            if wire.line is not None:
                lines.append(wire.line)
            else:
                lines += _polyline(wire.path)


class FarView:
    """Asks `find` for the nodes and wires near a rectangle, once for each square until something there changes."""

    def __init__(self, find: Callable[[QRectF], Found]) -> None:
        self._find = find
        self._squares: dict[Cell, Square] = {}

    def forget(self, rect: QRectF) -> None:
        """Something here has changed."""
        if self._squares:
            for cell in _cells(rect):
                self._squares.pop(cell, None)

    def forget_all(self) -> None:
        """Much has changed."""
        self._squares.clear()

    def squares(self, rect: QRectF) -> list[Square]:
        """All that this rectangle shows, and what lies around it in the same squares."""
        return [self._square(cell) for cell in _cells(rect)]

    def _square(self, cell: Cell) -> Square:
        square = self._squares.get(cell)
        if square is None:
            x, y = cell
            square = self._squares[cell] = Square(*self._find(QRectF(x * _SQUARE, y * _SQUARE, _SQUARE - 1, _SQUARE - 1)))
        return square


def paint_squares(painter: QPainter, squares: Iterable[Square], colours: Colours) -> None:
    """Wires first, then blocks colour by colour."""
    squares = list(squares)
    for square in squares:
        for state, lines in square.lines.items():
            _paint_lines(painter, lines, state, colours)
    painter.setPen(Qt.PenStyle.NoPen)
    for square in squares:
        for (category, selected, dimmed), rects in square.rects.items():
            painter.setOpacity(DIM if dimmed else 1.0)
            painter.setBrush(colours.accent if selected else colours.category(category))
            painter.drawRects(rects)
    painter.setOpacity(1.0)


def _paint_lines(painter: QPainter, lines: list[QLineF], state: WireState, colours: Colours) -> None:
    marked = state & (WireState.SELECTED | WireState.INSERT)
    pen = QPen(colours.accent if marked else colours.wire_hover if state & WireState.HOVERED else colours.wire, 2 if marked else 1)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.setOpacity(DIM if state & WireState.DIMMED else 1.0)
    painter.drawLines(lines)
    painter.setOpacity(1.0)


def _polyline(path: QPainterPath) -> list[QLineF]:
    """A few straight pieces for each curve of a way."""
    points: list[QPointF] = []
    index, count = 0, path.elementCount()
    elements = [path.elementAt(number) for number in range(count)]
    corners = [QPointF(element.x, element.y) for element in elements]  # type: ignore[attr-defined]
    while index < count:
        if elements[index].isCurveTo():
            points += [_bezier(corners[index - 1 : index + 3], step / _BENDS) for step in range(1, _BENDS + 1)]
            index += 3
        else:
            points.append(corners[index])
            index += 1
    return [QLineF(a, b) for a, b in pairwise(points)]


def _bezier(handles: list[QPointF], t: float) -> QPointF:
    start, one, two, end = handles
    s = 1 - t
    return start * (s * s * s) + one * (3 * s * s * t) + two * (3 * s * t * t) + end * (t * t * t)


def _cells(rect: QRectF) -> list[Cell]:
    across = range(floor(rect.left() / _SQUARE), floor(rect.right() / _SQUARE) + 1)
    down = range(floor(rect.top() / _SQUARE), floor(rect.bottom() / _SQUARE) + 1)
    return [(x, y) for x in across for y in down]
