"""A network in a few square centimetres: coloured blocks and lines, as on the canvas from far away."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from netbuilder.core.blocks import BLOCK
from netbuilder.core.graph import Graph
from netbuilder.layers.kinship import category_of
from netbuilder.ui.canvas.geometry import HEIGHT, WIDTH, port_places
from netbuilder.ui.canvas.wires.routing import route
from netbuilder.ui.theme import Themes, mix

_STACK = 24.0


class Thumbnail(QWidget):
    """Paints a graph scaled to its rectangle."""

    def __init__(self, themes: Themes, graph: Graph | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._graph = graph
        self.setMinimumSize(96, 56)
        themes.changed.connect(self.update)

    @property
    def graph(self) -> Graph | None:
        """What is painted."""
        return self._graph

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
        width = max(x for x, _ in places.values()) - left + WIDTH
        height = max(y for _, y in places.values()) - top + HEIGHT
        room = QRectF(self.rect()).adjusted(8, 8, -8, -8)
        scale = min(room.width() / width, room.height() / height, 0.3)
        painter.translate(room.center())
        painter.scale(scale, scale)
        painter.translate(-left - width / 2, -top - height / 2)
        boxes = {id_: QRectF(*place, WIDTH, HEIGHT) for id_, place in places.items()}
        painter.setPen(QPen(theme.faint, max(6.0, 0.8 / scale)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        down = graph.direction == "down"
        for target, source in graph.links.items():
            if source.node in boxes and target.node in boxes:
                start, end = boxes[source.node], boxes[target.node]
                (leave,), (enter,) = (port_places(1, HEIGHT, output=output, down=down) for output in (True, False))
                painter.drawPath(route(start.topLeft() + leave, end.topLeft() + enter, start, end, down=down))
        painter.setPen(Qt.PenStyle.NoPen)
        for id_, box in boxes.items():
            node = graph.nodes[id_]
            colour = theme.category(category_of(node, graph))
            if node.layer == BLOCK:
                painter.setBrush(mix(theme.canvas, colour, 0.5))
                painter.drawRoundedRect(box.translated(_STACK, _STACK), max(14.0, 1 / scale), max(14.0, 1 / scale))
            painter.setBrush(colour)
            painter.drawRoundedRect(box, max(14.0, 1 / scale), max(14.0, 1 / scale))
