"""The canvas's commands, all of them in the command registry; what they do is in `actions`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from netbuilder.core.alignment import WAYS
from netbuilder.ui.canvas.commands.editing import add_editing_commands
from netbuilder.ui.canvas.heat.commands import add_heat_commands
from netbuilder.ui.commands import Changing, Command, needs

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView

Keys = QKeySequence.StandardKey


def add_canvas_commands(canvas: CanvasView) -> None:
    """Register them, unless the window already has them; what is selected decides which can be used."""
    add = Adder(canvas)
    _editing(canvas, add)
    _viewing(canvas, add)
    _building(canvas, add)
    add_editing_commands(canvas, add)
    add_heat_commands(canvas)
    _blocks(canvas, add)
    canvas.selection.changed.connect(canvas.context.commands.refresh)


class Adder:
    """Adds commands of one canvas, unless the window already has them; knows when they can be used."""

    def __init__(self, canvas: CanvasView) -> None:
        self._canvas = canvas

    def __call__(
        self,
        name: str,
        title: str | Changing,
        run: Callable[[], object],
        menu: str,
        keys: str | QKeySequence.StandardKey,
        enabled: Callable[[], bool],
        icon: str,
        group: str,
    ) -> None:
        commands = self._canvas.context.commands
        if f"canvas.{name}" not in commands:
            commands.add(Command(f"canvas.{name}", title, run, menu, keys, enabled, icon, group=group, owner=self._canvas))

    @needs("Select a layer first.")
    def selected(self) -> bool:
        return bool(self._canvas.selected_ids)

    @needs("Select two layers or more first.")
    def several(self) -> bool:
        return len(self._canvas.selected_ids) > 1

    @needs("Select something first.")
    def anything(self) -> bool:
        noted = self._canvas.graph.frames and self._canvas.ground.notes.chosen
        return bool(self._canvas.selected_ids or self._canvas.selected_wires or noted)

    @needs("There is no frame or comment yet.")
    def noted(self) -> bool:
        return bool(self._canvas.graph.frames)

    @needs("Select a wire first.")
    def wire(self) -> bool:
        return bool(self._canvas.selected_wires)

    @needs("Select a block first.")
    def block(self) -> bool:
        return any(self._canvas.levels.is_block(id_) for id_ in self._canvas.selected_ids)

    @needs("The whole network is on show already.")
    def inside(self) -> bool:
        return bool(self._canvas.level.uses)

    @needs("The canvas is empty.")
    def filled(self) -> bool:
        return bool(self._canvas.graph.nodes)

    def down(self) -> bool:
        return self._canvas.graph.direction == "down"

    @staticmethod
    def always() -> bool:
        return True


def _editing(canvas: CanvasView, add: Adder) -> None:
    add("cut", "Cut", lambda: canvas.actions_.cut(), "Edit", Keys.Cut, add.selected, "scissors", "clipboard")
    add("copy", "Copy", lambda: canvas.actions_.copy(), "Edit", Keys.Copy, add.anything, "copy", "clipboard")
    add("paste", "Paste", lambda: canvas.actions_.paste(), "Edit", Keys.Paste, add.always, "clipboard", "clipboard")
    add("duplicate", "Duplicate", lambda: canvas.actions_.duplicate(), "Edit", "Ctrl+D", add.selected, "copy", "clipboard")
    add("delete", "Delete", lambda: canvas.actions_.delete(), "Edit", Keys.Delete, add.anything, "trash-2", "select")
    add("select_branch", "Select branch", lambda: canvas.actions_.select_branch(), "Edit", "Ctrl+Shift+A", add.anything, "", "select")
    add("select_all", "Select all", lambda: canvas.actions_.select_all(), "Edit", Keys.SelectAll, add.filled, "", "select")
    add("find", "Find in the network…", lambda: canvas.overlays.finder.open(), "Edit", Keys.Find, add.filled, "search", "find")
    add("find_next", "Find next", lambda: canvas.overlays.finder.step(1), "Edit", "F3", add.filled, "", "find")
    add("find_previous", "Find previous", lambda: canvas.overlays.finder.step(-1), "Edit", "Shift+F3", add.filled, "", "find")


def _viewing(canvas: CanvasView, add: Adder) -> None:
    add("fit", "Zoom to fit", canvas.fit, "View", "Ctrl+0", add.filled, "maximize", "zoom")
    add("zoom_in", "Zoom in", lambda: canvas.zoom(1.25), "View", Keys.ZoomIn, add.always, "zoom-in", "zoom")
    add("zoom_out", "Zoom out", lambda: canvas.zoom(0.8), "View", Keys.ZoomOut, add.always, "zoom-out", "zoom")
    add("actual_size", "Actual size", lambda: canvas.set_zoom(1.0), "View", "Ctrl+Shift+0", add.always, "", "zoom")
    for number in map(str, range(1, 10)):
        go, set_ = partial(_bookmark, canvas, "go", number), partial(_bookmark, canvas, "set", number)
        add(f"bookmark_go_{number}", f"Go to bookmark {number}", go, "", f"Ctrl+{number}", add.always, "", "marks")
        add(f"bookmark_set_{number}", f"Set bookmark {number} here", set_, "", f"Ctrl+Shift+{number}", add.always, "", "marks")
    if "canvas.focus" not in canvas.context.commands:
        go = partial(canvas.setFocus, Qt.FocusReason.ShortcutFocusReason)
        canvas.context.commands.add(Command("canvas.focus", "Go to the canvas", go, "View", "F6", group="canvas"))
    add("go_on", "Go on from the canvas", canvas.keyboard.go_on, "View", "Ctrl+Tab", add.always, "", "canvas")


def _note(canvas: CanvasView, comment: bool) -> None:
    canvas.ground.notes.add(comment=comment)


def _next_note(canvas: CanvasView) -> None:
    from netbuilder.ui.canvas.notes.keys import choose_next

    choose_next(canvas)


def _bookmark(canvas: CanvasView, what: str, number: str) -> None:
    getattr(canvas.actions_.bookmarks, what)(number)


def _line_up(canvas: CanvasView, way: str) -> None:
    canvas.actions_.line_up(way)


def _building(canvas: CanvasView, add: Adder) -> None:
    add("add", "Add layer…", lambda: canvas.lists.add(), "Network", "Tab", add.always, "plus", "canvas")
    add("insert", "Insert into wire…", lambda: canvas.lists.insert(), "Network", "", add.wire, "plus", "canvas")
    add("connect", "Connect to…", lambda: canvas.lists.connect(), "Network", "C", add.selected, "arrow-right", "canvas")
    add("disconnect", "Remove wires", lambda: canvas.actions_.disconnect(), "Network", "Ctrl+Shift+X", add.selected, "x", "canvas")
    add(
        "edit",
        Changing("Open or edit", lambda: "Open block" if add.block() else "Edit settings" if add.selected() else "Edit text"),
        lambda: canvas.actions_.edit(),
        "Network",
        "Return",
        add.anything,
        "sliders-horizontal",
        "canvas",
    )
    add("frame", "Frame around selection", partial(_note, canvas, False), "Network", "Ctrl+Shift+F", add.always, "square", "notes")
    add("comment", "Add comment", partial(_note, canvas, True), "Network", "Ctrl+Shift+M", add.always, "list", "notes")
    add("note_next", "Next frame or comment", partial(_next_note, canvas), "Network", "N", add.noted, "", "notes")
    add("arrange", "Arrange layers", lambda: canvas.actions_.arrange(), "Network", "Ctrl+Shift+L", add.filled, "", "arrange")
    add(
        "turn",
        Changing("Turn the flow", lambda: "Flow to the right" if add.down() else "Flow down"),
        lambda: canvas.actions_.turn(),
        "Network",
        "",
        add.filled,
        "",
        "arrange",
    )
    for name, title, _ in WAYS:
        add(name, title, partial(_line_up, canvas, name), "Network", "", add.several, "", "align")


def _blocks(canvas: CanvasView, add: Adder) -> None:
    add("make_block", "Make block…", lambda: canvas.actions_.blocks.make(), "Network", "Ctrl+G", add.selected, "block", "blocks")
    add("expand_block", "Expand block", lambda: canvas.actions_.blocks.expand(), "Network", "Ctrl+Shift+G", add.block, "", "blocks")
    add("open_block", "Go into block", lambda: canvas.levels.open(canvas.lists.current()), "Network", "Alt+Down", add.block, "", "blocks")
    add("leave_block", "Go up a level", canvas.levels.leave, "Network", "Alt+Up", add.inside, "", "blocks")
    add("block_settings", "Block parameters", lambda: canvas.actions_.settings(), "Network", "Alt+Return", add.block, "", "blocks")
