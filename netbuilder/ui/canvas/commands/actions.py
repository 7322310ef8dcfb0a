"""What a person can do with what is selected on the canvas: delete, copy, arrange, align and so on."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from netbuilder.core.alignment import WAYS, line_up
from netbuilder.core.clipboard import copy_text, duplicate
from netbuilder.core.edits import compound, disconnect, move
from netbuilder.core.graph import Port
from netbuilder.core.layout import arrange, arrange_some, turn
from netbuilder.core.rewiring import remove_and_heal
from netbuilder.ui.canvas import intents

if TYPE_CHECKING:
    from netbuilder.core.edits import Edit
    from netbuilder.ui.canvas.commands.block_actions import BlockActions
    from netbuilder.ui.canvas.navigation.bookmarks import Bookmarks
    from netbuilder.ui.canvas.view import CanvasView

_OFFSET = (24.0, 24.0)


class Actions:
    """Carries out the commands of the canvas. Edits that are refused leave everything as it was."""

    def __init__(self, canvas: CanvasView) -> None:
        self._canvas = canvas

    @cached_property
    def blocks(self) -> BlockActions:
        """Making blocks and expanding them."""
        from netbuilder.ui.canvas.commands.block_actions import BlockActions

        return BlockActions(self._canvas)

    @cached_property
    def bookmarks(self) -> Bookmarks:
        """Places to come back to."""
        from netbuilder.ui.canvas.navigation.bookmarks import Bookmarks

        return Bookmarks(self._canvas)

    def delete(self) -> None:
        """Remove selected nodes, joining what they stood between, and selected wires."""
        canvas = self._canvas
        ids, wires = canvas.selected_ids, canvas.selected_wires
        if canvas.graph.frames and canvas.ground.notes.chosen:
            canvas.ground.notes.delete()
        loose = [target for target in wires if target.node not in ids and canvas.graph.links[target].node not in ids]
        if not ids and not loose:
            return
        parts = ([disconnect(*loose)] if loose else []) + ([remove_and_heal(ids)] if ids else [])
        canvas.attempt(compound(*parts), "Delete" if ids else "Disconnect")

    def disconnect(self) -> None:
        """Remove every wire of the selected nodes."""
        canvas = self._canvas
        touching = {target for id_ in canvas.selected_ids for target in canvas.canvas_scene.wires_of(id_)}
        if touching:
            canvas.attempt(disconnect(*touching), "Disconnect")

    def copy(self) -> None:
        """Put the selected layers on the clipboard as text."""
        ids = self._with_notes()
        if ids:
            QGuiApplication.clipboard().setText(copy_text(self._canvas.graph, ids))

    def cut(self) -> None:
        """Copy the selected layers, then delete them."""
        if self._canvas.selected_ids:
            QGuiApplication.clipboard().setText(copy_text(self._canvas.graph, self._canvas.selected_ids))
            self.delete()

    def paste(self) -> None:
        """Add the layers on the clipboard, which may be a snippet of PyTorch."""
        from netbuilder.ui.canvas.adding.pasting import paste_text

        paste_text(self._canvas, QGuiApplication.clipboard().text())

    def duplicate(self) -> None:
        """Add a copy of the selected layers beside them."""
        if self._canvas.selected_ids:
            edit, ids = duplicate(self._canvas.graph, self._canvas.selected_ids, _OFFSET)
            if self._canvas.attempt(edit, "Duplicate"):
                self._canvas.selection.set(ids)

    def select_all(self) -> None:
        """Select every node."""
        self._canvas.selection.set(self._canvas.graph.nodes)

    def select_branch(self, target: Port | None = None) -> None:
        """Select the chain of layers that a wire belongs to, by default the selected wire or that of the current layer."""
        canvas, current = self._canvas, self._canvas.lists.current()
        target = target or next(iter(canvas.selected_wires), None) or (intents.only_wire(canvas.graph, current) if current else None)
        found = intents.branch(canvas.graph, target) if target is not None else frozenset()
        if found:
            canvas.select_wires(())
            canvas.selection.set(found)

    def arrange(self) -> None:
        """Lay the selected layers out anew where they stand, or the whole network when fewer than two are selected."""
        canvas, ids = self._canvas, self._canvas.selected_ids
        if len(ids) > 1:
            self._glide(move(arrange_some(canvas.graph, ids)), "Arrange selection")
        else:
            self._glide(move(arrange(canvas.graph)), "Arrange", fit=True)

    def turn(self) -> None:
        """Make the drawing flow down instead of right, or right instead of down, arranged anew."""
        down = self._canvas.graph.direction == "down"
        self._glide(turn("right" if down else "down"), "Flow to the right" if down else "Flow down", fit=True)

    def line_up(self, way: str) -> None:
        """Align or distribute the selected layers; `way` is a name of `core.alignment.WAYS`."""
        canvas = self._canvas
        rects = {id_: canvas.canvas_scene.nodes[id_].rect for id_ in canvas.selected_ids}
        places = line_up(way, {id_: rect.getRect() for id_, rect in rects.items()})  # type: ignore[misc]
        self._glide(move(places), next(title for name, title, _ in WAYS if name == way))

    def edit(self) -> None:
        """Ask for the inspector; a block is opened instead, and a chosen frame or comment gets its text field."""
        canvas, current = self._canvas, self._canvas.lists.current()
        if canvas.graph.frames and canvas.ground.notes.chosen:
            canvas.ground.notes.edit(min(canvas.ground.notes.chosen))
        elif self._canvas.levels.is_block(current):
            self._canvas.levels.open(current)
        else:
            self.settings()

    def settings(self) -> None:
        """Ask for the inspector."""
        current = self._canvas.lists.current()
        if current is not None:
            self._canvas.edit_requested.emit(current)

    def _glide(self, edit: Edit, label: str, *, fit: bool = False) -> None:
        """Apply an edit that moves layers, and animate the movement."""
        canvas = self._canvas
        canvas.sync.settle()
        before = {id_: item.pos() for id_, item in canvas.canvas_scene.nodes.items()}
        if canvas.attempt(edit, label):
            if fit:
                canvas.fit()
            canvas.sync.glide(before)

    def _with_notes(self) -> frozenset[str]:
        """The selected layers with the frames around them, and chosen frames with what stands in them."""
        canvas = self._canvas
        return canvas.ground.notes.along(canvas.selected_ids) if canvas.graph.frames else canvas.selected_ids
