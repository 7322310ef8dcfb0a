"""Cutting wires with a stroke."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainterPath

from netbuilder.core.edits import disconnect
from netbuilder.core.graph import Port
from netbuilder.ui.canvas.gestures.base import Gesture, Pointer
from netbuilder.ui.canvas.wires.item import WireState

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView


class CutGesture(Gesture):
    """A press on the paper with Ctrl and Alt: every wire that the line crosses is removed, all in one step."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, canvas: CanvasView, start: Pointer) -> None:
        super().__init__(canvas, start)
        self._line = QPainterPath(start.scene)
        self._cut: set[Port] = set()

    def move(self, pointer: Pointer) -> None:
        step = QLineF(self._line.currentPosition(), pointer.scene)
        self._line.lineTo(pointer.scene)
        scene = self.canvas.canvas_scene
        _, wires = scene.near(QRectF(step.p1(), step.p2()).normalized().adjusted(-1, -1, 1, 1))
        self._cut |= {wire.link.target for wire in wires if _crosses(step, wire.path)}
        self.canvas.feedback.rubber(QPainterPath(self._line), legal=False)
        scene.mark_wires(WireState.DIMMED, self._cut)

    def finish(self, pointer: Pointer) -> None:
        self.move(pointer)
        self.cancel()
        cut = self._cut & self.canvas.graph.links.keys()
        if cut:
            self.canvas.attempt(disconnect(*cut), "Cut wires", at=pointer.view)

    def cancel(self) -> None:
        self.canvas.feedback.clear()
        self.canvas.canvas_scene.mark_wires(WireState.DIMMED, ())


def _crosses(step: QLineF, path: QPainterPath) -> bool:
    for polygon in path.toSubpathPolygons():
        points = polygon.toList()
        for first, second in pairwise(points):
            if step.intersects(QLineF(first, second))[0] == QLineF.IntersectionType.BoundedIntersection:
                return True
    return False
