"""What a running gesture shows: rubber wire, rubber band, lasso, alignment guides and the ghosts of layers. Never part of the document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from netbuilder.ui.canvas.geometry import WIDTH, node_height
from netbuilder.ui.canvas.nodes.look import NodeLook
from netbuilder.ui.canvas.painting.above import Above
from netbuilder.ui.canvas.scene import CanvasScene


class Feedback(Above):
    """One item above all others; empty while no gesture runs."""

    def __init__(self, scene: CanvasScene) -> None:
        super().__init__()
        self._canvas = scene
        self._rubber = QPainterPath()
        self._legal = True
        self._band = QRectF()
        self._guides: tuple[QLineF, ...] = ()
        self._ghosts: tuple[tuple[NodeLook, QPointF], ...] = ()
        self._lasso = QPolygonF()
        self.setZValue(10)
        scene.addItem(self)

    @property
    def empty(self) -> bool:
        """Whether nothing is shown."""
        return self._bounds().isEmpty()

    @property
    def guides(self) -> tuple[QLineF, ...]:
        """The alignment guides on show."""
        return self._guides

    def rubber(self, path: QPainterPath, *, legal: bool = True) -> None:
        """Show a wire that follows the pointer; dashed where it may not end."""
        self.about_to_change()
        self._rubber, self._legal = path, legal
        self.update()

    def band(self, rect: QRectF) -> None:
        """Show the selection rectangle."""
        self.about_to_change()
        self._band = rect
        self.update()

    def show_guides(self, lines: Sequence[QLineF]) -> None:
        """Show alignment guides."""
        if tuple(lines) != self._guides:
            self.about_to_change()
            self._guides = tuple(lines)
            self.update()

    def lasso(self, line: QPolygonF) -> None:
        """Show the line that is drawn around nodes."""
        self.about_to_change()
        self._lasso = QPolygonF(line)
        self.update()

    def ghost(self, look: NodeLook, position: QPointF) -> None:
        """Show a layer that is about to be placed."""
        self.ghosts([(look, position)])

    def ghosts(self, shown: Iterable[tuple[NodeLook, QPointF]]) -> None:
        """Show layers that are about to be placed."""
        self.about_to_change()
        self._ghosts = tuple(shown)
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self.about_to_change()
        self._rubber, self._band, self._guides, self._ghosts = QPainterPath(), QRectF(), (), ()
        self._lasso = QPolygonF()
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds().adjusted(-8, -8, 8, 8)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        colours = self._canvas.colours
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ghosts(painter)
        if not self._rubber.isEmpty():
            style = Qt.PenStyle.SolidLine if self._legal else Qt.PenStyle.DashLine
            painter.setPen(QPen(colours.accent if self._legal else colours.theme.error, 2, style))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(self._rubber)
        if self._guides:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            pen = QPen(colours.accent, 1, Qt.PenStyle.DashLine)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawLines(list(self._guides))
        if not self._band.isNull() or not self._lasso.isEmpty():
            fill = QColor(colours.accent)
            fill.setAlphaF(0.12)
            pen = QPen(colours.accent, 1)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.setBrush(fill)
            painter.drawRect(self._band)
            painter.drawPolygon(self._lasso)

    def _paint_ghosts(self, painter: QPainter) -> None:
        for look, at in self._ghosts:
            painter.save()
            painter.setOpacity(0.75)
            self._canvas.painter.paint_ghost(painter, look, QRectF(at.x(), at.y(), WIDTH, _height(look)))
            painter.restore()

    def _bounds(self) -> QRectF:
        rect = QRectF(self._rubber.controlPointRect()).united(self._band).united(self._lasso.boundingRect())
        for line in self._guides:
            rect = rect.united(QRectF(line.p1(), line.p2()).normalized().adjusted(-1, -1, 1, 1))
        for look, at in self._ghosts:
            rect = rect.united(QRectF(at.x(), at.y(), WIDTH, _height(look)))
        return rect


def _height(look: NodeLook) -> float:
    return float(node_height(max(len(look.inputs), len(look.outputs), 1), down=look.down))
