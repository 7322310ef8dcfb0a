"""Windows beside a main window: made when they are first asked for, one of each, closed with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog

if TYPE_CHECKING:
    from netbuilder.ui.main_window import MainWindow


def show_playground(window: MainWindow) -> QDialog:
    """Optimizers racing over a surface."""
    found = window.findChild(QDialog, "dialog.playground")
    if found is None:
        from netbuilder.ui.dialogs.playground import PlaygroundWindow

        found = PlaygroundWindow(window.context, window)
    found.show()
    found.raise_()
    found.activateWindow()
    assert isinstance(found, QDialog)
    return found
