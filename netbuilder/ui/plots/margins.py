"""The strips around a curve plot: the x axis below it and the legend below that."""

from __future__ import annotations

from itertools import accumulate

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
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


_LINE = 20
_MOST_LINES = 3
_GAP = 20
_SAMPLE = 16
"""Pixels of a line of the legend, between entries, and of the drawn sample before a name."""


class Legend(QWidget):
    """Line samples with names and newest values: in one line where there is room, else in up to three lines of equal columns.

    Names are elided before values are.
    """

    def __init__(self, left: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._left = left
        self._entries: list[tuple[str, str, QPen]] = []
        self._theme: Theme | None = None
        self._font = ui_font(12)
        self.setFixedHeight(_LINE)
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
            self._fit()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._theme is None:
            return
        painter = QPainter(self)
        painter.setFont(self._font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetrics(self._font)
        for (name, value, pen), place in zip(self._entries, self._places(), strict=True):
            room = round(place.width()) - _SAMPLE - metrics.horizontalAdvance(f" {value}")
            short = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, max(12, room))
            painter.setPen(pen)
            painter.drawLine(QPointF(place.left(), place.center().y()), QPointF(place.left() + _SAMPLE - 5, place.center().y()))
            painter.setPen(self._theme.secondary)
            text = f"{'' if short == '…' else short} {value}".strip()
            painter.drawText(place.adjusted(_SAMPLE, 0, _GAP, 0), int(Qt.AlignmentFlag.AlignVCenter), text)
        painter.end()

    def _fit(self) -> None:
        places = self._places()
        self.setFixedHeight(round(places[-1].bottom()) if places else _LINE)

    def _places(self) -> list[QRectF]:
        """A rectangle for each entry, as wide as its text wants or as its column allows."""
        metrics = QFontMetrics(self._font)
        wanted = [_SAMPLE + metrics.horizontalAdvance(f"{name} {value}".strip()) + 4 for name, value, _ in self._entries]
        needed = sum(wanted) + _GAP * (len(wanted) - 1)
        if needed <= self.width():
            ends = accumulate(width + _GAP for width in wanted)
            left = min(self._left, self.width() - needed)
            return [QRectF(left + end - width - _GAP, 0, width, _LINE) for end, width in zip(ends, wanted, strict=True)]
        across = max(-(-len(wanted) // _MOST_LINES), (self.width() + _GAP) // (max(wanted) + _GAP), 1)
        column = (self.width() + _GAP) / across
        return [QRectF(n % across * column, n // across * _LINE, column - _GAP, _LINE) for n in range(len(wanted))]
