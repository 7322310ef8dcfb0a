"""The canvas as a place where layers from the palette are dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent

if TYPE_CHECKING:
    from netbuilder.ui.canvas.gestures.place import PlaceGesture
    from netbuilder.ui.canvas.view import CanvasView

MIME = "application/x-netbuilder-layer"
"""What the palette drags: a layer's name in UTF-8."""


class DropTarget:
    """Runs a `PlaceGesture` while a layer hovers."""

    def __init__(self, canvas: CanvasView) -> None:
        self._canvas = canvas
        self._gesture: PlaceGesture | None = None

    @property
    def busy(self) -> bool:
        """Whether a layer hovers."""
        return self._gesture is not None

    def enter(self, event: QDragEnterEvent) -> None:
        """Something is dragged over the canvas; anything but a layer is left to the window."""
        if not event.mimeData().hasFormat(MIME):
            event.ignore()
            return
        from netbuilder.ui.canvas.gestures.place import PlaceGesture

        name = bytes(event.mimeData().data(MIME).data()).decode("utf-8", "replace")
        self._canvas.cancel()
        self._gesture = PlaceGesture(self._canvas, self._canvas.pointer(event), name)
        event.acceptProposedAction()

    def move(self, event: QDragMoveEvent) -> None:
        """The layer is dragged on."""
        if self._gesture is not None:
            self._gesture.move(self._canvas.pointer(event))
            event.acceptProposedAction()

    def leave(self, event: QDragLeaveEvent) -> None:
        """The layer has left the canvas."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.cancel()

    def drop(self, event: QDropEvent) -> None:
        """The layer is dropped here."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.finish(self._canvas.pointer(event))
            event.acceptProposedAction()
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
