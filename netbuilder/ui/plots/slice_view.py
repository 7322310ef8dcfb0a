"""A slice of a tensor as a picture: a cell for each number, which is written into it where there is room; zoom, pan, a cell to read."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from netbuilder.probe.slices import Cut
from netbuilder.ui.plots.chip import Chip
from netbuilder.ui.plots.slice_colours import Range, Scale, coloured, ramp, short
from netbuilder.ui.plots.slice_zoom import Zoom
from netbuilder.ui.theme import Themes, contrast, mono_font, ui_font

NUMBERS_FROM = 34.0
"""Sides of a cell in logical pixels from which its number is written into it."""
STEPS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
ZOOMS = {Qt.Key.Key_Plus: 1.25, Qt.Key.Key_Equal: 1.25, Qt.Key.Key_Minus: 0.8}


class SliceView(QAbstractScrollArea):
    """Wheel, + and − zoom, a drag pans, 0 fits; arrows go from cell to cell. `read` carries index and value of the cell in words."""

    read = Signal(str)

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tensor.picture")
        self.setAccessibleName("Slice of the tensor")
        self._themes = themes
        self._values: NDArray[Any] = np.zeros((0, 0))
        self._cut = Cut()
        self._limits: Range = (0.0, 0.0)
        self._scale: Scale = "diverging"
        self._zoom = Zoom()
        self._cell: tuple[int, int] | None = None
        self._held: QPointF | None = None
        self._chip = Chip(self.viewport())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.setMinimumSize(QSize(160, 120))
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.valueChanged.connect(self.viewport().update)
        themes.changed.connect(self.viewport().update)

    @property
    def told(self) -> str:
        """What the chip says now."""
        return self._chip.text if self._chip.isVisible() else ""

    @property
    def cell_size(self) -> tuple[float, float]:
        """Width and height of a cell in logical pixels."""
        return self._zoom.width, self._zoom.height

    def show_slice(self, values: NDArray[Any], where: Cut, limits: Range, scale: Scale) -> None:
        """Show (rows, columns) numbers in colours from one limit to the other; another shape is fitted into the room anew."""
        same = values.shape == self._values.shape
        self._values, self._cut, self._limits, self._scale = values, where, limits, scale
        if not same:
            self._cell = None
            self.fit()
        self._say()
        self.viewport().update()

    def fit(self) -> None:
        """All of it, as large as can be."""
        self._zoom.fit(self._values.shape, self.maximumViewportSize())
        self._set_bars()

    def zoom(self, factor: float, anchor: QPointF | None = None) -> None:
        """Larger or smaller cells; what is under the anchor (by default the middle) stays there."""
        at = anchor or QRectF(self.viewport().rect()).center()
        column, row = self._place(at)
        self._zoom.by(factor)
        self._set_bars()
        left, top = self._origin(scrolled=False)
        self.horizontalScrollBar().setValue(round(left + column * self._zoom.width - at.x()))
        self.verticalScrollBar().setValue(round(top + row * self._zoom.height - at.y()))
        self.viewport().update()

    def cell(self, row: int, column: int) -> QRectF:
        """Where a cell is in the viewport."""
        left, top = self._origin()
        return QRectF(left + column * self._zoom.width, top + row * self._zoom.height, self._zoom.width, self._zoom.height)

    def describe(self, row: int, column: int) -> tuple[str, str]:
        """The index in the whole tensor and the value."""
        value = self._values[row, column].item()
        return str(list(self._cut.index(row, column))), str(value) if isinstance(value, int) else f"{value:.7g}".replace("-", "−")

    # Places

    def _origin(self, *, scrolled: bool = True) -> tuple[float, float]:
        """Where the first cell begins: in the middle when all of it is to be seen."""
        rows, columns = self._values.shape
        room = self.viewport().size()
        left = max(0.0, (room.width() - columns * self._zoom.width) / 2)
        top = max(0.0, (room.height() - rows * self._zoom.height) / 2)
        return (left - self.horizontalScrollBar().value(), top - self.verticalScrollBar().value()) if scrolled else (left, top)

    def _place(self, at: QPointF) -> tuple[float, float]:
        """Column and row at a point, with fractions."""
        left, top = self._origin()
        return (at.x() - left) / self._zoom.width, (at.y() - top) / self._zoom.height

    def _at(self, at: QPointF) -> tuple[int, int] | None:
        column, row = self._place(at)
        rows, columns = self._values.shape
        return (int(row), int(column)) if 0 <= row < rows and 0 <= column < columns else None

    def _set_bars(self) -> None:
        rows, columns = self._values.shape
        room = self.maximumViewportSize()
        for bar, whole, view in (
            (self.horizontalScrollBar(), columns * self._zoom.width, room.width()),
            (self.verticalScrollBar(), rows * self._zoom.height, room.height()),
        ):
            bar.setRange(0, max(0, round(whole - view)) if whole > view + 1 else 0)
            bar.setPageStep(view)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again what was fitted."""
        if self._zoom.fitted:
            self.fit()
        else:
            self._set_bars()

    # Pointer and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a cell, and begin to pan."""
        self._held = event.position()
        self._choose(self._at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan while the button is held, else read the cell under the pointer."""
        if self._held is None:
            self._choose(self._at(event.position()))
            return
        moved, self._held = event.position() - self._held, event.position()
        self.horizontalScrollBar().setValue(round(self.horizontalScrollBar().value() - moved.x()))
        self.verticalScrollBar().setValue(round(self.verticalScrollBar().value() - moved.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End of the pan."""
        self._held = None

    def viewportEvent(self, event: QEvent) -> bool:
        """Stop reading when the pointer leaves."""
        if event.type() == QEvent.Type.Leave and not self.hasFocus():
            self._choose(None)
        return super().viewportEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the pointer."""
        self.zoom(1.25 ** (event.angleDelta().y() / 120), event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Read cell by cell, zoom, fit."""
        key, (rows, columns) = Qt.Key(event.key()), self._values.shape
        if key in STEPS and rows and columns:
            (down, right), (row, column) = STEPS[key], self._cell or (0, 0)
            moved = self._cell is not None
            self._choose((min(max(row + down * moved, 0), rows - 1), min(max(column + right * moved, 0), columns - 1)))
            self._reveal()
        elif key in ZOOMS:
            self.zoom(ZOOMS[key], self.cell(*self._cell).center() if self._cell else None)
        elif key == Qt.Key.Key_0:
            self.fit()
        else:
            super().keyPressEvent(event)
        self.viewport().update()

    def _choose(self, cell: tuple[int, int] | None) -> None:
        self._cell = cell
        self._say()
        self.viewport().update()

    def _reveal(self) -> None:
        if self._cell is None:
            return
        place, room = self.cell(*self._cell), self.viewport().rect()
        for bar, low, high, size in (
            (self.horizontalScrollBar(), place.left(), place.right(), room.width()),
            (self.verticalScrollBar(), place.top(), place.bottom(), room.height()),
        ):
            bar.setValue(round(bar.value() + min(0.0, low) + max(0.0, high - size)))
        self._say()

    def _say(self) -> None:
        if self._cell is None:
            self._chip.hide()
            self.read.emit("")
            return
        index, value = self.describe(*self._cell)
        theme, place = self._themes.current, self.cell(*self._cell)
        self._chip.say([(index, theme.secondary), (value, theme.text)], place.center().toPoint(), theme, avoid=place.toRect())
        self.setAccessibleDescription(f"{index} is {value}")
        self.read.emit(f"{index} {value}")

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """The visible cells, their numbers when there is room, and a frame around the chosen one."""
        painter = QPainter(self.viewport())
        if not self._values.size:
            painter.setFont(ui_font(12))
            painter.setPen(self._themes.current.secondary)
            painter.drawText(self.viewport().rect(), int(Qt.AlignmentFlag.AlignCenter), "This tensor has no entries.")
            painter.end()
            return
        left, top = self._origin()
        target, part = self._zoom.visible(self._values, (left, top), self.viewport().size())
        colours = ramp(self._themes.current, self._scale)
        painter.drawImage(target, coloured(part, self._limits, self._scale, colours))
        if min(self.cell_size) >= NUMBERS_FROM:
            self._paint_numbers(painter, colours)
        if self._cell is not None:
            painter.setPen(QPen(self._themes.current.text, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.cell(*self._cell).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _paint_numbers(self, painter: QPainter, colours: NDArray[np.uint8]) -> None:
        rows, columns = self._zoom.window(self._values.shape, self._origin(), self.viewport().size())
        painter.setFont(mono_font(max(8, min(13, int(self._zoom.width / 4.2)))))
        room = int((self._zoom.width - 2) / painter.fontMetrics().averageCharWidth())
        black, white = QColor("black"), QColor("white")
        shades = coloured(self._values[rows, columns], self._limits, self._scale, colours)
        for row in range(rows.start, rows.stop):
            for column in range(columns.start, columns.stop):
                back = QColor(shades.pixel(column - columns.start, row - rows.start))
                painter.setPen(black if contrast(back, black) > contrast(back, white) else white)
                value = self._values[row, column].item()
                text = str(value) if isinstance(value, int) else short(value, room)
                painter.drawText(self.cell(row, column), int(Qt.AlignmentFlag.AlignCenter), text)
