"""A list with a line above it to search it by."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget


class SearchedList(QListWidget):
    """Letters typed here go to the search, and arrows pressed there come here."""

    def __init__(self, search: QLineEdit) -> None:
        super().__init__()
        self._search = search
        search.installEventFilter(self)

    def keyboardSearch(self, text: str) -> None:
        """As Qt calls it with what was typed."""
        self._search.setFocus()
        self._search.insert(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down in the search."""
        steps = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
        if watched is self._search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in steps:
            self.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)
