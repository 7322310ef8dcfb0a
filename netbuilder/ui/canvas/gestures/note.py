"""Pressing a frame or comment: a click chooses it, a drag moves it with what stands in it, or resizes it at a side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF, Qt

from netbuilder.core.edits import compound, move, set_frame
from netbuilder.ui.canvas.geometry import snap
from netbuilder.ui.canvas.gestures.base import Gesture, Pointer
from netbuilder.ui.canvas.notes.paint import SMALLEST, Grip, rect_of

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView


class NoteGesture(Gesture):
    """Snaps to the grid; with Alt a frame moves without what stands in it."""

    def __init__(self, canvas: CanvasView, start: Pointer, grip: Grip) -> None:
        super().__init__(canvas, start)
        self._grip = grip
        self._notes = canvas.ground.notes
        self.cursor = cursor(grip)
        graph, scene = canvas.graph, canvas.canvas_scene
        here = rect_of(graph.frames[grip.note])
        alone = bool(grip.sides or graph.frames[grip.note].comment or start.modifiers & Qt.KeyboardModifier.AltModifier)
        self._nodes = [] if alone else [id_ for id_, item in scene.nodes.items() if here.contains(item.rect.center())]
        inner = [] if alone else [id_ for id_, frame in graph.frames.items() if here.contains(rect_of(frame))]
        self._from = {id_: rect_of(graph.frames[id_]) for id_ in {grip.note, *inner}}
        self._to = dict(self._from)

    def move(self, pointer: Pointer) -> None:
        if not self.far(pointer):
            return
        by = pointer.scene - self.start.scene
        if self._grip.sides:
            self._to = {self._grip.note: _resized(self._from[self._grip.note], self._grip.sides, by)}
        else:
            first = self._from[self._grip.note].topLeft()
            by = QPointF(snap(first.x() + by.x()) - first.x(), snap(first.y() + by.y()) - first.y())
            self._to = {id_: rect.translated(by) for id_, rect in self._from.items()}
            if self._nodes:
                self.canvas.canvas_scene.carry(self._nodes, by)
        self._notes.show_at(self._to)

    def finish(self, pointer: Pointer) -> None:
        self.cancel()
        if self._to == self._from:
            self._notes.choose([self._grip.note])
            return
        graph = self.canvas.graph
        frames = [
            set_frame(replace(graph.frames[id_], position=(rect.x(), rect.y()), size=(rect.width(), rect.height())))
            for id_, rect in self._to.items()
            if id_ in graph.frames
        ]
        by = self._to[self._grip.note].topLeft() - self._from[self._grip.note].topLeft()
        places = {id_: graph.nodes[id_].position for id_ in self._nodes if id_ in graph.nodes}
        moved = [move({id_: (x + by.x(), y + by.y()) for id_, (x, y) in places.items()})] if places else []
        label = "Resize" if self._grip.sides else "Move"
        if self.canvas.attempt(compound(*frames, *moved), f"{label} frame", at=pointer.view):
            self._notes.choose([self._grip.note])

    def cancel(self) -> None:
        self._notes.show_at({})
        self.canvas.canvas_scene.put_down()


def cursor(grip: Grip) -> Qt.CursorShape:
    """What the pointer looks like there."""
    shapes = Qt.CursorShape
    if not grip.sides:
        return shapes.SizeAllCursor
    if grip.sides in ("lt", "rb"):
        return shapes.SizeFDiagCursor
    if grip.sides in ("tr", "lb"):
        return shapes.SizeBDiagCursor
    return shapes.SizeHorCursor if grip.sides in ("l", "r") else shapes.SizeVerCursor


def _resized(rect: QRectF, sides: str, by: QPointF) -> QRectF:
    left, top, right, bottom = rect.left(), rect.top(), rect.left() + rect.width(), rect.top() + rect.height()
    if "l" in sides:
        left = min(snap(left + by.x()), right - SMALLEST[0])
    if "r" in sides:
        right = max(snap(right + by.x()), left + SMALLEST[0])
    if "t" in sides:
        top = min(snap(top + by.y()), bottom - SMALLEST[1])
    if "b" in sides:
        bottom = max(snap(bottom + by.y()), top + SMALLEST[1])
    return QRectF(QPointF(left, top), QPointF(right, bottom))
