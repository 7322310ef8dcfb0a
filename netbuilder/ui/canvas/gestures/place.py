"""Dropping a layer from the palette: on empty canvas it is placed, on a wire it is inserted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from netbuilder.core.graph import Port
from netbuilder.ui.canvas import intents
from netbuilder.ui.canvas.adding.channels import fitted
from netbuilder.ui.canvas.adding.placeable import passes_on, take
from netbuilder.ui.canvas.geometry import HEIGHT, WIDTH, free_place, snapped
from netbuilder.ui.canvas.gestures.base import Gesture, Pointer
from netbuilder.ui.canvas.nodes.look import NodeLook, look
from netbuilder.ui.canvas.wires.item import WireItem, WireState

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView


class PlaceGesture(Gesture):
    """Follows a drag from outside; the ghost is held at its middle."""

    def __init__(self, canvas: CanvasView, start: Pointer, layer: str) -> None:
        super().__init__(canvas, start)
        self._layer = layer
        stocked = take(canvas.graph, layer)
        self._look = look(stocked.node, stocked.graph, None)
        self.move(start)

    def move(self, pointer: Pointer) -> None:
        wire = self._wire(pointer)
        self.canvas.canvas_scene.mark_wires(WireState.INSERT, [wire.link.target] if wire else ())
        self.canvas.feedback.ghost(self._inserted(wire.link.target if wire else None), self._corner(pointer))

    def finish(self, pointer: Pointer) -> None:
        wire = self._wire(pointer)
        self.cancel()
        corner = self._corner(pointer)
        position = (corner.x(), corner.y())
        graph = self.canvas.graph
        title = self._look.title
        if wire is not None and wire.link.target in graph.links:
            position = intents.place_in_wire(graph, wire.link.target, position)
            placed = intents.insert_layer(graph, self._layer, wire.link.target, position)
            label = f"Insert {title}"
        else:
            placed = intents.add_layer(graph, self._layer, free_place(position, intents.rects(graph), 0.0))
            label = f"Add {title}"
        if self.canvas.attempt(fitted(placed, self.canvas.level.analysis).edit, label, at=pointer.view):
            self.canvas.context.lately.add(self._layer)
            self.canvas.selection.set([placed.node_id])

    def cancel(self) -> None:
        self.preview()
        self.canvas.feedback.clear()
        self.canvas.canvas_scene.mark_wires(WireState.INSERT, ())

    def _inserted(self, target: Port | None) -> NodeLook:
        """The layer as it would be in a wire; what else would change shows on the canvas."""
        graph = self.canvas.graph
        if target is None or target not in graph.links:
            self.preview()
            return self._look
        trial = self.preview(target, lambda: self._fitted(target).edit)
        if trial is None:
            return self._look
        after = trial.after.graph
        fresh = next(iter(after.nodes.keys() - graph.nodes.keys()), None)
        return look(after.nodes[fresh], after, trial.after.answers[fresh]) if fresh else self._look

    def _fitted(self, target: Port) -> intents.Placed:
        placed = intents.insert_layer(self.canvas.graph, self._layer, target, (0.0, 0.0))
        return fitted(placed, self.canvas.level.analysis)

    def _corner(self, pointer: Pointer) -> QPointF:
        return snapped(pointer.scene - QPointF(WIDTH / 2, HEIGHT / 2))

    def _wire(self, pointer: Pointer) -> WireItem | None:
        if not passes_on(self.canvas.graph, self._layer):
            return None
        return self.canvas.canvas_scene.wire_at(pointer.scene)
