"""Pressing a wire: a click selects it, a drag takes hold of the nearer end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netbuilder.core.graph import Port
from netbuilder.ui.canvas.gestures.base import Gesture, Pointer
from netbuilder.ui.canvas.gestures.connect import ConnectGesture

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView


class WireGesture(Gesture):
    """Selects on a click; dragging re-routes the end nearer to the press; in the void it offers layers."""

    def __init__(self, canvas: CanvasView, start: Pointer, target: Port) -> None:
        super().__init__(canvas, start)
        self._target = target
        self._connect: ConnectGesture | None = None

    def move(self, pointer: Pointer) -> None:
        if self._connect is None:
            if not self.far(pointer) or self._target not in self.canvas.graph.links:
                return
            self._connect = self._take_hold()
        self._connect.move(pointer)

    def finish(self, pointer: Pointer) -> None:
        if self._connect is not None:
            self._connect.finish(pointer)
            return
        if not self.start.adds:
            self.canvas.selection.clear()
            self.canvas.select_wires([self._target])
        else:
            self.canvas.select_wires(self.canvas.selected_wires ^ {self._target})

    def cancel(self) -> None:
        if self._connect is not None:
            self._connect.cancel()

    def _take_hold(self) -> ConnectGesture:
        path = self.canvas.canvas_scene.wires[self._target].path
        source = self.canvas.graph.links[self._target]
        away_start, away_end = (self.start.scene - path.pointAtPercent(p) for p in (0.0, 1.0))
        if away_end.manhattanLength() <= away_start.manhattanLength():
            return ConnectGesture(self.canvas, self.start, source, from_output=True, held=self._target)
        return ConnectGesture(self.canvas, self.start, self._target, from_output=False, held=self._target)
