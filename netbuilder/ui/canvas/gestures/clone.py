"""Dragging copies of nodes: with Alt held, the originals stay and their copies follow the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt

from netbuilder.core.clipboard import duplicate
from netbuilder.ui.canvas.gestures.base import Gesture, Pointer
from netbuilder.ui.canvas.snapping import Neighbours

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView

_REACH = 6.0
_MANY = 60


class CloneGesture(Gesture):
    """Copies of the selected nodes, with the wires among them, follow the pointer; snapped like nodes that are moved."""

    cursor = Qt.CursorShape.DragCopyCursor

    def __init__(self, canvas: CanvasView, start: Pointer, grabbed: str) -> None:
        super().__init__(canvas, start)
        nodes = canvas.canvas_scene.nodes
        self._ids = [id_ for id_ in canvas.selection.ids if id_ in nodes]
        self._rect = nodes[grabbed].rect
        self._others = Neighbours(nodes[id_].rect for id_ in canvas.canvas_scene.nodes_in(canvas.visible_rect()))
        self._by = QPointF()

    def move(self, pointer: Pointer) -> None:
        wanted: QRectF = self._rect.translated(pointer.scene - self.start.scene)
        aligned = self._others.align(wanted, _REACH / self.canvas.scale_factor)
        self._by = aligned.position - self._rect.topLeft()
        nodes = self.canvas.canvas_scene.nodes
        shown = [nodes[id_] for id_ in self._ids[:_MANY] if id_ in nodes]
        self.canvas.feedback.ghosts([(item.look, item.rect.topLeft() + self._by) for item in shown])
        self.canvas.feedback.show_guides(aligned.guides)

    def finish(self, pointer: Pointer) -> None:
        self.cancel()
        ids = [id_ for id_ in self._ids if id_ in self.canvas.graph.nodes]
        if self._by.isNull() or not ids:
            return
        edit, copies = duplicate(self.canvas.graph, ids, (self._by.x(), self._by.y()))
        if self.canvas.attempt(edit, "Clone", at=pointer.view):
            self.canvas.selection.set(copies)

    def cancel(self) -> None:
        self.canvas.feedback.clear()
