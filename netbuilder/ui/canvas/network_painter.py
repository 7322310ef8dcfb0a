"""Paints the visible part of the network in few strokes: nodes from kept pictures, wires and far-away blocks all at once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from time import perf_counter

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from netbuilder.ui.canvas.colours import Colours
from netbuilder.ui.canvas.far_view import DIM, Square, paint_squares
from netbuilder.ui.canvas.level_of_detail import Detail, detail
from netbuilder.ui.canvas.node_item import NodeItem
from netbuilder.ui.canvas.node_look import NodeLook
from netbuilder.ui.canvas.node_paint import State
from netbuilder.ui.canvas.node_picture import UNMARKED, Grain, Marks, Picture, Pictures, face
from netbuilder.ui.canvas.wire_item import WireItem, WireState, paint_chip

_THICK = 2.0
_PATIENCE, _UNHURRIED = 0.003, 0.012


class NetworkPainter:
    """Holds the pictures of one theme.

    A new zoom needs new pictures; what is not drawn within a few milliseconds shows its former one, scaled, and `rough` tells so.
    While nothing moves, it need not be `hurried`.
    """

    def __init__(self, colours: Colours) -> None:
        self._colours = colours
        self.pictures = Pictures(colours)
        self.rough = False
        self.hurried = True

    def paint(
        self, painter: QPainter, nodes: Iterable[NodeItem], wires: Iterable[WireItem], level: Detail, labelled: Iterable[WireItem] = ()
    ) -> None:
        """Draw these, wires behind nodes, for the painter's zoom and screen. `labelled` are the wires whose labels may be in sight."""
        if level is Detail.BLOCK:
            self.paint_far(painter, [Square(nodes, wires)])
            return
        zoom = painter.worldTransform().m11()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._paint_wires(painter, wires, zoom)
        if level is Detail.FULL:
            self._paint_chips(painter, labelled)
        self._paint_cards(painter, nodes, level, zoom)
        painter.restore()

    def paint_far(self, painter: QPainter, squares: Iterable[Square]) -> None:
        """Draw squares of blocks and lines."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        paint_squares(painter, squares, self._colours)
        painter.restore()

    def paint_ghost(self, painter: QPainter, look: NodeLook, rect: QRectF) -> None:
        """Draw a node that is not there yet, never smaller than by its name."""
        dpr = painter.device().devicePixelRatioF()
        zoom = painter.worldTransform().m11()
        grain = Grain(max(detail(zoom), Detail.NAME), round(zoom * dpr, 4))
        picture = self.pictures.picture(face(look, grain.level), lambda: look, rect.height(), Marks(State.SELECTED), grain)
        Placing(painter, grain, dpr).draw(picture, rect.x(), rect.y())

    def _paint_wires(self, painter: QPainter, wires: Iterable[WireItem], zoom: float) -> None:
        thick = max(_THICK, 1.0 / zoom)
        painter.setPen(_pen(self._colours.wire, thick))
        lines: list[QLineF] = []
        special: list[WireItem] = []
        for wire in wires:
            if wire.state:
                special.append(wire)
            elif wire.line is not None:
                lines.append(wire.line)
            else:
                painter.drawPath(wire.path)
        painter.drawLines(lines)
        for wire in special:
            self._paint_special(painter, wire, thick, zoom)

    def _paint_special(self, painter: QPainter, wire: WireItem, thick: float, zoom: float) -> None:
        colours, state = self._colours, wire.state
        marked = state & (WireState.SELECTED | WireState.INSERT)
        colour = colours.accent if marked else colours.wire_hover if state & WireState.HOVERED else colours.wire
        painter.setOpacity(DIM if state & WireState.DIMMED else 1.0)
        painter.setPen(_pen(colour, max(_THICK + 1, 1.0 / zoom) if marked else thick))
        painter.drawPath(wire.path)
        painter.setOpacity(1.0)

    def _paint_chips(self, painter: QPainter, wires: Iterable[WireItem]) -> None:
        """Labels that lie on no earlier one, be that painted or not: so it is the same whichever part of the canvas is painted."""
        earlier: list[QRectF] = []
        for wire in wires:
            if wire.line is None and (chip := wire.chip) is not None:
                if not any(map(chip[0].intersects, earlier)):
                    paint_chip(painter, *chip, self._colours, quiet=True)
                earlier.append(chip[0])

    def _paint_cards(self, painter: QPainter, nodes: Iterable[NodeItem], level: Detail, zoom: float) -> None:
        dpr = painter.device().devicePixelRatioF()
        grain = Grain(level, round(zoom * dpr, 4))
        place, end = Placing(painter, grain, dpr), perf_counter() + (_PATIENCE if self.hurried else _UNHURRIED)
        known: dict[Hashable, Picture] = {}  # of nodes that look alike, and of those that did at another zoom
        for node in nodes:
            picture = node.picture
            if picture is None or picture.grain.level is not level:
                picture = node.picture = self._drawn(node, grain, known, end)
            elif picture.grain is not grain and picture.grain != grain:
                former = picture.pixmap
                picture = node.picture = known.get(former) or self._drawn(node, grain, known, end)
                known[former] = picture
            if node.dimmed:
                painter.setOpacity(DIM)
                place.draw(picture, node.x, node.y)
                painter.setOpacity(1.0)
            else:
                place.draw(picture, node.x, node.y)

    def _drawn(self, node: NodeItem, grain: Grain, known: dict[Hashable, Picture], end: float) -> Picture:
        """The picture for this grain, or after `end` a former one."""
        face, former = node.face(grain.level), node.picture
        if node.marks is UNMARKED and face in known:
            return known[face]
        picture = self.pictures.kept(face, node.marks, grain)
        if picture is None and former is not None and former.grain.level is grain.level and perf_counter() > end:
            self.rough = True
            return former
        picture = picture or self.pictures.picture(face, node.ask, node.rect.height(), node.marks, grain)
        if node.marks is UNMARKED:
            known[face] = picture
        return picture


class Placing:
    """Puts pictures on whole pixels of the screen, so that they stay sharp; the painter counts in these from now on."""

    def __init__(self, painter: QPainter, grain: Grain, dpr: float) -> None:
        way = painter.worldTransform()
        self._painter, self._put, self._grain = painter, painter.drawPixmap, grain
        self._scale, self._x, self._y = way.m11() * dpr, way.dx() * dpr - grain.margin, way.dy() * dpr - grain.margin
        painter.setWorldTransform(QTransform.fromScale(1 / dpr, 1 / dpr))

    def draw(self, picture: Picture, x: float, y: float) -> None:
        """Draw a picture for a card with this corner in the scene."""
        left, top = round(x * self._scale + self._x), round(y * self._scale + self._y)
        if picture.grain.scale == self._grain.scale:
            self._put(left, top, picture.pixmap)
        else:
            self._draw_scaled(picture, left, top)

    def _draw_scaled(self, picture: Picture, left: int, top: int) -> None:
        by, whole = self._scale / picture.grain.scale, QRectF(picture.pixmap.rect())
        off = self._grain.margin - picture.grain.margin * by
        self._painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._put(QRectF(left + off, top + off, whole.width() * by, whole.height() * by), picture.pixmap, whole)


def _pen(colour: QColor, thick: float) -> QPen:
    return QPen(colour, thick, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
