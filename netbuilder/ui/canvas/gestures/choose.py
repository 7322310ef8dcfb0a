"""Which gesture a press begins, by what lies under the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from netbuilder.ui.canvas.gestures.base import Gesture, Pointer
    from netbuilder.ui.canvas.view import CanvasView

PORT_REACH = 11.0


def begin(canvas: CanvasView, pointer: Pointer, button: Qt.MouseButton, *, space: bool) -> Gesture | None:
    """Ports before nodes before wires before the void; the middle button, or Space, always pans. With Alt a lasso, with Ctrl too a cut."""
    from netbuilder.ui.canvas.gestures.connect import ConnectGesture
    from netbuilder.ui.canvas.gestures.cut import CutGesture
    from netbuilder.ui.canvas.gestures.lasso import LassoGesture
    from netbuilder.ui.canvas.gestures.pan import PanGesture
    from netbuilder.ui.canvas.gestures.rubber_band import RubberBandGesture
    from netbuilder.ui.canvas.gestures.select import SelectGesture
    from netbuilder.ui.canvas.gestures.wire import WireGesture

    if button == Qt.MouseButton.MiddleButton or (space and button == Qt.MouseButton.LeftButton):
        return PanGesture(canvas, pointer)
    if button != Qt.MouseButton.LeftButton:
        return None
    scene = canvas.canvas_scene
    found = scene.port_at(pointer.scene, PORT_REACH)
    if found is not None:
        port, is_output = found
        source = canvas.graph.links.get(port) if not is_output else None
        if source is not None:
            return ConnectGesture(canvas, pointer, source, from_output=True, held=port)
        return ConnectGesture(canvas, pointer, port, from_output=is_output)
    node = canvas.hover.node_at(pointer.scene)
    if node is not None:
        return SelectGesture(canvas, pointer, node.node_id)
    if pointer.alt and pointer.modifiers & Qt.KeyboardModifier.ControlModifier:
        return CutGesture(canvas, pointer)
    wire = scene.wire_at(pointer.scene) if not pointer.alt else None
    if wire is not None:
        return WireGesture(canvas, pointer, wire.link.target)
    grip = canvas.ground.notes.at(pointer.scene) if canvas.graph.frames else None
    if grip is not None:
        from netbuilder.ui.canvas.gestures.note import NoteGesture

        return NoteGesture(canvas, pointer, grip)
    return LassoGesture(canvas, pointer) if pointer.alt else RubberBandGesture(canvas, pointer)
