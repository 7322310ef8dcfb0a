"""What can be painted: the network as the canvas shows it, or as papers and lectures draw it."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Protocol

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtSvg import QSvgRenderer

from netbuilder.core.graph import Graph, Link
from netbuilder.exchange.declare import ExportError
from netbuilder.exchange.lecture.drawing import draw
from netbuilder.layers.declare import show
from netbuilder.layers.tones import Tones
from netbuilder.net.analysis_state import Remembered
from netbuilder.net.results import Analysis
from netbuilder.ui.canvas.geometry import port_places, united
from netbuilder.ui.canvas.nodes.item import NodeItem
from netbuilder.ui.canvas.nodes.level_of_detail import Detail
from netbuilder.ui.canvas.nodes.look import Glimpse, NodeLook, glimpse, look, outline
from netbuilder.ui.canvas.nodes.paint import State, paint_body, paint_port, paint_words
from netbuilder.ui.canvas.notes.paint import paint_note, paint_title, rect_of
from netbuilder.ui.canvas.painting.colours import colours
from netbuilder.ui.canvas.scene import CanvasScene
from netbuilder.ui.canvas.wires.item import paint_chip
from netbuilder.ui.theme import load_fonts, theme_of

MARGIN = 24.0
_FAMILIES = re.compile(r'font-family="([^",]+),[^"]*"')


class Drawing(Protocol):
    """Something with a size in pixels at 100 % that a painter can draw at (0, 0)."""

    size: QSizeF

    def paint(self, painter: QPainter) -> None:
        """Draw it."""
        ...


class CanvasDrawing:
    """The network as on the canvas, in lines and letters throughout."""

    def __init__(self, graph: Graph, analysis: Analysis, tones: Tones, only: Collection[str] = (), *, transparent: bool = False) -> None:
        load_fonts()
        self._ground = not transparent
        self._colours = colours(theme_of(tones))
        self._graph, self._answers = graph, analysis.answers
        self._inside = isinstance(analysis, Remembered) and analysis.inside
        self._scene = CanvasScene(self._colours)
        chosen = graph.nodes.keys() & set(only) or graph.nodes.keys()
        if not chosen:
            raise ExportError("There is nothing to draw.", remedy="Add a layer first.")
        nodes = (node for id_, node in graph.nodes.items() if id_ in chosen)
        self._scene.add_nodes([(node.id, outline(node, graph), node.position) for node in nodes], self)
        inner = (link for link in graph.wires() if link.source.node in chosen and link.target.node in chosen)
        self._scene.add_wires(inner, self._label)
        self._scene.reroute(chosen)
        self._notes = [] if only else sorted(graph.frames.values(), key=lambda frame: frame.comment)
        around = self._scene.bounds().united(united(rect_of(frame) for frame in self._notes))
        self._room = around.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        self.size = self._room.size()

    def paint(self, painter: QPainter) -> None:
        """Ground, frames, wires, the shapes on them, nodes."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(-self._room.topLeft())
        if self._ground:
            painter.fillRect(self._room, self._colours.canvas)
        for frame in self._notes:
            paint_note(painter, frame, rect_of(frame), self._colours, 1.0, chosen=False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._colours.wire, 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        for wire in self._scene.wires.values():
            painter.drawPath(wire.path)
        for wire in self._scene.wires.values():
            if (chip := wire.chip) is not None:
                paint_chip(painter, *chip, self._colours, quiet=self._ground)
        for frame in self._notes:
            paint_title(painter, frame, rect_of(frame), self._colours, 1.0)
        for item in self._scene.nodes.values():
            self._node(painter, item)
        painter.restore()

    def _node(self, painter: QPainter, item: NodeItem) -> None:
        height, colour = item.rect.height(), self._colours.category(item.category)
        painter.save()
        painter.translate(item.rect.topLeft())
        paint_body(painter, item.category, height, State.PLAIN, Detail.FULL, self._colours, item.look.stack)
        paint_words(painter, item.look, height, Detail.FULL, self._colours, 0)
        for names, output in ((item.outline.inputs, False), (item.outline.outputs, True)):
            for place in port_places(len(names), height, output=output, down=item.outline.down):
                paint_port(painter, place, colour, self._colours, hot=False, wanted=False)
        painter.restore()

    def look(self, node_id: str) -> NodeLook:
        """What a node shows."""
        return look(self._graph.nodes[node_id], self._graph, self._answers.get(node_id), inside=self._inside)

    def glimpse(self, node_id: str) -> Glimpse:
        """What of it counts from afar."""
        return glimpse(self._graph.nodes[node_id], self._answers.get(node_id))

    def _label(self, link: Link) -> str:
        answer = self._answers.get(link.source.node)
        names = self._scene.nodes[link.source.node].outline.outputs
        index = names.index(link.source.name) if link.source.name in names else 0
        return show(answer.output_shapes[index]) if answer is not None and index < len(answer.output_shapes) else ""


class LectureDrawing:
    """The network as blocks in sequence; `svg` is the drawing itself."""

    def __init__(self, graph: Graph, analysis: Analysis, tones: Tones, only: Collection[str] = (), *, transparent: bool = False) -> None:
        load_fonts()
        self.svg = draw(graph, only=only, tones=tones, transparent=transparent, analysis=analysis)
        self._renderer = QSvgRenderer(QByteArray(_FAMILIES.sub(r'font-family="\1"', self.svg).encode()))
        self.size = self._renderer.viewBoxF().size()

    def paint(self, painter: QPainter) -> None:
        """Draw the SVG at its own size."""
        self._renderer.render(painter, QRectF(QPointF(), self.size))


STYLES: dict[str, type[CanvasDrawing | LectureDrawing]] = {"canvas": CanvasDrawing, "lecture": LectureDrawing}
"""The ways to draw a network, by name."""
