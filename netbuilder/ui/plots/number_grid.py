"""A small table of numbers in cells, some of them marked, pale or still empty."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from netbuilder.probe.sliding import say
from netbuilder.ui.theme import Themes, mix, mono_font, ui_font

HEAD, LARGEST = 20, 44
Cell = tuple[int, int]


class NumberGrid(QWidget):
    """Cells of equal size under a title. `picked` carries the row and column of a clicked cell."""

    picked = Signal(int, int)

    def __init__(self, themes: Themes, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes, self.title = themes, title
        self._values: NDArray[np.float64] = np.zeros((0, 0))
        self._marked: frozenset[Cell] = frozenset()
        self._pale: frozenset[Cell] = frozenset()
        self._known: int | None = None
        self.setMinimumSize(60, 60)
        self.setAccessibleName(title)
        themes.changed.connect(self.update)

    @property
    def marked(self) -> frozenset[Cell]:
        """The marked cells."""
        return self._marked

    def show_numbers(
        self, values: NDArray[np.float64], marked: Collection[Cell] = (), pale: Collection[Cell] = (), known: int | None = None
    ) -> None:
        """Show (rows, columns) numbers; of them the first `known` in reading order, when given, and the others empty."""
        self._values, self._known = values, known
        self._marked, self._pale = frozenset(marked), frozenset(pale)
        self.update()

    def sizeHint(self) -> QSize:
        """Comfortable cells."""
        rows, columns = self._values.shape
        return QSize(max(1, columns) * LARGEST, max(1, rows) * LARGEST + HEAD)

    def cell(self, row: int, column: int) -> QRectF:
        """Where a cell is."""
        side = self._side()
        return QRectF(column * side, HEAD + row * side, side, side)

    def _side(self) -> float:
        rows, columns = self._values.shape
        return float(max(4.0, min(LARGEST, (self.width() - 2) / max(1, columns), (self.height() - HEAD - 2) / max(1, rows))))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick a cell."""
        place: QPointF = event.position()
        row, column = int((place.y() - HEAD) // self._side()), int(place.x() // self._side())
        rows, columns = self._values.shape
        if 0 <= row < rows and 0 <= column < columns:
            self.picked.emit(row, column)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Title, cells, numbers, marks."""
        theme, side = self._themes.current, self._side()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(ui_font(12, 600))
        painter.setPen(theme.text)
        painter.drawText(QRectF(0, 0, self.width(), HEAD - 4), int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), self.title)
        painter.setFont(mono_font(max(7, min(13, int(side / 2.6)))))
        columns = self._values.shape[1]
        for row, column in np.ndindex(*self._values.shape):
            place = self.cell(row, column).adjusted(0.5, 0.5, -0.5, -0.5)
            marked, pale = (row, column) in self._marked, (row, column) in self._pale
            painter.setPen(QPen(theme.line, 1))
            painter.setBrush(_back(theme.panel if pale else theme.raised, theme.accent, marked))
            painter.drawRect(place)
            if self._known is None or row * columns + column < self._known:
                painter.setPen(theme.faint if pale and not marked else theme.text)
                painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), say(float(self._values[row, column])))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.accent, 2))
        for row, column in self._marked:
            painter.drawRect(self.cell(row, column).adjusted(1, 1, -1, -1))
        painter.end()


def _back(base: QColor, accent: QColor, marked: bool) -> QColor:
    return mix(base, accent, 0.28) if marked else base
