"""What a window gets right after its first paint: commands, menus and the light panels."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from netbuilder.ui.canvas.commands.registration import add_canvas_commands
from netbuilder.ui.menus import add_recent, fill_menus
from netbuilder.ui.panels.training.commands import add_train_commands
from netbuilder.ui.window_commands import add_window_commands

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from netbuilder.ui.main_window import MainWindow
    from netbuilder.ui.widgets.later_panel import LaterPanel


def furnishing(window: MainWindow) -> Iterator[None]:
    """Make the parts one by one, yielding in between so that input need not wait; commands and menus come first."""
    _add_commands(window)
    for part in ("train_bar", "palette_panel", "inspector", "problems"):
        yield
        getattr(window, part)
    for key in ("source", "history"):
        yield
        cast("LaterPanel", window.tabs.panel(key)).make()
    window.problems.show_count()
    _hear_of_data(window)


def _hear_of_data(window: MainWindow) -> None:
    """Layers tell at once what does not fit the data or the recipe."""
    from netbuilder.ui.panels.later import Relay

    judge = window.session.level.judge
    window.session.data_changed.connect(Relay(judge, window).send)
    window.document.configured.connect(judge)
    judge()


def _add_commands(window: MainWindow) -> None:
    commands = window.context.commands
    add_window_commands(window)
    add_canvas_commands(window.canvas)
    add_train_commands(window.context, window)
    fill_menus(window.menus, commands)
    add_recent(window.menus["File"], "action.file.save", partial(_fill_recent, window))
    marks = window.menus["View"].addMenu("Bookmarks")
    marks.setObjectName("menu.bookmarks")
    marks.aboutToShow.connect(lambda: window.canvas.actions_.bookmarks.fill(marks))
    commands.refresh()


def _fill_recent(window: MainWindow, menu: QMenu) -> None:
    from netbuilder.ui.recent_menu import fill

    fill(menu, window.shell.preferences, window.shell.themes, lambda path: window.shell.open(path, window))
