"""Dragging nodes out of their wires: with Ctrl held, what stood on both sides is joined and they come along loose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPainterPath

from netbuilder.core.edits import Edit, compound
from netbuilder.core.graph import Graph
from netbuilder.core.rewiring import take_out
from netbuilder.ui.canvas.gestures.base import Pointer
from netbuilder.ui.canvas.gestures.move import MoveGesture
from netbuilder.ui.canvas.wires.item import WireState
from netbuilder.ui.canvas.wires.routing import route

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView


class TakeOutGesture(MoveGesture):
    """Shows the wires that close the gaps; a single node may be dropped on another wire in the same stroke."""

    in_the_open = "taken out"

    def __init__(self, canvas: CanvasView, start: Pointer, grabbed: str) -> None:
        super().__init__(canvas, start, grabbed)
        self._graph = canvas.graph
        self._loose = take_out(self._from)(canvas.graph)
        self._left = {target for target, source in self._graph.links.items() if self._loose.links.get(target) != source}
        self._closing = self._new_wires()

    def move(self, pointer: Pointer) -> None:
        super().move(pointer)
        self.canvas.canvas_scene.mark_wires(WireState.DIMMED, self._left)
        self.canvas.feedback.rubber(self._closing)

    def _base(self) -> Graph:
        if self._graph is not self.canvas.graph:  # changed by a key while the button was down
            self._graph, self._loose = self.canvas.graph, take_out(self._from)(self.canvas.graph)
        return self._loose

    def _edit(self) -> tuple[Edit, str]:
        edit, label = super()._edit()
        return compound(take_out(self._from), edit), "Take out of wires" if self._into is None else label

    def _clear(self) -> None:
        super()._clear()
        self.canvas.canvas_scene.mark_wires(WireState.DIMMED, ())

    def _new_wires(self) -> QPainterPath:
        """The ways of the wires that close the gaps."""
        nodes, ways = self.canvas.canvas_scene.nodes, QPainterPath()
        for target in self._left & self._loose.links.keys():
            source = self._loose.links[target]
            first, last = nodes[source.node], nodes[target.node]
            ways.addPath(
                route(first.output_place(source.name), last.input_place(target.name), first.rect, last.rect, down=first.outline.down)
            )
        return ways
