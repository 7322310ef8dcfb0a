"""Dialogs in which Enter presses the button that has the focus, not the default one beside it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QDialog


class Dialog(QDialog):
    """Qt gives Enter to the default button unless the one in focus may become it; choices and fields still do."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at = self.focusWidget()
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if enter and isinstance(at, QAbstractButton) and not at.isCheckable():
            at.click()
        else:
            super().keyPressEvent(event)
