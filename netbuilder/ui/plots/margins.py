"""The strips around a curve plot: the x axis below it and the legend below that."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from netbuilder.ui.plots.ticks import epoch_ticks, say_value
from netbuilder.ui.theme import Theme, ui_font


class XStrip(QWidget):
    """Says where the x axis begins and ends: `0 … 5 … epoch 10`."""

    def __init__(self, unit: str, left: int, right: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unit, self._left, self._right = unit, left, right
        self._low, self._high = 0.0, 1.0
        self._theme: Theme | None = None
        self._font = ui_font(11)
        self.setFixedHeight(16)

    def show_range(self, low: float, high: float, theme: Theme) -> None:
        """Set the ends of the axis."""
        if (low, high, theme) != (self._low, self._high, self._theme):
            self._low, self._high, self._theme = low, high, theme
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._theme is None:
            return
        painter = QPainter(self)
        painter.setFont(self._font)
        painter.setPen(self._theme.secondary)
        box = QRectF(self._left, 0, max(1, self.width() - self._left - self._right), self.height())
        first = say_value(round(self._low, 2))
        last = f"{self._unit} {say_value(round(self._high, 2))}"
        painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft), first)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignRight), last)
        metrics = QFontMetrics(self._font)
        free_from = box.left() + metrics.horizontalAdvance(first) + 12
        free_to = box.right() - metrics.horizontalAdvance(last) - 12
        painter.setPen(self._theme.faint)
        for tick in epoch_ticks(self._low, self._high):
            text = say_value(round(tick, 3))
            width = metrics.horizontalAdvance(text)
            x = box.left() + (tick - self._low) / max(1e-12, self._high - self._low) * box.width() - width / 2
            if x > free_from and x + width < free_to:
                painter.drawText(QRectF(x, 0, width + 1, box.height()), text)
        painter.end()


class Legend(QWidget):
    """One row of line samples with names and newest values. Names are elided before values are."""

    def __init__(self, left: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._left = left
        self._entries: list[tuple[str, str, QPen]] = []
        self._theme: Theme | None = None
        self._font = ui_font(12)
        self.setFixedHeight(20)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """All entries as text."""
        return "  ".join(f"{name} {value}".strip() for name, value, _ in self._entries)

    def show_entries(self, entries: list[tuple[str, str, QPen]], theme: Theme) -> None:
        """Set the row: name, newest value, pen."""
        if (entries, theme) != (self._entries, self._theme):
            self._entries, self._theme = entries, theme
            self.setToolTip("\n".join(f"{name} {value}".strip() for name, value, _ in entries))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._theme is None:
            return
        painter = QPainter(self)
        painter.setFont(self._font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetrics(self._font)
        middle = self.height() / 2
        needed = sum(metrics.horizontalAdvance(f"{name} {value}".strip()) + 36 for name, value, _ in self._entries) - 20
        left = max(0, min(self._left, self.width() - needed))
        x = float(left)
        share = (self.width() - left) / max(1, len(self._entries))
        for name, value, pen in self._entries:
            text = f"{name} {value}".strip()
            if needed > self.width() - left and metrics.horizontalAdvance(text) + 36 > share:
                room = int(share) - 36 - metrics.horizontalAdvance(value)
                short = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, max(12, room))
                text = f"{short} {value}" if len(short) > 1 else value
            painter.setPen(pen)
            painter.drawLine(round(x), round(middle), round(x) + 11, round(middle))
            painter.setPen(self._theme.secondary)
            painter.drawText(QRectF(x + 16, 0, self.width(), self.height()), int(Qt.AlignmentFlag.AlignVCenter), text)
            x += 16 + metrics.horizontalAdvance(text) + 20
        painter.end()
