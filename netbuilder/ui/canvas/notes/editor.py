"""The words of a frame or comment, typed where they stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from netbuilder.core.graph import Frame
from netbuilder.ui.canvas.floating import claims_key
from netbuilder.ui.canvas.notes.paint import rect_of, text_rect

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView

_LOWEST, _LEAST = 28, 10
"""The least height, and the least size of letters that one types, in pixels."""


class NoteEditor(QPlainTextEdit):
    """`done` is told the text when Enter is pressed (Ctrl+Enter in a comment) or the focus goes elsewhere, nothing on Escape."""

    def __init__(self, canvas: CanvasView, frame: Frame, done: Callable[[str, str | None], object]) -> None:
        super().__init__(canvas)
        self.setObjectName("canvas.note")
        self.setAccessibleName("Text of the comment" if frame.comment else "Title of the frame")
        self._frame, self._done = frame, done
        self._over = False
        size = max(_LEAST, round((12 if frame.comment else 13) * canvas.scale_factor))
        self.setStyleSheet(f"font-size: {size}px; font-weight: {400 if frame.comment else 600}; padding: 0px {4 if frame.comment else 2}px")
        self.setTabChangesFocus(True)
        for bar in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            bar(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setPlainText(frame.text)
        place = canvas.mapFromScene(text_rect(frame, rect_of(frame))).boundingRect()
        self.setGeometry(place.x() - 8, place.y() - 4, max(120, place.width() + 14), max(_LOWEST, place.height() + 8))
        self.show()
        self.raise_()
        self.setFocus()
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.moveCursor(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)

    def finish(self, *, keep: bool = True) -> None:
        """End typing, once."""
        if not self._over:
            self._over = True
            self.hide()
            self.deleteLater()
            self._done(self._frame.id, self.toPlainText() if keep else None)

    def event(self, event: QEvent) -> bool:
        """Every key is for the text."""
        return claims_key(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self.finish(keep=False)
        elif enter and (not self._frame.comment or event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            self.finish()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.finish()
