"""Frames and comments of the graph on show: which is chosen, where each is shown, and what is done with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QAction, QPainter, QPixmap
from PySide6.QtWidgets import QMenu

from netbuilder.core.edits import remove_frame, set_frame
from netbuilder.core.graph import Frame, fresh_id
from netbuilder.ui.canvas.geometry import snap, united
from netbuilder.ui.canvas.notes.paint import COLOURS, TITLE, Grip, grip_at, paint_note, paint_title, rect_of, tint, title_rect

if TYPE_CHECKING:
    from netbuilder.ui.canvas.notes.editor import NoteEditor
    from netbuilder.ui.canvas.view import CanvasView

_ROOM = 24.0
_NEW_FRAME, _NEW_COMMENT = (360.0, 200.0), (208.0, 88.0)


class Notes:
    """`chosen` are the notes that keys act on; a gesture shows them elsewhere with `show_at` until it is done."""

    def __init__(self, canvas: CanvasView) -> None:
        self._canvas = canvas
        self._places: Mapping[str, QRectF] = {}
        self.chosen: frozenset[str] = frozenset()
        self.editor: NoteEditor | None = None
        canvas.selection.changed.connect(self._on_selected)

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Draw those that touch a rectangle, large ones behind small ones."""
        zoom = painter.worldTransform().m11()
        for frame in sorted(self._canvas.graph.frames.values(), key=lambda each: (each.comment, -each.size[0] * each.size[1])):
            place = self.place_of(frame)
            if place.adjusted(-4, -4, 4, 4).intersects(rect):
                paint_note(painter, frame, place, self._canvas.canvas_scene.colours, zoom, chosen=frame.id in self.chosen)

    def paint_titles(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the titles of frames over wires, except where a layer stands on one."""
        zoom, scene = painter.worldTransform().m11(), self._canvas.canvas_scene
        for frame in self._canvas.graph.frames.values():
            place = self.place_of(frame)
            title = title_rect(frame, place)
            if title.intersects(rect) and not scene.nodes_in(title):
                paint_title(painter, frame, place, scene.colours, zoom)

    def place_of(self, frame: Frame) -> QRectF:
        """Where it is shown now."""
        return self._places.get(frame.id) or rect_of(frame)

    def at(self, point: QPointF) -> Grip | None:
        """What can be taken hold of at a point: the smallest note there."""
        frames = sorted(self._canvas.graph.frames.values(), key=lambda each: (not each.comment, each.size[0] * each.size[1]))
        zoom = self._canvas.scale_factor
        return next((grip for frame in frames if (grip := grip_at(frame, point, zoom)) is not None), None)

    def choose(self, ids: Iterable[str]) -> None:
        """Choose exactly these; layers are selected no more."""
        chosen = frozenset(ids) & self._canvas.graph.frames.keys()
        if chosen:
            self._canvas.select_wires(())
            self._canvas.selection.clear()
        if chosen != self.chosen:
            self.chosen = chosen
            self._canvas.canvas_scene.update()
            self._canvas.marking.show_focus()
            self._canvas.context.commands.refresh()

    def show_at(self, places: Mapping[str, QRectF]) -> None:
        """Show them elsewhere, without moving them."""
        self._places = places
        self._canvas.canvas_scene.update()

    def add(self, *, comment: bool) -> None:
        """A frame around the selection, or a comment beside it; without a selection where there is room. Its text is typed at once."""
        canvas = self._canvas
        scene = canvas.canvas_scene
        around = united(scene.nodes[id_].rect for id_ in canvas.selected_ids if id_ in scene.nodes)
        rect = self._room_beside(around) if comment else self._room_around(around)
        text = "Comment" if comment else "Frame"
        position, size = (snap(rect.x()), snap(rect.y())), (snap(rect.width()), snap(rect.height()))
        frame = Frame(fresh_id(canvas.graph.frames, "f"), text, position, size, comment=comment)
        if canvas.attempt(set_frame(frame), f"Add {text.lower()}"):
            self.choose([frame.id])
            canvas.fit() if canvas.camera.fitted else canvas.camera.reveal(rect_of(frame))
            self.edit(frame.id)

    def along(self, ids: frozenset[str]) -> frozenset[str]:
        """These layers with the notes that belong to them: frames around nothing else; and chosen notes with what is in them."""
        graph, scene, found = self._canvas.graph, self._canvas.canvas_scene, set(ids) | self.chosen
        for frame in graph.frames.values():
            inside = {id_ for id_, item in scene.nodes.items() if rect_of(frame).contains(item.rect.center())}
            if frame.id in self.chosen:
                found |= set() if frame.comment else inside
            elif inside <= ids and (inside or ids == graph.nodes.keys()):
                found.add(frame.id)
        return frozenset(found & (graph.nodes.keys() | graph.frames.keys()))

    def _room_around(self, around: QRectF) -> QRectF:
        """Room for a frame: around what is selected, or in the middle; around everything when layers stand there."""
        scene, rect = self._canvas.canvas_scene, QRectF(0, 0, *_NEW_FRAME)
        rect.moveCenter(self._canvas.visible_rect().center())
        if around.isNull() and not scene.nodes_in(rect):
            return rect
        return (scene.node_bounds() if around.isNull() else around).adjusted(-_ROOM, -_ROOM - TITLE + 4, _ROOM, _ROOM)

    def _room_beside(self, around: QRectF) -> QRectF:
        """Room for a comment: above what is selected, or in the middle; above everything when layers stand there."""
        scene, middle = self._canvas.canvas_scene, self._canvas.visible_rect().center()
        corner = middle if around.isNull() else QPointF(around.left(), around.top() - _NEW_COMMENT[1] - 16)
        rect = QRectF(corner.x(), corner.y(), *_NEW_COMMENT)
        if scene.nodes_in(rect.adjusted(-8, -8, 8, 8)):
            rect.moveTop(scene.node_bounds().top() - rect.height() - _ROOM - TITLE - 8)
        return rect

    def delete(self) -> None:
        """Take the chosen ones away; what stands in frames stays."""
        chosen = self.chosen & self._canvas.graph.frames.keys()
        if chosen and self._canvas.attempt(remove_frame(*chosen), "Delete comment" if self._only_comments(chosen) else "Delete frame"):
            self.choose(())

    def colour(self, name: str) -> None:
        """Colour the chosen ones."""
        for id_ in self.chosen & self._canvas.graph.frames.keys():
            self._canvas.attempt(set_frame(replace(self._canvas.graph.frames[id_], colour=name)), "Colour")

    def edit(self, id_: str) -> None:
        """Type its text in place."""
        from netbuilder.ui.canvas.notes.editor import NoteEditor

        if self.editor is not None:
            self.editor.finish()
        if id_ in self._canvas.graph.frames:
            self.editor = NoteEditor(self._canvas, self._canvas.graph.frames[id_], self._edited)

    def fill_menu(self, menu: QMenu) -> None:
        """What can be done with the chosen ones."""
        only = next(iter(self.chosen), None)
        if only is None:
            return
        _act(menu, "Edit text", partial(self.edit, only), "note.edit")
        for name in COLOURS:
            act = _act(menu, (name or "grey").capitalize(), partial(self.colour, name), f"note.{name or 'grey'}")
            swatch = QPixmap(12, 12)
            swatch.fill(tint(name, self._canvas.canvas_scene.colours))
            act.setIcon(swatch)
        menu.addSeparator()
        _act(menu, "Delete", self.delete, "note.delete")

    def _edited(self, id_: str, text: str | None) -> None:
        self.editor = None
        frame = self._canvas.graph.frames.get(id_)
        if frame is not None and text is not None and text.strip() and text != frame.text:
            self._canvas.attempt(set_frame(replace(frame, text=text.strip())), "Edit text")
        self._canvas.setFocus()

    def _on_selected(self) -> None:
        if self._canvas.selection.ids:
            self.choose(())

    def _only_comments(self, ids: Iterable[str]) -> bool:
        return all(self._canvas.graph.frames[id_].comment for id_ in ids)


def _act(menu: QMenu, title: str, run: object, name: str) -> QAction:
    act = menu.addAction(title)
    act.setObjectName(f"action.{name}")
    act.triggered.connect(lambda _checked=False: run())  # type: ignore[operator]
    return act
