"""The network from far away: rectangles and thin lines, kept by large squares of the scene so that a frame is a few strokes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import floor

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from netbuilder.layers.declare import Category
from netbuilder.ui.canvas.heat.quantities import STEPS
from netbuilder.ui.canvas.nodes.item import NodeItem
from netbuilder.ui.canvas.painting.colours import Colours
from netbuilder.ui.canvas.wires.item import WireItem, WireState

_SQUARE = 4096.0
_SMALL = 0.3 * _SQUARE**2
_MOST = 200
DIM = 0.35

Found = tuple[Iterable[NodeItem], Iterable[WireItem]]
Cell = tuple[int, int]


class Square:
    """What one square shows: rectangles by family and state, wires as one path by state, which is drawn fastest."""

    def __init__(self, nodes: Iterable[NodeItem], wires: Iterable[WireItem]) -> None:
        self.rects: dict[tuple[Category | None, int | None, bool, bool], list[QRectF]] = {}
        self.ways: dict[WireState, QPainterPath] = {}
        for node in nodes:
            heat = node.heat.step if node.heat is not None else None
            self.rects.setdefault((node.category, heat, node.selected, node.dimmed), []).append(node.rect)
        for wire in wires:
            way = self.ways.setdefault(wire.state, QPainterPath())
            if wire.line is not None:
                way.moveTo(wire.line.p1())
                way.lineTo(wire.line.p2())
            else:
                way.addPath(wire.path)


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
        """All that this rectangle shows, and what lies around it in the same squares; a small one is asked for alone."""
        if rect.width() * rect.height() < _SMALL:
            return [Square(*self._find(rect))]
        return [self._square(cell) for cell in _cells(rect)]

    def prepare(self, rect: QRectF) -> bool:
        """Keep one more of the squares here, before anybody looks; returns whether one was missing. Nothing is done for vast spaces."""
        if rect.width() * rect.height() > _MOST * _SQUARE**2:
            return False
        missing = next((cell for cell in _cells(rect) if cell not in self._squares), None)
        if missing is not None:
            self._square(missing)
        return missing is not None

    def _square(self, cell: Cell) -> Square:
        square = self._squares.get(cell)
        if square is None:
            x, y = cell
            square = self._squares[cell] = Square(*self._find(QRectF(x * _SQUARE, y * _SQUARE, _SQUARE - 1, _SQUARE - 1)))
        return square


def paint_squares(painter: QPainter, squares: Iterable[Square], colours: Colours) -> None:
    """Wires first, then blocks colour by colour."""
    squares = list(squares)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for square in squares:
        for state, way in square.ways.items():
            _paint_way(painter, way, state, colours)
    painter.setPen(Qt.PenStyle.NoPen)
    for square in squares:
        for (category, heat, selected, dimmed), rects in square.rects.items():
            painter.setOpacity(DIM if dimmed else 1.0)
            painter.setBrush(colours.accent if selected else colours.category(category) if heat is None else colours.heat(heat / STEPS))
            painter.drawRects(rects)
    painter.setOpacity(1.0)


def _paint_way(painter: QPainter, way: QPainterPath, state: WireState, colours: Colours) -> None:
    marked = state & (WireState.SELECTED | WireState.INSERT)
    pen = QPen(colours.accent if marked else colours.wire_hover if state & WireState.HOVERED else colours.wire, 2 if marked else 1)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.setOpacity(DIM if state & WireState.DIMMED else 1.0)
    painter.drawPath(way)
    painter.setOpacity(1.0)


def _cells(rect: QRectF) -> list[Cell]:
    across = range(floor(rect.left() / _SQUARE), floor(rect.right() / _SQUARE) + 1)
    down = range(floor(rect.top() / _SQUARE), floor(rect.bottom() / _SQUARE) + 1)
    return [(x, y) for x in across for y in down]
