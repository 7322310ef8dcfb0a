"""Scrolling while something is dragged to the edge of the view: the further out, the faster."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QPoint, QTimer

if TYPE_CHECKING:
    from netbuilder.ui.canvas.gestures.base import Pointer
    from netbuilder.ui.canvas.view import CanvasView

_TICK = 16  # milliseconds
_EDGE = 20
_PACE, _MOST = 0.5, 24


class Creeping:
    """Calls `again` with the pointer's place in the scene after each step. A press at the edge alone scrolls nothing."""

    def __init__(self, canvas: CanvasView, again: Callable[[Pointer], None]) -> None:
        self._canvas = canvas
        self._again = again
        self._pointer: Pointer | None = None
        self._armed = False
        self._timer = QTimer(canvas, interval=_TICK)
        self._timer.timeout.connect(self.step)

    def begin(self, pointer: Pointer) -> None:
        """A gesture begins here."""
        self._armed = self._pull(pointer.view).isNull()

    def feel(self, pointer: Pointer) -> None:
        """The pointer has dragged something to here."""
        near = not self._pull(pointer.view).isNull()
        self._armed, self._pointer = self._armed or not near, pointer
        if near and self._armed:
            self._timer.start()
        else:
            self._timer.stop()

    def step(self) -> None:
        """Scroll a little."""
        if self._pointer is None:
            return
        pull = self._pull(self._pointer.view)
        self._canvas.pan(-pull.x(), -pull.y())
        self._again(replace(self._pointer, scene=self._canvas.mapToScene(self._pointer.view)))

    def end(self) -> None:
        """The gesture is over."""
        self._timer.stop()
        self._pointer = None

    def _pull(self, at: QPoint) -> QPoint:
        inner = self._canvas.viewport().rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        out = QPoint(
            min(0, at.x() - inner.left()) + max(0, at.x() - inner.right()), min(0, at.y() - inner.top()) + max(0, at.y() - inner.bottom())
        )
        return QPoint(*(max(-_MOST, min(_MOST, round(far * _PACE))) for far in (out.x(), out.y())))
