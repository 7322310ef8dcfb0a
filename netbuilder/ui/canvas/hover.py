"""What lies under the resting pointer: highlighted node, port or wire, and what flows along the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip

from netbuilder.core.graph import Port
from netbuilder.ui.canvas.gestures.base import Pointer
from netbuilder.ui.canvas.gestures.choose import PORT_REACH
from netbuilder.ui.canvas.nodes.level_of_detail import Detail, detail
from netbuilder.ui.canvas.nodes.paint import BADGE, SETTINGS_ROW, State
from netbuilder.ui.canvas.wires.item import WireState

if TYPE_CHECKING:
    from netbuilder.net.trial import Trial
    from netbuilder.ui.canvas.nodes.item import NodeItem
    from netbuilder.ui.canvas.preview import Preview
    from netbuilder.ui.canvas.view import CanvasView
    from netbuilder.ui.canvas.wires.card import WireCard
    from netbuilder.ui.canvas.wires.item import WireItem

_BADGE = 11.0


class Hover:
    """Remembers what is highlighted, so that a move touches two items at most."""

    def __init__(self, canvas: CanvasView) -> None:
        self._canvas = canvas
        self._node: str | None = None
        self._wire: Port | None = None
        self.card: WireCard | None = None
        self.preview: Preview | None = None
        canvas.context.session.previewed.connect(self._on_previewed)

    def move(self, pointer: Pointer) -> None:
        """Highlight what lies under the pointer."""
        scene = self._canvas.canvas_scene
        port = scene.port_at(pointer.scene, PORT_REACH)
        badge = self.on_badge(pointer.scene) if not port else None
        node = scene.nodes[port[0].node] if port else self.node_at(pointer.scene)
        wire = scene.wire_at(pointer.scene) if node is None else None
        self._set(node.node_id if node else None, wire.link.target if wire else None)
        if node is not None:
            node.set_ports((port[0].name, port[1]) if port else None)
        self._tell(wire, pointer)
        text = self.on_number(pointer.scene) if node is not None and node.selected and not port else None
        shapes = Qt.CursorShape
        over = self._note_cursor(pointer) if node is None and wire is None and self._canvas.graph.frames else None
        self.cursor(shapes.CrossCursor if port else shapes.PointingHandCursor if wire or badge else shapes.IBeamCursor if text else over)

    def _note_cursor(self, pointer: Pointer) -> Qt.CursorShape | None:
        """How the pointer shows what a drag of a frame here would do."""
        from netbuilder.ui.canvas.gestures.note import cursor

        grip = self._canvas.ground.notes.at(pointer.scene)
        return cursor(grip) if grip is not None else None

    def node_at(self, point: QPointF) -> NodeItem | None:
        """The node at a scene point, or whose badge is there."""
        badge = self.on_badge(point)
        return self._canvas.canvas_scene.nodes[badge] if badge else self._canvas.canvas_scene.node_at(point)

    def on_badge(self, point: QPointF) -> str | None:
        """The node whose badge of a problem lies at a scene point."""
        around = QRectF(point.x() - _BADGE, point.y() - _BADGE, 2 * _BADGE, 2 * _BADGE)
        nodes = self._canvas.canvas_scene.near(around)[0]
        if detail(self._canvas.scale_factor) is Detail.BLOCK:
            return None
        near = (node for node in reversed(nodes) if around.contains(node.rect.topLeft() + BADGE) and node.look.severity is not None)
        return next((node.node_id for node in near), None)

    def on_number(self, point: QPointF) -> str | None:
        """The node whose settings are written at a scene point, while they can be read."""
        node = self._canvas.canvas_scene.node_at(point)
        if node is None or detail(self._canvas.scale_factor) < Detail.FULL or not node.look.settings:
            return None
        return node.node_id if SETTINGS_ROW.contains(point - node.rect.topLeft()) else None

    def _tell(self, wire: WireItem | None, pointer: Pointer) -> None:
        """Say what flows along the wire under the pointer."""
        if wire is not None and self.card is None:
            from netbuilder.ui.canvas.wires.card import WireCard

            self.card = WireCard(self._canvas)
        if self.card is not None:
            self.card.tell(wire.link if wire is not None else None, pointer.view)

    def clear(self) -> None:
        """Highlight nothing."""
        self._set(None, None)
        if self.card is not None:
            self.card.tell(None, QPoint())

    def _on_previewed(self, trial: Trial | None) -> None:
        """Show the ghost of an edit."""
        if trial is not None and self.preview is None:
            from netbuilder.ui.canvas.preview import Preview

            self.preview = Preview(self._canvas)
        if self.preview is not None:
            self.preview.show_trial(trial)

    def explain(self, event: QHelpEvent) -> bool:
        """Show what is wrong with the node under the resting pointer and what was measured of it, or which of several ports it is at."""
        canvas = self._canvas
        place = canvas.mapToScene(event.pos())
        if (name := self.port_name(place)) is not None:
            QToolTip.showText(event.globalPos(), name, canvas.viewport())
            return True
        node = self.node_at(place)
        lines = [*node.look.messages, *filter(None, [node.note])] if node is not None else []
        if node is None or not lines:
            QToolTip.hideText()
            return False
        box = canvas.mapFromScene(node.rect).boundingRect()
        QToolTip.showText(event.globalPos(), "\n".join(lines), canvas.viewport(), box)
        return True

    def port_name(self, place: QPointF) -> str | None:
        """The name of the port at a scene point, where its node has several on that side."""
        scene = self._canvas.canvas_scene
        found = scene.port_at(place, PORT_REACH)
        if found is None:
            return None
        port, is_output = found
        outline = scene.nodes[port.node].outline
        return port.name if len(outline.outputs if is_output else outline.inputs) > 1 else None

    def cursor(self, shape: Qt.CursorShape | None = None) -> None:
        """Show a cursor, or the usual one."""
        viewport = self._canvas.viewport()
        if shape is None:
            viewport.unsetCursor()
        else:
            viewport.setCursor(shape)

    def _set(self, node_id: str | None, target: Port | None) -> None:
        scene = self._canvas.canvas_scene
        if node_id != self._node:
            if self._node in scene.nodes and self._node is not None:
                scene.nodes[self._node].set_state(State.HOVERED, False)
                scene.nodes[self._node].set_ports()
            if node_id is not None:
                scene.nodes[node_id].set_state(State.HOVERED, True)
            self._node = node_id
        if target != self._wire:
            if self._wire is not None and self._wire in scene.wires:
                scene.wires[self._wire].set_state(WireState.HOVERED, False)
            if target is not None:
                scene.wires[target].set_state(WireState.HOVERED, True)
            self._wire = target
