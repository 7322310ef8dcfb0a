"""Pressing a node: a click selects it, a drag moves the selection, or copies of it with Alt, or takes it out of its wires with Ctrl.

A click on the number edits it, one on the badge of a problem offers what mends it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from netbuilder.ui.canvas.gestures.base import Gesture, Pointer
from netbuilder.ui.canvas.gestures.clone import CloneGesture
from netbuilder.ui.canvas.gestures.move import MoveGesture
from netbuilder.ui.canvas.gestures.take_out import TakeOutGesture
from netbuilder.ui.canvas.nodes.paint import State

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView


class SelectGesture(Gesture):
    """Becomes a `MoveGesture`, with Alt a `CloneGesture`, with Ctrl a `TakeOutGesture`, as soon as the pointer leaves the press."""

    def __init__(self, canvas: CanvasView, start: Pointer, node_id: str) -> None:
        super().__init__(canvas, start)
        self._node = node_id
        self._move: MoveGesture | CloneGesture | None = None
        self._before = canvas.selection.ids
        if not start.adds and node_id not in self._before:
            canvas.selection.set([node_id])
        canvas.select_wires(())
        self._press(True)

    def move(self, pointer: Pointer) -> None:
        if self._move is None:
            if not self.far(pointer) or self._node not in self.canvas.graph.nodes:
                return
            self._press(False)
            self._move = self._begun()
        self._move.move(pointer)

    def finish(self, pointer: Pointer) -> None:
        if self._move is not None:
            self._move.finish(pointer)
            return
        self._press(False)
        if self._node not in self.canvas.graph.nodes:  # deleted by a key while the button was down
            return
        if self.start.adds:
            self.canvas.selection.toggle([self._node])
        elif self.canvas.hover.on_badge(self.start.scene) == self._node:
            self.canvas.selection.set([self._node])
            self.canvas.context.commands.run("canvas.mend")
        elif self._before == {self._node} and self.canvas.hover.on_number(self.start.scene) == self._node:
            self.canvas.context.commands.run("canvas.quick_edit")
        else:
            self.canvas.selection.set([self._node])

    def cancel(self) -> None:
        self._press(False)
        if self._move is not None:
            self._move.cancel()
        self.canvas.selection.set(self._before & self.canvas.graph.nodes.keys())

    def _begun(self) -> MoveGesture | CloneGesture:
        selection, out = self.canvas.selection, bool(self.start.modifiers & Qt.KeyboardModifier.ControlModifier)
        if self._node not in selection.ids:
            selection.set([self._node] if out else selection.ids | {self._node})
        kind = CloneGesture if self.start.alt else TakeOutGesture if out else MoveGesture
        return kind(self.canvas, self.start, self._node)

    def _press(self, on: bool) -> None:
        item = self.canvas.canvas_scene.nodes.get(self._node)
        if item is not None:
            item.set_state(State.PRESSED, on)
