"""Named horizontal bars: class balance, predicted probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from netbuilder.ui.theme import Themes, mono_font, ui_font

ROW = 20


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its length as a share of the longest allowed, the text after it, and whether it stands out."""

    name: str
    share: float
    text: str
    strong: bool = False
    colour: QColor | None = None


class Bars(QWidget):
    """Rows of bars with names on the left and figures on the right; as high as its rows."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._bars: tuple[Bar, ...] = ()
        self._names = 0
        self._figures = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.update)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """What is shown."""
        return self._bars

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Replace the rows."""
        self._bars = tuple(bars)
        names, figures = QFontMetrics(ui_font(12)), QFontMetrics(mono_font(11))
        self._names = min(110, max((names.horizontalAdvance(bar.name) for bar in bars), default=0)) + 10
        self._figures = max((figures.horizontalAdvance(bar.text) for bar in bars), default=0) + 10
        self.setFixedHeight(max(1, len(bars)) * ROW)
        self.setAccessibleDescription("; ".join(f"{bar.name} {bar.text}" for bar in bars))
        self.update()

    def sizeHint(self) -> QSize:
        """As high as its rows."""
        return QSize(self._names + self._figures + 90, max(1, len(self._bars)) * ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Names, tracks, bars, figures."""
        theme = self._themes.current
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetrics(ui_font(12))
        track = max(10, self.width() - self._names - self._figures)
        for number, bar in enumerate(self._bars):
            top = number * ROW
            painter.setFont(ui_font(12, 600 if bar.strong else 400))
            painter.setPen(theme.text if bar.strong else theme.secondary)
            name = metrics.elidedText(bar.name, Qt.TextElideMode.ElideRight, self._names - 8)
            painter.drawText(QRectF(0, top, self._names - 6, ROW), int(Qt.AlignmentFlag.AlignVCenter), name)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.raised)
            painter.drawRoundedRect(QRectF(self._names, top + 6, track, 8), 3, 3)
            painter.setBrush(bar.colour or (theme.accent if bar.strong else theme.faint))
            length = max(0.0, min(1.0, bar.share)) * track
            if length > 0.5:
                painter.drawRoundedRect(QRectF(self._names, top + 6, max(3.0, length), 8), 3, 3)
            painter.setFont(mono_font(11))
            painter.setPen(theme.text if bar.strong else theme.secondary)
            painter.drawText(
                QRectF(self.width() - self._figures, top, self._figures, ROW),
                int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight),
                bar.text,
            )
        painter.end()
