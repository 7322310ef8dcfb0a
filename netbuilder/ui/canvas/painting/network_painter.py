"""Paints the visible part of the network in few strokes: nodes from kept pictures, wires and far-away blocks all at once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from time import perf_counter

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from netbuilder.ui.canvas.nodes.item import NodeItem
from netbuilder.ui.canvas.nodes.level_of_detail import Detail, detail
from netbuilder.ui.canvas.nodes.look import NodeLook
from netbuilder.ui.canvas.nodes.paint import State
from netbuilder.ui.canvas.nodes.picture import UNMARKED, Grain, Marks, Picture, Pictures, face
from netbuilder.ui.canvas.painting.colours import Colours
from netbuilder.ui.canvas.painting.far_view import DIM, Square, paint_squares
from netbuilder.ui.canvas.wires.item import WireItem, WireState
from netbuilder.ui.canvas.wires.labels import WireLabels, apart

_THICK = 2.0
_MANY = 300
_PATIENCE, _UNHURRIED = 0.002, 0.004


class NetworkPainter:
    """Holds the pictures of one theme.

    A new zoom needs new pictures; what is not drawn within a few milliseconds shows its former one, scaled, and `rough` tells so.
    While the zoom is fast, a node that has none shows its card without words, or a block, and many wires are hairlines. While nothing
    moves, it need not be `hurried`.
    """

    def __init__(self, colours: Colours) -> None:
        self._colours = colours
        self.pictures = Pictures(colours)
        self._labels = WireLabels(colours)
        self.rough = False
        self.hurried = True
        self._fast = False
        self._patience = _PATIENCE

    def begin(self, *, fast: bool) -> None:
        """A frame begins, in which every `paint` draws new pictures from the same time."""
        self._fast = fast
        self._patience = _PATIENCE if self.hurried else _UNHURRIED

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
        self._paint_wires(painter, list(wires), zoom)
        end = perf_counter() + self._patience
        if level is Detail.FULL and not self._labels.paint(painter, apart(labelled), end, fast=self._fast):
            self.rough = True
        self._paint_cards(painter, nodes, level, zoom, end)
        self._patience = end - perf_counter()
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

    def _paint_wires(self, painter: QPainter, wires: list[WireItem], zoom: float) -> None:
        thick = max(_THICK, 1.0 / zoom)
        pen = _pen(self._colours.wire, thick)
        if self._fast and self.hurried and len(wires) > _MANY:
            self.rough = True
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            pen = QPen(self._colours.wire, 1)
            pen.setCosmetic(True)
        painter.setPen(pen)
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
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
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

    def _paint_cards(self, painter: QPainter, nodes: Iterable[NodeItem], level: Detail, zoom: float, end: float) -> None:
        dpr = painter.device().devicePixelRatioF()
        grain = Grain(level, round(zoom * dpr, 4))
        way, place = painter.worldTransform(), Placing(painter, grain, dpr)
        bare: list[NodeItem] = []
        known: dict[Hashable, Picture] = {}  # of nodes that look alike, and of those that did at another zoom
        for node in nodes:
            picture = node.picture
            if picture is None or picture.grain.level is not level:
                picture = self._drawn(node, grain, known, end)
                if picture is None:
                    bare.append(node)
                    continue
            elif picture.grain is not grain and picture.grain != grain:
                former = picture.pixmap
                picture = node.picture = known.get(former) or self._drawn(node, grain, known, end) or picture
                known[former] = picture
            if node.dimmed:
                painter.setOpacity(DIM)
                place.draw(picture, node.x, node.y)
                painter.setOpacity(1.0)
            else:
                place.draw(picture, node.x, node.y)
        if bare:
            painter.setWorldTransform(way)
            self.paint_far(painter, [Square(bare, ())])

    def _drawn(self, node: NodeItem, grain: Grain, known: dict[Hashable, Picture], end: float) -> Picture | None:
        """The picture for this grain, or after `end` what is at hand; for a name too small to be missed nothing."""
        former = node.picture
        late = perf_counter() > end and (self._fast or (former is not None and former.grain.level is grain.level))
        if late and not node.has_face(grain.level):
            return self._rough(node, grain)
        face = node.face(grain.level)
        picture = known.get(face) if node.marks is UNMARKED else None
        if picture is None:
            picture = self.pictures.kept(face, node.marks, grain)
            if picture is None and late:
                return self._rough(node, grain)
            picture = picture or self.pictures.picture(face, node.ask, node.rect.height(), node.marks, grain)
            if node.marks is UNMARKED:
                known[face] = picture
        node.picture = picture
        return picture

    def _rough(self, node: NodeItem, grain: Grain) -> Picture | None:
        """Its former picture, or its card without words unless those are small."""
        self.rough = True
        if node.picture is not None or grain.level is Detail.NAME:
            return node.picture
        return Picture(self.pictures.body(node.plain, node.rect.height(), node.marks.state, grain), grain)


class Placing:
    """Puts pictures on whole pixels of the screen, so that they stay sharp; the painter counts in these from now on."""

    def __init__(self, painter: QPainter, grain: Grain, dpr: float) -> None:
        way = painter.worldTransform()
        self._painter, self._put, self._grain = painter, painter.drawPixmap, grain
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # with it, scaling costs many times as much
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
        self._painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)  # or what is not scaled costs more, too


def _pen(colour: QColor, thick: float) -> QPen:
    return QPen(colour, thick, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
