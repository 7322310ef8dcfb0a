"""One node on the canvas: a passive item that paints a look in a state."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from netbuilder.core.graph import Port
from netbuilder.ui.canvas.colours import Colours
from netbuilder.ui.canvas.geometry import MARGIN, WIDTH, node_height, port_offsets
from netbuilder.ui.canvas.level_of_detail import Detail, detail
from netbuilder.ui.canvas.look import NodeLook
from netbuilder.ui.canvas.node_paint import State, card, paint_badge, paint_node, paint_port

End = tuple[str, bool]
"""A port of a known node: its name, and whether it is an output."""


class NodeItem(QGraphicsItem):
    """Shows `look`; knows its `node_id` and where its ports are, and nothing of the document."""

    def __init__(self, node_id: str, look: NodeLook, colours: Colours) -> None:
        super().__init__()
        self.node_id = node_id
        self._look = look
        self._colours = colours
        self._state = State.PLAIN
        self._hot: End | None = None
        self._wanted: frozenset[End] = frozenset()
        self._measure()
        self.setZValue(1)
        self.setToolTip("\n".join(look.messages))

    @property
    def look(self) -> NodeLook:
        """What it shows."""
        return self._look

    @property
    def state(self) -> State:
        """What is happening to it."""
        return self._state

    @property
    def height(self) -> float:
        """In scene units."""
        return self._height

    @property
    def rect(self) -> QRectF:
        """The card in scene coordinates, without ports and ring."""
        return QRectF(self.x(), self.y(), WIDTH, self._height)

    def show_look(self, look: NodeLook) -> bool:
        """Show another look; returns whether anything differs."""
        if look == self._look:
            return False
        resized = (look.inputs, look.outputs) != (self._look.inputs, self._look.outputs)
        if resized:
            self.prepareGeometryChange()
        self._look = look
        if resized:
            self._measure()
        self.setToolTip("\n".join(look.messages))
        self.update()
        return True

    def set_state(self, flag: State, on: bool) -> None:
        """Switch one state on or off."""
        state = self._state | flag if on else self._state & ~flag
        if state != self._state:
            self._state = state
            self.update()

    def set_ports(self, hot: End | None = None, wanted: frozenset[End] = frozenset()) -> None:
        """Mark the port under the pointer and those where a wire may end."""
        if (hot, wanted) != (self._hot, self._wanted):
            self._hot, self._wanted = hot, wanted
            self.update()

    def set_colours(self, colours: Colours) -> None:
        """Repaint in another theme."""
        self._colours = colours
        self.update()

    def input_place(self, name: str) -> QPointF:
        """Where that input port is, in scene coordinates; the middle of the left edge for an unknown one."""
        return self.pos() + QPointF(0, self._inputs.get(name, self._height / 2))

    def output_place(self, name: str) -> QPointF:
        """Where that output port is, in scene coordinates; the middle of the right edge for an unknown one."""
        return self.pos() + QPointF(WIDTH, self._outputs.get(name, self._height / 2))

    def port_near(self, point: QPointF, reach: float) -> tuple[Port, bool] | None:
        """The nearest port within `reach` of a scene point, and whether it is an output."""
        best: tuple[float, Port, bool] | None = None
        for names, is_output in ((self._look.inputs, False), (self._look.outputs, True)):
            for name in names:
                away = point - (self.output_place(name) if is_output else self.input_place(name))
                distance = (away.x() ** 2 + away.y() ** 2) ** 0.5
                if distance <= reach and (best is None or distance < best[0]):
                    best = (distance, Port(self.node_id, name), is_output)
        return None if best is None else best[1:]

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, WIDTH, self._height).adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)

    def shape(self) -> QPainterPath:
        return card(self._height, 0.0)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        zoom = option.levelOfDetailFromTransform(painter.worldTransform())
        dpr = painter.device().devicePixelRatioF()
        level = detail(zoom)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, level is not Detail.BLOCK)
        paint_node(painter, self._look, self._height, self._state, level, self._colours, zoom, dpr)
        if level >= Detail.SHAPE:
            self._paint_ports(painter)
        if self._look.severity is not None and level >= Detail.NAME:
            paint_badge(painter, self._look.severity, QPointF(WIDTH - 6, 1), self._colours, 1.0 if level is Detail.FULL else 1.15)

    def _paint_ports(self, painter: QPainter) -> None:
        colour = self._colours.category(self._look.category)
        for places, x in ((self._inputs, 0.0), (self._outputs, float(WIDTH))):
            for name, y in places.items():
                end = (name, x > 0.0)
                paint_port(painter, QPointF(x, y), colour, self._colours, hot=end == self._hot, wanted=end in self._wanted)

    def _measure(self) -> None:
        self._height = float(node_height(max(len(self._look.inputs), len(self._look.outputs), 1)))
        self._inputs = dict(zip(self._look.inputs, port_offsets(len(self._look.inputs), self._height), strict=True))
        self._outputs = dict(zip(self._look.outputs, port_offsets(len(self._look.outputs), self._height), strict=True))
