"""The commands that belong to a window as a whole: File, Edit, View and Help."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from netbuilder.ui import motion, window_dialogs
from netbuilder.ui.commands import Changing, Command, CommandRegistry, needs
from netbuilder.ui.network_commands import add_inspect_commands, add_network_commands, filled
from netbuilder.ui.theme import Choice
from netbuilder.ui.window_layout import TABS

if TYPE_CHECKING:
    from netbuilder.core.diff import Diff
    from netbuilder.ui.main_window import MainWindow

Keys = QKeySequence.StandardKey
THEMES: dict[Choice, tuple[str, str]] = {
    "system": ("Theme as the system", "monitor"),
    "dark": ("Dark theme", "moon"),
    "light": ("Light theme", "sun"),
    "dark-contrast": ("Dark theme, high contrast", "moon"),
    "light-contrast": ("Light theme, high contrast", "sun"),
}
SCALES = (100, 125, 150, 175, 200)


def add_window_commands(window: MainWindow) -> None:
    """Register everything but the Train menu, which comes with the train bar."""
    registry = window.context.commands
    for add in (_add_file, _add_edit, _add_view, add_network_commands, add_inspect_commands, _add_help):
        add(window, registry)


def _add_file(window: MainWindow, registry: CommandRegistry) -> None:
    shell, files = window.shell, window.files

    def add(id_: str, title: str, run: Callable[[], object], keys: str | Keys = "", **more: object) -> None:
        registry.add(Command(f"file.{id_}", title, run, "File", keys, **more))  # type: ignore[arg-type]

    drawn = filled(window)
    add("new", "New…", lambda: shell.welcome(window), Keys.New, icon="file-plus", group="open", tip="Start from a template")
    add("new_window", "New window", shell.new_window, "Ctrl+Shift+N", icon="file-plus", group="open", tip="Empty")
    add("open", "Open…", lambda: shell.open_with_dialog(window), Keys.Open, icon="folder-open", group="open")
    run = partial(window_dialogs.open_run, window)
    add("open_run", "Open run folder…", run, icon="folder-open", group="open", tip="Curves and weights of a run")
    run = partial(window_dialogs.load_weights, window)
    add("load_weights", "Load weights…", run, enabled=drawn, icon="upload", group="open", tip="A state dict of others, by name")
    add("save", "Save", files.save, Keys.Save, icon="save", group="save")
    add("save_as", "Save as…", files.save_as, "Ctrl+Shift+S", icon="save", group="save")
    run = partial(window_dialogs.export, window)
    add("export", "Export…", run, "Ctrl+E", enabled=drawn, icon="download", group="export", tip="Weights and code to use elsewhere")
    run = partial(window_dialogs.export_picture, window)
    tip = "The network as SVG, PNG or PDF"
    add("picture", "Export picture…", run, "Ctrl+Shift+E", enabled=drawn, icon="image", group="export", tip=tip)
    add("close", "Close window", window.close, "Ctrl+W", group="close")
    add("quit", "Quit", shell.quit, "Ctrl+Q", group="close")


def _add_edit(window: MainWindow, registry: CommandRegistry) -> None:
    document, level = window.document, window.session.level

    @needs("Nothing was done yet.")
    def done() -> bool:
        return document.undo_label is not None

    @needs("Nothing was undone.")
    def undone() -> bool:
        return document.redo_label is not None

    def undo_title() -> str:
        return f"Undo {document.undo_label}" if document.undo_label else "Undo"

    def redo_title() -> str:
        return f"Redo {document.redo_label}" if document.redo_label else "Redo"

    def step(change: Callable[[], Diff | None]) -> None:
        """Go to where it changed something; layers that come back are selected."""
        place, before = level.uses, level.graph.nodes.keys()
        level.step(change())
        back = level.graph.nodes.keys() - before
        if back and level.uses == place:
            window.context.selection.set(back)

    def add(id_: str, title: Changing, run: Callable[[], object], keys: str, enabled: Callable[[], bool], icon: str) -> None:
        registry.add(Command(f"edit.{id_}", title, run, "Edit", keys, enabled, icon, group="history"))

    add("undo", Changing("Undo", undo_title), lambda: step(document.undo), "Ctrl+Z", done, "undo-2")
    add("redo", Changing("Redo", redo_title), lambda: step(document.redo), "Ctrl+Shift+Z", undone, "redo-2")


def _add_view(window: MainWindow, registry: CommandRegistry) -> None:
    def add(id_: str, title: str, run: Callable[[], object], keys: str = "", **more: object) -> None:
        registry.add(Command(id_, title, run, "View", keys, **more))  # type: ignore[arg-type]

    for number, (key, title) in enumerate(TABS.items(), 1):
        add(f"view.{key}", title, partial(window_dialogs.go_to_tab, window, key), f"Alt+{number}", group="tabs")
    add("view.outline", "Outline", partial(window_dialogs.go_to_outline, window), "Ctrl+Shift+O", group="tabs")
    parts = {"palette": ("Palette", "Ctrl+B"), "inspector": ("Inspector", "Ctrl+I"), "bottom": ("Bottom panel", "Ctrl+J")}
    for key, (title, keys) in parts.items():
        add(
            f"view.toggle_{key}",
            title,
            partial(window.toggle_part, key),
            keys,
            checked=partial(window.part_visible, key),
            group="parts",
        )
    add("view.fullscreen", "Full screen", window.toggle_full_screen, "F11", checked=window.isFullScreen, group="parts")
    add(
        "view.reduced_motion",
        "Reduced motion",
        lambda: window.shell.reduce_motion(not motion.reduced()),
        checked=motion.reduced,
        group="parts",
        tip="Show changes at once instead of letting them move",
    )
    for choice, (title, icon) in THEMES.items():
        run, checked = partial(window.shell.choose_theme, choice), partial(_theme_is, window, choice)
        add(f"view.theme.{choice}", title, run, checked=checked, group="theme", icon=icon)
    for percent in SCALES:
        run, checked = partial(window.shell.choose_scale, percent / 100), partial(_scale_is, window, percent / 100)
        add(f"view.scale.{percent}", f"Interface size {percent} %", run, checked=checked, group="scale", tip="From the next start on")


def _scale_is(window: MainWindow, scale: float) -> bool:
    return bool(window.shell.preferences.settings.scale == scale)


def _theme_is(window: MainWindow, choice: Choice) -> bool:
    return window.context.themes.choice == choice


def _add_help(window: MainWindow, registry: CommandRegistry) -> None:
    for command in (
        Command("help.commands", "Search commands and layers…", window.open_palette, "Help", "Ctrl+Shift+P", icon="command", group="find"),
        Command(
            "help.shortcuts",
            "Keyboard shortcuts",
            partial(window_dialogs.show_shortcuts, window),
            "Help",
            "F1",
            icon="keyboard",
            group="find",
        ),
        Command("help.about", "About Netbuilder", partial(window_dialogs.show_about, window), "Help", icon="info", group="about"),
    ):
        registry.add(command)
