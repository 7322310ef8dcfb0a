"""The pointer over the canvas: a press begins a gesture, moves feed it, the release ends it; the wheel zooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

from netbuilder.ui.canvas.auto_scroll import Creeping
from netbuilder.ui.canvas.gestures.choose import begin

if TYPE_CHECKING:
    from netbuilder.ui.canvas.gestures.base import Gesture, Pointer
    from netbuilder.ui.canvas.view import CanvasView

_NOTCH = 1.0015


class Mouse:
    """Runs one gesture at a time; `space` tells that the space bar is held, which makes any press a pan."""

    def __init__(self, canvas: CanvasView) -> None:
        self._canvas = canvas
        self._gesture: Gesture | None = None
        self._creeping = Creeping(canvas, self._again)
        self.space = False

    @property
    def busy(self) -> bool:
        """Whether a gesture is running."""
        return self._gesture is not None

    def press(self, event: QMouseEvent) -> None:
        """Begin what a press here means."""
        canvas = self._canvas
        if event.buttons() == event.button():
            self.cancel()  # the release of the last press went elsewhere
        canvas.sync.settle()
        if self._gesture is None:
            self._gesture = begin(canvas, canvas.pointer(event), event.button(), space=self.space)
            canvas.hover.cursor(self._gesture.cursor if self._gesture else None)
            self._creeping.begin(canvas.pointer(event))
        event.accept()

    def move(self, event: QMouseEvent) -> None:
        """Go on with it, or highlight what lies here."""
        canvas, pointer = self._canvas, self._canvas.pointer(event)
        if event.buttons() == Qt.MouseButton.NoButton:
            self.cancel()
        if self._gesture is not None:
            self._gesture.move(pointer)
            canvas.hover.cursor(self._gesture.cursor)
            if self._gesture.creeps and self._gesture.far(pointer):
                self._creeping.feel(pointer)
        else:
            canvas.hover.move(pointer)

    def release(self, event: QMouseEvent) -> None:
        """Do it, when the last button is up."""
        gesture = self._gesture
        if gesture is not None and event.buttons() == Qt.MouseButton.NoButton:
            self._gesture = None
            self._creeping.end()
            gesture.finish(self._canvas.pointer(event))
            self._canvas.hover.cursor()

    def cancel(self) -> bool:
        """Give up the running gesture; returns whether there was one."""
        gesture, self._gesture = self._gesture, None
        self._creeping.end()
        if gesture is None:
            return False
        gesture.cancel()
        self._canvas.hover.cursor()
        return True

    def double_click(self, event: QMouseEvent) -> None:
        """On a block: its inside. On a layer: its settings. On a wire: its branch. On a frame: its text. On the void: a layer by typing."""
        canvas, scene, pointer = self._canvas, self._canvas.canvas_scene, self._canvas.pointer(event)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        node = scene.node_at(pointer.scene)
        if node is not None and canvas.levels.is_block(node.node_id):
            canvas.levels.open(node.node_id)
        elif node is not None:
            canvas.edit_requested.emit(node.node_id)
        elif scene.port_at(pointer.scene) is None:
            wire = scene.wire_at(pointer.scene)
            self.cancel()
            note = canvas.ground.notes.at(pointer.scene) if canvas.graph.frames and wire is None else None
            if note is not None:
                canvas.ground.notes.edit(note.note)
            elif wire is None:
                canvas.ask_layer(pointer.scene)
            else:
                canvas.actions_.select_branch(wire.link.target)

    def _again(self, pointer: Pointer) -> None:
        """The paper has moved below the resting pointer."""
        if self._gesture is not None:
            self._gesture.move(pointer)

    def wheel(self, event: QWheelEvent) -> None:
        """A wheel zooms, and pans sideways with Shift or when it is tilted; two fingers on a touchpad pan."""
        canvas, pixels, angle = self._canvas, event.pixelDelta(), event.angleDelta()
        canvas.hover.clear()
        touchpad = not pixels.isNull() and event.phase() != Qt.ScrollPhase.NoScrollPhase
        aside = abs(angle.x()) > abs(angle.y())
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier or not (touchpad or aside or event.modifiers()):
            canvas.zoom(_NOTCH ** (angle.y() or angle.x()), event.position().toPoint())
        elif touchpad:
            canvas.pan(pixels.x(), pixels.y())
        else:
            canvas.pan(angle.x() + (angle.y() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0), 0)
        self._again(canvas.pointer(event))
        event.accept()
