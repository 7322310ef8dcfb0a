"""How far something is, painted alone: a bar from the stylesheet has everything behind it painted again, several times a second."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from netbuilder.ui.theme import Themes, mix

HEIGHT = 6
BUSY = 0.4
"""Share of the accent in the colour of the whole bar while nobody knows how far."""


class Progress(QProgressBar):
    """A thin bar on a panel, without a text; its value counts its pixels, so that it is painted when it looks different."""

    def __init__(self, themes: Themes, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self.setTextVisible(False)
        self.setFixedSize(width, HEIGHT)
        self.setRange(0, width)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        themes.changed.connect(self.update)

    def show_share(self, share: float) -> None:
        """Fill this share of the bar, at most all of it."""
        value = min(self.width(), round(share * self.width()))
        if (value, self.maximum()) == (self.value(), self.width()):
            return
        self.setUpdatesEnabled(False)  # a value would be painted at once, and alone
        self.setRange(0, self.width())
        self.setValue(value)
        self.setUpdatesEnabled(True)

    def show_busy(self) -> None:
        """Something goes on, nobody knows how far."""
        self.setRange(0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The whole and its done part, or the whole alone in the accent's pale colour."""
        theme = self._themes.current
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.panel)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = mix(theme.raised, theme.accent, BUSY) if self.maximum() == 0 else theme.raised
        for width, colour in ((self.width(), whole), (self.value(), theme.accent)):
            if width > 0:
                painter.setBrush(colour)
                painter.drawRoundedRect(QRectF(0, 0, max(width, HEIGHT), HEIGHT), HEIGHT / 2, HEIGHT / 2)
        painter.end()
