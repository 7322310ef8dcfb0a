"""What every gesture has in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QPoint, QPointF, Qt

if TYPE_CHECKING:
    from collections.abc import Callable

    from netbuilder.core.edits import Edit
    from netbuilder.net.trial import Trial
    from netbuilder.ui.canvas.view import CanvasView

DRAG_DISTANCE = 4


class Pointer(Struct, frozen=True):
    """Where the pointer is, in the scene and in the view, and which keys are held."""

    scene: QPointF
    view: QPoint
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier

    @property
    def adds(self) -> bool:
        """Whether Shift or Ctrl is held: toggle instead of replace."""
        return bool(self.modifiers & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier))

    @property
    def alt(self) -> bool:
        """Whether Alt is held."""
        return bool(self.modifiers & Qt.KeyboardModifier.AltModifier)


class Gesture:
    """Begins with a press, ends with `finish` or `cancel`; after either nothing of it is left on the canvas."""

    cursor: Qt.CursorShape | None = None
    creeps = True
    """Whether the paper moves along when the pointer comes to the edge of the view."""

    def __init__(self, canvas: CanvasView, start: Pointer) -> None:
        self.canvas = canvas
        self.start = start
        self._previewed: object = None

    def move(self, pointer: Pointer) -> None:
        """The pointer has moved."""

    def finish(self, pointer: Pointer) -> None:
        """The button was released: do it."""

    def cancel(self) -> None:
        """Leave everything as it was."""

    def preview(self, key: object = None, edit: Callable[[], Edit] | None = None) -> Trial | None:
        """Show what an edit would change, worked out once for each `key`; without one, nothing."""
        previews = self.canvas.context.session.previews
        if key != self._previewed:
            self._previewed = key
            previews.show(edit() if edit is not None else None)
        return previews.trial

    def far(self, pointer: Pointer) -> bool:
        """Whether the pointer has moved enough to mean a drag."""
        return (pointer.view - self.start.view).manhattanLength() >= DRAG_DISTANCE
