"""Dialogs that fit on the screen, and in which Enter presses the button that has the focus, not the default one beside it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QDialog

FRAME = QSize(8, 40)
"""What a desktop draws around a window."""


class Dialog(QDialog):
    """Qt gives Enter to the default button unless the one in focus may become it; choices and fields still do."""

    @property
    def room(self) -> QSize:
        """The largest that it can be on its screen."""
        return self.screen().availableSize() - FRAME

    def showEvent(self, event: QShowEvent) -> None:
        """Never larger than what the screen has room for beside a title bar, so that its buttons can be seen at any size of letters."""
        if not event.spontaneous():
            if not self.testAttribute(Qt.WidgetAttribute.WA_Resized):
                self.grow()
            if self.room.expandedTo(self.size()) != self.room:
                self.resize(self.size().boundedTo(self.room))
                self.move(self.screen().availableGeometry().topLeft())
        super().showEvent(event)

    def grow(self) -> None:
        """Become as high as what is in it needs, sentences wrapped, where the screen has that much room."""
        needed = self.heightForWidth(self.width()) if self.hasHeightForWidth() else self.sizeHint().height()
        self.resize(self.width(), min(max(self.height(), needed), self.room.height()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at = self.focusWidget()
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if enter and isinstance(at, QAbstractButton) and not at.isCheckable():
            at.click()
        else:
            super().keyPressEvent(event)
