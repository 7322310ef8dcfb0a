"""Dragging the whole view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt

from netbuilder.ui.canvas.gestures.base import Gesture, Pointer

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView


class PanGesture(Gesture):
    """With the middle button, or with Space and the left one."""

    cursor = Qt.CursorShape.ClosedHandCursor
    creeps = False

    def __init__(self, canvas: CanvasView, start: Pointer) -> None:
        super().__init__(canvas, start)
        self._last = start.view
        self._moved = QPoint()

    def move(self, pointer: Pointer) -> None:
        by = pointer.view - self._last
        self._last = pointer.view
        self._moved += by
        self.canvas.pan(by.x(), by.y())

    def cancel(self) -> None:
        self.canvas.pan(-self._moved.x(), -self._moved.y())
