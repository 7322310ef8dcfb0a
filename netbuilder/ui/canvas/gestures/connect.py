"""Drawing a wire from a port, or taking hold of the end of one that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt

from netbuilder.core.edits import Edit, compound, connect, disconnect
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Port
from netbuilder.ui.canvas import intents
from netbuilder.ui.canvas.gestures.base import Gesture, Pointer
from netbuilder.ui.canvas.nodes.paint import State
from netbuilder.ui.canvas.nodes.picture import End
from netbuilder.ui.canvas.wires.item import WireState
from netbuilder.ui.canvas.wires.routing import rubber

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView

_REACH = 16.0


class ConnectGesture(Gesture):
    """`anchor` is the end that stays; `held` is the input of an existing wire whose other end is being dragged."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, canvas: CanvasView, start: Pointer, anchor: Port, *, from_output: bool, held: Port | None = None) -> None:
        super().__init__(canvas, start)
        self._anchor = anchor
        self._from_output = from_output
        self._held = held
        graph = canvas.graph
        if held is not None and held in graph.links:
            graph = disconnect(held)(graph)
        self._legal = intents.legal_ends(graph, anchor, from_output=from_output)
        self._begun = False
        self._hot: Port | None = None
        self._barred: Port | None = None
        self._wanted: dict[str, set[End]] = {}

    def move(self, pointer: Pointer) -> None:
        if not self._begun and not self.far(pointer):
            return
        self._begin()
        end, legal = self._end(pointer.scene)
        anchor = self._place(self._anchor, self._from_output)
        to = pointer.scene if end is None or not legal else self._place(end, not self._from_output)
        nodes = self.canvas.canvas_scene.nodes
        fixed = nodes[self._anchor.node].rect if self._anchor.node in nodes else QRectF(anchor, QSizeF(1, 1))
        target = nodes[end.node].rect if end is not None and legal else None
        down = self.canvas.graph.direction == "down"
        way = rubber(anchor, to, fixed, from_output=self._from_output, target=target, down=down)
        self.canvas.feedback.rubber(way, legal=end is None or legal)
        self._mark(end if legal else None)
        self._explain(None if legal else end, pointer)
        if end is not None and legal:
            self._try(end)
        else:
            self.preview()

    def finish(self, pointer: Pointer) -> None:
        begun = self._begun
        self._clear()
        if not begun or self._home(pointer.scene):
            return
        end, legal = self._end(pointer.scene)
        if end is not None:
            if legal:
                self._connect(end, pointer)
            else:
                self.canvas.say(self._reason(end, pointer.scene), pointer.view)
        elif self.canvas.canvas_scene.node_at(pointer.scene) is None:
            ends = {"source" if self._from_output else "target": self._anchor}
            self.canvas.lists.ask_layer(pointer.scene, **ends, held=self._held)

    def cancel(self) -> None:
        self._explain(None, self.start)
        self._clear()

    def _connect(self, end: Port, pointer: Pointer) -> None:
        source, target = (self._anchor, end) if self._from_output else (end, self._anchor)
        if self.canvas.graph.links.get(target) != source:
            self.canvas.attempt(self._edit(end), "Reconnect" if self._held else "Connect", at=pointer.view)

    def _port(self, at: QPointF) -> tuple[Port, bool] | None:
        return self.canvas.canvas_scene.port_at(at, _REACH / min(1.0, self.canvas.scale_factor))

    def _home(self, at: QPointF) -> bool:
        """Whether the pointer is back where the wire began."""
        return self._port(at) == (self._anchor, self._from_output)

    def _end(self, at: QPointF) -> tuple[Port | None, bool]:
        """The port that a release here would mean, and whether a wire may end there."""
        scene, graph = self.canvas.canvas_scene, self.canvas.graph
        if self._home(at):
            return None, False
        found = self._port(at)
        if found is not None and found[1] == self._from_output:
            found = scene.port_at(at, _REACH)  # seen from afar, a port where no wire may end is much of its node's body
        if found is not None:
            port, is_output = found
            return port, is_output != self._from_output and port in self._legal
        item = scene.node_at(at)
        if item is None or item.node_id not in graph.nodes:
            return None, False
        node = graph.nodes[item.node_id]
        name = intents.free_input(graph, node) if self._from_output else intents.first_output(graph, node)
        return (None, False) if name is None else (Port(node.id, name), Port(node.id, name) in self._legal)

    def _try(self, end: Port) -> None:
        """Show what a wire to this port would change."""
        source, target = (self._anchor, end) if self._from_output else (end, self._anchor)
        if self.canvas.graph.links.get(target) == source:
            self.preview()
        else:
            self.preview(end, lambda: self._edit(end))

    def _explain(self, end: Port | None, pointer: Pointer) -> None:
        """Say at the pointer why no wire may end here, before the button is released."""
        if end == self._barred:
            return
        self._barred = end
        if end is None:
            self.canvas.overlays.bubble.hide()
        else:
            self.canvas.say(self._reason(end, pointer.scene), pointer.view)

    def _reason(self, end: Port, at: QPointF) -> str:
        """Why no wire may end at a port."""
        found = self._port(at)
        if end.node == self._anchor.node:
            name = self.canvas.graph.nodes[end.node].name
            return f"“{name}” cannot feed itself: data must flow one way. End the wire at another layer."
        if found is not None and found[1] == self._from_output:
            return f"A wire leads from an output to an input; these are both {'outputs' if self._from_output else 'inputs'}."
        try:
            self._edit(end)(self.canvas.graph)
        except NetbuilderError as error:
            return str(error)
        return "No wire may end here."

    def _edit(self, end: Port) -> Edit:
        source, target = (self._anchor, end) if self._from_output else (end, self._anchor)
        edit: Edit = connect(source, target)
        if self._held is not None and self._held in self.canvas.graph.links:
            edit = compound(disconnect(self._held), edit)
        return edit

    def _place(self, port: Port, is_output: bool) -> QPointF:
        item = self.canvas.canvas_scene.nodes.get(port.node)
        if item is None:
            return self.start.scene
        return item.output_place(port.name) if is_output else item.input_place(port.name)

    def _begin(self) -> None:
        if self._begun:
            return
        self._begun = True
        scene = self.canvas.canvas_scene
        for port in self._legal:
            self._wanted.setdefault(port.node, set()).add((port.name, not self._from_output))
        with scene.together():
            scene.mark(State.DIMMED, scene.nodes.keys() - self._wanted.keys() - {self._anchor.node})
            for node_id in self._wanted:
                self._show_ends(node_id)
        if self._held is not None:
            scene.mark_wires(WireState.DIMMED, [self._held])

    def _mark(self, end: Port | None) -> None:
        before, self._hot = self._hot, end
        for node_id in {port.node for port in (before, end) if port is not None}:
            self._show_ends(node_id)
        self.canvas.canvas_scene.mark(State.TARGET, [end.node] if end is not None else ())

    def _show_ends(self, node_id: str) -> None:
        item = self.canvas.canvas_scene.nodes.get(node_id)
        hot = (self._hot.name, not self._from_output) if self._hot is not None and self._hot.node == node_id else None
        if item is not None:
            item.set_ports(hot, frozenset(self._wanted.get(node_id, ())))

    def _clear(self) -> None:
        scene = self.canvas.canvas_scene
        self.canvas.feedback.clear()
        self.preview()
        if not self._begun:
            return
        self._begun = False
        with scene.together():
            scene.mark(State.DIMMED | State.TARGET, ())
            scene.mark_wires(WireState.DIMMED, ())
            for node_id in self._wanted.keys() & scene.nodes.keys():
                scene.nodes[node_id].set_ports()
