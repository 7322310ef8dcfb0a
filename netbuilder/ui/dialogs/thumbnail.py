"""A network in a few square centimetres: coloured blocks and lines, as on the canvas from far away."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from netbuilder.core.graph import Graph
from netbuilder.layers.declare import find
from netbuilder.ui.theme import Themes

NODE = (168.0, 72.0)


class Thumbnail(QWidget):
    """Paints a graph scaled to its rectangle."""

    def __init__(self, themes: Themes, graph: Graph | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._graph = graph
        self.setMinimumSize(96, 56)
        themes.changed.connect(self.update)

    def show_graph(self, graph: Graph | None) -> None:
        """Paint another graph, or nothing."""
        self._graph = graph
        self.update()

    def sizeHint(self) -> QSize:
        """As in the gallery."""
        return QSize(120, 64)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Card, wires, blocks."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._themes.current
        painter.setPen(QPen(theme.line, 1))
        painter.setBrush(theme.canvas)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        if self._graph is not None and self._graph.nodes:
            self._paint(painter, self._graph)
        painter.end()

    def _paint(self, painter: QPainter, graph: Graph) -> None:
        theme = self._themes.current
        places = {id_: node.position for id_, node in graph.nodes.items()}
        left, top = min(x for x, _ in places.values()), min(y for _, y in places.values())
        width = max(x for x, _ in places.values()) - left + NODE[0]
        height = max(y for _, y in places.values()) - top + NODE[1]
        room = QRectF(self.rect()).adjusted(8, 8, -8, -8)
        scale = min(room.width() / width, room.height() / height, 0.3)
        across = room.left() + (room.width() - width * scale) / 2
        down = room.top() + (room.height() - height * scale) / 2
        boxes = {
            id_: QRectF(across + (x - left) * scale, down + (y - top) * scale, NODE[0] * scale, NODE[1] * scale)
            for id_, (x, y) in places.items()
        }
        painter.setPen(QPen(theme.faint, max(0.6, 6 * scale)))
        for target, source in graph.links.items():
            if source.node in boxes and target.node in boxes:
                start, end = boxes[source.node], boxes[target.node]
                painter.drawLine(QLineF(start.right(), start.center().y(), end.left(), end.center().y()))
        painter.setPen(Qt.PenStyle.NoPen)
        for id_, box in boxes.items():
            kind = find(graph.nodes[id_].layer)
            painter.setBrush(theme.category(kind.about.category if kind is not None else None))
            painter.drawRoundedRect(box.adjusted(0, 0, -0.5, -0.5), max(1.0, 10 * scale), max(1.0, 10 * scale))
