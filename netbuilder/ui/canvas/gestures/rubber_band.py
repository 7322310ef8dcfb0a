"""Selecting what a rectangle touches."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from netbuilder.ui.canvas.gestures.base import Gesture, Pointer


class RubberBandGesture(Gesture):
    """A press on the void: a click selects nothing, a drag selects; with Shift or Ctrl it toggles."""

    def move(self, pointer: Pointer) -> None:
        if not self.far(pointer):
            return
        rect = QRectF(self.start.scene, pointer.scene).normalized()
        self.canvas.feedback.band(rect)
        self.canvas.marking.preselect(self._selected(pointer))

    def finish(self, pointer: Pointer) -> None:
        self.canvas.feedback.clear()
        self.canvas.marking.preselect(None)
        self.canvas.select_wires(())
        self.canvas.selection.set(self._selected(pointer))

    def cancel(self) -> None:
        self.canvas.feedback.clear()
        self.canvas.marking.preselect(None)

    def _selected(self, pointer: Pointer) -> frozenset[str]:
        inside = (
            self.canvas.canvas_scene.nodes_in(QRectF(self.start.scene, pointer.scene).normalized()) if self.far(pointer) else frozenset()
        )
        return self.canvas.selection.ids ^ inside if self.start.adds else inside
