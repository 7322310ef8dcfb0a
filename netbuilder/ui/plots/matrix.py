"""A square table of counts in shades: which class was taken for which."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from netbuilder.ui.plots.chip import Chip
from netbuilder.ui.theme import Themes, mix, mono_font, ui_font

HEAD = 18
NUMBERS_FROM = 8
"""Height of digits, in pixels, from which counts are written into the cells."""
NAMES_FROM = 11
STEPS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}


class Matrix(QWidget):
    """True classes in rows, predicted ones in columns; right answers in the accent colour, wrong ones in red.

    `picked` carries the row and column of a cell that was clicked, or entered with the arrow keys and Return.
    """

    picked = Signal(int, int)

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._counts: NDArray[np.int64] = np.zeros((0, 0), np.int64)
        self._names: Sequence[str] = ()
        self._hover: tuple[int, int] | None = None
        self.selected: tuple[int, int] | None = None
        self._chip = Chip(self)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(120, 120)
        self.setAccessibleName("Confusion matrix")
        themes.changed.connect(self.update)

    def show_counts(self, counts: NDArray[np.int64], names: Sequence[str]) -> None:
        """Show (K, K) counts of K named classes; the selected cell stays."""
        if counts.shape != self._counts.shape:
            self.selected = None
        self._counts, self._names = counts, names
        self.setAccessibleDescription(f"{int(np.trace(counts)):,} of {int(counts.sum()):,} right")
        self.update()

    def sizeHint(self) -> QSize:
        """Room for ten classes."""
        return QSize(260, 260)

    def hasHeightForWidth(self) -> bool:
        """It fills what it is given."""
        return False

    @property
    def told(self) -> str:
        """What the chip says now."""
        return self._chip.text if self._chip.isVisible() else ""

    def box(self) -> QRectF:
        """Where the cells are."""
        metrics = QFontMetrics(ui_font(11))
        names = min(80, max((metrics.horizontalAdvance(name) for name in self._names), default=0)) + HEAD + 6
        side = max(1.0, min(self.width() - names - 2.0, self.height() - 2.0 * HEAD))
        if len(self._counts) and side / len(self._counts) >= 4:
            side = float(int(side / len(self._counts)) * len(self._counts))
        return QRectF(names, 2 * HEAD - 2, side, side)

    def describe(self, row: int, column: int) -> list[str]:
        """What is said about a cell: count, share of the true class, share of the answers."""
        number, row_sum = int(self._counts[row, column]), int(self._counts[row].sum())
        column_sum = int(self._counts[:, column].sum())
        return [
            f"{self._names[row]} taken for {self._names[column]}" if row != column else f"{self._names[row]}, rightly",
            f"{number:,} of {row_sum:,} {self._names[row]}: {number / max(row_sum, 1):.1%}",
            f"{number / max(column_sum, 1):.1%} of the answers {self._names[column]}",
        ]

    # Pointer and keys

    def _at(self, place: QPointF) -> tuple[int, int] | None:
        box = self.box()
        if not len(self._counts) or not box.contains(place):
            return None
        cell = box.width() / len(self._counts)
        row, column = int((place.y() - box.top()) / cell), int((place.x() - box.left()) / cell)
        return (row, column) if max(row, column) < len(self._counts) else None

    def cell(self, row: int, column: int) -> QRectF:
        """Where a cell is."""
        box = self.box()
        side = box.width() / max(len(self._counts), 1)
        return QRectF(box.left() + column * side, box.top() + row * side, side, side)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell about the cell under the pointer."""
        self._hover = self._at(event.position())
        self._say(self._hover)
        self.update()

    def leaveEvent(self, event: object) -> None:
        """Stop telling."""
        self._hover = None
        self._say(None)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick a cell."""
        found = self._at(event.position())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self._pick(found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from cell to cell, Return picks."""
        step, size = STEPS.get(Qt.Key(event.key())), len(self._counts)
        if step is not None and size:
            row, column = self._hover or self.selected or (0, 0)
            self._hover = min(max(row + step[0], 0), size - 1), min(max(column + step[1], 0), size - 1)
            self._say(self._hover)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._hover is not None:
            self._pick(self._hover)
        else:
            super().keyPressEvent(event)

    def _pick(self, cell: tuple[int, int]) -> None:
        self.selected = cell
        self.update()
        self.picked.emit(*cell)

    def _say(self, cell: tuple[int, int] | None) -> None:
        if cell is None:
            self._chip.hide()
            return
        theme, place = self._themes.current, self.cell(*cell)
        lines = [(text, theme.secondary if n else theme.text) for n, text in enumerate(self.describe(*cell))]
        self._chip.say(list(lines), place.center().toPoint(), theme, avoid=place.toRect())

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Cells, names, headings."""
        if not len(self._counts):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = self.box()
        self._paint_cells(painter, box.width() / len(self._counts))
        self._paint_names(painter, box)
        for cell, width in ((self.selected, 2), (self._hover, 1)):
            if cell is not None and max(cell) < len(self._counts):
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(self._themes.current.text, width))
                painter.drawRect(self.cell(*cell).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _paint_cells(self, painter: QPainter, side: float) -> None:
        theme = self._themes.current
        shares = self._counts / np.maximum(self._counts.sum(1, keepdims=True), 1)
        gap = 1.0 if side >= 6 else 0.0
        size = int(side / (max(2, len(str(self._counts.max(initial=0)))) * 0.62 + 0.2))
        painter.setFont(mono_font(min(11, max(1, size))))
        for row, column in np.ndindex(*self._counts.shape):
            share, right = float(shares[row, column]), row == column
            depth = share * 0.85 if right else min(1.0, 3 * share) ** 0.5 * 0.75
            colour = mix(theme.raised, theme.accent if right else theme.error, depth)
            place = self.cell(row, column).adjusted(0, 0, -gap, -gap)
            painter.fillRect(place, colour)
            if size >= NUMBERS_FROM and self._counts[row, column]:
                painter.setPen(theme.on_accent if right and depth > 0.5 else theme.text)
                painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), str(self._counts[row, column]))

    def _paint_names(self, painter: QPainter, box: QRectF) -> None:
        theme, side = self._themes.current, box.width() / len(self._counts)
        painter.setFont(ui_font(11))
        painter.setPen(theme.secondary)
        metrics = QFontMetrics(ui_font(11))
        painter.drawText(QRectF(box.left(), 0, box.width(), HEAD), int(Qt.AlignmentFlag.AlignLeft), "predicted →")
        painter.save()
        painter.rotate(-90)
        painter.drawText(QRectF(-box.bottom(), 0, box.height(), HEAD), int(Qt.AlignmentFlag.AlignRight), "← true")
        painter.restore()
        for number, name in enumerate(self._names[: len(self._counts)]):
            if side >= NAMES_FROM:
                row = QRectF(HEAD, box.top() + number * side, box.left() - HEAD - 6, side)
                short = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(row.width()))
                painter.drawText(row, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), short)
                head = QRectF(box.left() + number * side, HEAD - 2, side, HEAD)
                short = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(side) - 2)
                painter.drawText(head, int(Qt.AlignmentFlag.AlignHCenter), short if len(short) > 1 or len(name) == 1 else "")
