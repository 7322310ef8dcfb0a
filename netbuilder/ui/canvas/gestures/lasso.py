"""Selecting what a freely drawn line encloses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPolygonF

from netbuilder.ui.canvas.gestures.base import Gesture, Pointer

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView


_RULE = Qt.FillRule.OddEvenFill


class LassoGesture(Gesture):
    """A press on the void with Alt: nodes whose middle lies inside the line are selected; with Shift they are toggled."""

    def __init__(self, canvas: CanvasView, start: Pointer) -> None:
        super().__init__(canvas, start)
        self._line = QPolygonF([start.scene])

    def move(self, pointer: Pointer) -> None:
        self._line.append(pointer.scene)
        self.canvas.feedback.lasso(self._line)
        self.canvas.marking.preselect(self._selected())

    def finish(self, pointer: Pointer) -> None:
        self._line.append(pointer.scene)
        selected = self._selected()
        self.cancel()
        self.canvas.select_wires(())
        self.canvas.selection.set(selected)

    def cancel(self) -> None:
        self.canvas.feedback.clear()
        self.canvas.marking.preselect(None)

    def _selected(self) -> frozenset[str]:
        scene = self.canvas.canvas_scene
        near = scene.nodes_in(self._line.boundingRect()) if self._line.count() > 2 else frozenset()
        inside = frozenset(id_ for id_ in near if self._line.containsPoint(scene.nodes[id_].rect.center(), _RULE))
        return self.canvas.selection.ids ^ inside if self.start.adds else inside
