"""What an empty panel says: a glyph, what is missing, and what to do next."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from netbuilder.ui.icons import glyph_pixmap
from netbuilder.ui.widgets.labels import label


class EmptyState(QWidget):
    """Centred in the room it is given."""

    def __init__(self, glyph: str, title: str, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glyph = glyph
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(4)
        column.addStretch(1)
        self._picture = QLabel(self)
        self.title = label(title, "heading", self, wrap=True)
        self.text = label(text, "secondary", self, wrap=True)
        for part in (self._picture, self.title, self.text):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(part)
        column.addStretch(1)

    def showEvent(self, event: object) -> None:
        """Draw the glyph when it is seen for the first time."""
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Redraw the glyph in the colour of another theme."""
        if event.type() == QEvent.Type.PaletteChange and self.isVisible():
            self._draw()
        super().changeEvent(event)

    def _draw(self) -> None:
        colour = self.palette().placeholderText().color()
        self._picture.setPixmap(glyph_pixmap(self._glyph, colour, 24, self.devicePixelRatioF()))

    def say(self, title: str, text: str = "") -> None:
        """Change the words."""
        self.title.setText(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))
