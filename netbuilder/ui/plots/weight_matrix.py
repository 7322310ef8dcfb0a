"""The matrix that a convolution is: which of its few weights stands where, and how much of it is nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from netbuilder.ui.plots.chip import Chip
from netbuilder.ui.theme import Theme, Themes, mix, mono_font, ui_font

HEAD, NUMBERS_FROM = 20, 18


class WeightMatrix(QWidget):
    """Rows are outputs, columns inputs; equal colours are one shared weight, empty cells are fixed zeros."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._shares: NDArray[np.int64] = np.zeros((0, 0), np.int64)
        self._values: NDArray[np.float64] = np.zeros((0, 0))
        self._row: int | None = None
        self._chip = Chip(self)
        self.setMouseTracking(True)
        self.setMinimumSize(160, 120)
        self.setAccessibleName("Convolution as a matrix")
        themes.changed.connect(self.update)

    @property
    def told(self) -> str:
        """What the chip says now."""
        return self._chip.text if self._chip.isVisible() else ""

    def show_matrix(self, shares: NDArray[np.int64], values: NDArray[np.float64], row: int | None) -> None:
        """Show which weight stands where (0 for none), its value, and the row of the present step."""
        self._shares, self._values, self._row = shares, values, row
        self.setAccessibleDescription(f"{shares.shape[0]} outputs by {shares.shape[1]} inputs, {len(set(shares[shares > 0]))} weights")
        self.update()

    def cell(self, row: int, column: int) -> QRectF:
        """Where a cell is."""
        side = self._side()
        return QRectF(column * side, HEAD + row * side, side, side)

    def _side(self) -> float:
        rows, columns = self._shares.shape
        return float(max(1.0, min(26.0, (self.width() - 2) / max(1, columns), (self.height() - HEAD - 2) / max(1, rows))))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what connects the input and the output under the pointer."""
        place: QPointF = event.position()
        row, column = int((place.y() - HEAD) // self._side()), int(place.x() // self._side())
        rows, columns = self._shares.shape
        if not (0 <= row < rows and 0 <= column < columns):
            self._chip.hide()
            return
        share = int(self._shares[row, column])
        what = f"weight {share} = {self._values[row, column]:.3g}" if share else "no connection: 0"
        theme = self._themes.current
        lines = [(f"output {row + 1}, input {column + 1}", theme.secondary), (what, theme.text)]
        self._chip.say(list(lines), place.toPoint(), theme, avoid=self.cell(row, column).toRect())

    def leaveEvent(self, event: object) -> None:
        """Stop telling."""
        self._chip.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Cells in the colours of their weights."""
        theme, side = self._themes.current, self._side()
        painter = QPainter(self)
        painter.setFont(ui_font(12, 600))
        painter.setPen(theme.text)
        painter.drawText(QRectF(0, 0, self.width(), HEAD - 4), int(Qt.AlignmentFlag.AlignVCenter), "Rows: outputs · columns: inputs")
        painter.setFont(mono_font(max(7, min(11, int(side / 2.4)))))
        gap = 1.0 if side >= 5 else 0.0
        count = int(self._shares.max(initial=1))
        for row, column in np.ndindex(*self._shares.shape):
            share, place = int(self._shares[row, column]), self.cell(row, column).adjusted(0, 0, -gap, -gap)
            painter.fillRect(place, _ink(theme, share, count))
            if share and side >= NUMBERS_FROM:
                painter.setPen(theme.text)
                painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), f"{self._values[row, column]:.3g}".replace("-", "−"))
        if self._row is not None and self._row < len(self._shares):
            painter.setPen(QPen(theme.text, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.cell(self._row, 0).united(self.cell(self._row, self._shares.shape[1] - 1)).adjusted(0, -0.5, -gap, 0))
        painter.end()


def _ink(theme: Theme, share: int, count: int) -> QColor:
    """Weights in steps between two colours of the theme; nothing for none."""
    if not share:
        return theme.raised
    return mix(mix(theme.panel, theme.accent, 0.75), mix(theme.panel, theme.warning, 0.75), (share - 1) / max(1, count - 1))
