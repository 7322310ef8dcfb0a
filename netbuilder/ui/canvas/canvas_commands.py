"""The canvas's commands, all of them in the command registry; what they do is in `actions`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from netbuilder.ui.commands import Command

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView

Keys = QKeySequence.StandardKey


def add_canvas_commands(canvas: CanvasView) -> None:
    """Register them, unless the window already has them."""

    def selected() -> bool:
        return bool(canvas.selected_ids)

    def anything() -> bool:
        return bool(canvas.selected_ids or canvas.selected_wires)

    def wire() -> bool:
        return bool(canvas.selected_wires)

    def filled() -> bool:
        return bool(canvas.graph.nodes)

    def add(
        name: str,
        title: str,
        run: Callable[[], object],
        menu: str,
        keys: str | QKeySequence.StandardKey,
        enabled: Callable[[], bool],
        icon: str,
        group: str,
    ) -> None:
        if f"canvas.{name}" not in canvas.context.commands:
            canvas.context.commands.add(Command(f"canvas.{name}", title, run, menu, keys, enabled, icon, group=group, owner=canvas))

    add("cut", "Cut", lambda: canvas.actions_.cut(), "Edit", Keys.Cut, selected, "scissors", "clipboard")
    add("copy", "Copy", lambda: canvas.actions_.copy(), "Edit", Keys.Copy, selected, "copy", "clipboard")
    add("paste", "Paste", lambda: canvas.actions_.paste(), "Edit", Keys.Paste, _always, "clipboard", "clipboard")
    add("duplicate", "Duplicate", lambda: canvas.actions_.duplicate(), "Edit", "Ctrl+D", selected, "copy", "clipboard")
    add("delete", "Delete", lambda: canvas.actions_.delete(), "Edit", Keys.Delete, anything, "trash-2", "select")
    add("select_all", "Select all", lambda: canvas.actions_.select_all(), "Edit", Keys.SelectAll, filled, "", "select")
    add("fit", "Zoom to fit", canvas.fit, "View", "Ctrl+0", filled, "maximize", "zoom")
    add("zoom_in", "Zoom in", lambda: canvas.zoom(1.25), "View", Keys.ZoomIn, _always, "zoom-in", "zoom")
    add("zoom_out", "Zoom out", lambda: canvas.zoom(0.8), "View", Keys.ZoomOut, _always, "zoom-out", "zoom")
    add("actual_size", "Actual size", lambda: canvas.set_zoom(1.0), "View", "Ctrl+1", _always, "", "zoom")
    add("focus", "Go to the canvas", canvas.setFocus, "View", "Ctrl+Shift+G", _always, "", "canvas")
    add("add", "Add layer…", lambda: canvas.lists.add(), "Network", "Tab", _always, "plus", "canvas")
    add("insert", "Insert into wire…", lambda: canvas.lists.insert(), "Network", "", wire, "plus", "canvas")
    add("connect", "Connect to…", lambda: canvas.lists.connect(), "Network", "C", selected, "arrow-right", "canvas")
    add("disconnect", "Remove wires", lambda: canvas.actions_.disconnect(), "Network", "Ctrl+Shift+D", selected, "x", "canvas")
    add("edit", "Edit settings", lambda: canvas.actions_.edit(), "Network", "Return", selected, "sliders-horizontal", "canvas")
    add("arrange", "Arrange layers", lambda: canvas.actions_.arrange(), "Network", "Ctrl+Shift+L", filled, "", "arrange")


def _always() -> bool:
    return True
