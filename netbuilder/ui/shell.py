"""What a window asks of the application."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from netbuilder.app.preferences import Preferences
    from netbuilder.core.document import Document
    from netbuilder.ui.main_window import MainWindow
    from netbuilder.ui.theme import Choice, Themes


class Shell(Protocol):
    """`netbuilder.ui.application.Application` is one."""

    themes: Themes
    preferences: Preferences

    def welcome(self, window: MainWindow) -> object: ...

    def new_window(self) -> object: ...

    def show(self, document: Document) -> MainWindow: ...

    def open_with_dialog(self, window: MainWindow) -> object: ...

    def open(self, path: Path, window: MainWindow | None = None) -> MainWindow | None: ...

    def choose_theme(self, choice: Choice) -> object: ...

    def reduce_motion(self, reduced: bool) -> object: ...

    def choose_scale(self, scale: float) -> object: ...

    def bind_shortcuts(self, bindings: Mapping[str, str]) -> object: ...

    def quit(self) -> object: ...
