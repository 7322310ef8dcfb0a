"""Dragging the selected nodes; the document is changed once, at the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt

from netbuilder.core.edits import Edit, move
from netbuilder.core.graph import Graph, Port
from netbuilder.ui.canvas import intents
from netbuilder.ui.canvas.gestures.base import Gesture, Pointer
from netbuilder.ui.canvas.snapping import Aligned, Neighbours
from netbuilder.ui.canvas.wires.item import WireState

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView

_REACH = 6.0
_MANY = 60


class MoveGesture(Gesture):
    """Snaps to the grid and to neighbours; moves freely while Alt is held after the press."""

    cursor = Qt.CursorShape.ClosedHandCursor
    in_the_open: object = None
    """The key of the preview while no wire is aimed at; none is shown without one."""

    def __init__(self, canvas: CanvasView, start: Pointer, grabbed: str) -> None:
        super().__init__(canvas, start)
        nodes = canvas.canvas_scene.nodes
        self._from = {id_: nodes[id_].pos() for id_ in canvas.selection.ids if id_ in nodes}
        self._rect = nodes[grabbed].rect
        seen = canvas.visible_rect()
        self._others = Neighbours(nodes[id_].rect for id_ in canvas.canvas_scene.nodes_in(seen) if id_ not in self._from)
        self._by = QPointF()
        self._into: Port | None = None

    def move(self, pointer: Pointer) -> None:
        wanted = self._rect.translated(pointer.scene - self.start.scene)
        aligned = self._aligned(wanted, pointer)
        self._by = aligned.position - self._rect.topLeft()
        self.canvas.feedback.show_guides(aligned.guides)
        self._show(self._by)
        self._aim(pointer)

    def finish(self, pointer: Pointer) -> None:
        self._clear()
        self._unshow()
        if self._by.isNull():
            self._restore()
            return
        if not self.canvas.attempt(*self._edit(), at=pointer.view):
            self._restore()

    def cancel(self) -> None:
        self._clear()
        self._restore()

    def _edit(self) -> tuple[Edit, str]:
        graph = self._base()
        to = {id_: (at.x() + self._by.x(), at.y() + self._by.y()) for id_, at in self._from.items() if id_ in graph.nodes}
        only = next(iter(to), None)
        if self._into is None or only is None or not intents.goes_into(graph, only, self._into):
            return move(to), "Move"
        return intents.splice(graph, only, self._into, intents.place_in_wire(graph, self._into, to[only], only)), "Insert into wire"

    def _base(self) -> Graph:
        """The graph that the layers are moved in."""
        return self.canvas.graph

    def _aim(self, pointer: Pointer) -> None:
        """Light up the wire that a single loose node would be put into."""
        scene, graph = self.canvas.canvas_scene, self._base()
        self._into = None
        if len(self._from) == 1 and (only := next(iter(self._from))) in graph.nodes:
            middle = self._rect.translated(self._by).center()
            wire = scene.wire_at(pointer.scene) or scene.wire_at(middle)
            if wire is not None and intents.goes_into(graph, only, wire.link.target):
                self._into = wire.link.target
        scene.mark_wires(WireState.INSERT, [self._into] if self._into else ())
        aim = self._into or self.in_the_open
        self.preview(aim, (lambda: self._edit()[0]) if aim else None)

    def _clear(self) -> None:
        self.canvas.feedback.clear()
        self.canvas.canvas_scene.mark_wires(WireState.INSERT, ())
        self.preview()

    def _aligned(self, wanted: QRectF, pointer: Pointer) -> Aligned:
        if pointer.alt:
            return Aligned(QPointF(round(wanted.x()), round(wanted.y())))
        return self._others.align(wanted, _REACH / self.canvas.scale_factor)

    def _show(self, by: QPointF) -> None:
        scene = self.canvas.canvas_scene
        if len(self._from) > _MANY:
            scene.carry(self._from, by)
            return
        self._place({id_: (at + by).toTuple() for id_, at in self._from.items()})  # type: ignore[misc]
        scene.reroute(self._from, settle=False)

    def _unshow(self) -> None:
        """Everything is where the document has it, which may have changed since the drag began."""
        self.canvas.canvas_scene.put_down()
        nodes = self.canvas.graph.nodes
        self._place({id_: nodes[id_].position for id_ in self._from if id_ in nodes})

    def _place(self, places: Mapping[str, tuple[float, float]]) -> None:
        scene = self.canvas.canvas_scene
        with scene.together():
            for id_, place in places.items():
                if id_ in scene.nodes and scene.nodes[id_].pos().toTuple() != place:
                    scene.place(id_, place)

    def _restore(self) -> None:
        scene = self.canvas.canvas_scene
        carried = scene.carried is not None
        self._unshow()
        if not carried:
            scene.reroute([id_ for id_ in self._from if id_ in scene.nodes])
