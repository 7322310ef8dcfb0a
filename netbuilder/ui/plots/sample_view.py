"""One sample drawn large: a picture with its pixel values when there is room, points as a cross in the plane, else numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from netbuilder.ui.plots.chip import Chip
from netbuilder.ui.theme import Theme, Themes, mono_font, ui_font

NUMBERS_FROM = 22
"""Pixel size in logical pixels from which values are written into the cells."""


def picture(sample: NDArray[np.generic]) -> NDArray[np.uint8] | None:
    """A stored sample (C, H, W) as (H, W) grey or (H, W, 3) colour bytes; `None` when it is not a picture."""
    if sample.ndim != 3 or min(sample.shape[1:]) < 2:
        return None
    if sample.dtype == np.uint8:
        data = np.asarray(sample, np.uint8)
    else:
        values = np.asarray(sample, np.float64)
        low, high = float(values.min()), float(values.max())
        data = ((values - low) / (high - low or 1.0) * 255).astype(np.uint8)
    return np.ascontiguousarray(np.moveaxis(data[:3], 0, -1)) if len(data) >= 3 else np.ascontiguousarray(data[0])


class SampleView(QWidget):
    """Draws a sample as large as it can with equal pixels; hovering reads the stored value. `opened` asks for its numbers."""

    opened = Signal()

    def __init__(self, themes: Themes, *, empty: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._empty = empty
        self._sample: NDArray[np.generic] | None = None
        self._picture: NDArray[np.uint8] | None = None
        self._unit = False
        self._chip = Chip(self)
        self.setMouseTracking(True)
        self.setMinimumSize(96, 96)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        themes.changed.connect(self.update)

    def show_sample(self, sample: NDArray[np.generic] | None) -> None:
        """Show a sample in stored form, or nothing."""
        self._sample = sample
        self._picture = None if sample is None else picture(sample)
        self._chip.hide()
        self.update()

    def show_unit(self, on: bool) -> None:
        """Read bytes as shares of 255, or as they are stored."""
        self._unit = on
        self.update()

    @property
    def numbers(self) -> list[list[str]]:
        """The numbers written into the cells, row by row; none while the cells are too small."""
        if self._picture is None or self._sample is None or self._picture.ndim != 2:
            return []
        small = self._box().width() / self._picture.shape[1] < NUMBERS_FROM
        return [] if small else [[self._say(value) for value in row] for row in self._sample[0]]

    def _say(self, value: np.generic) -> str:
        return f"{value.item() / 255:.2f}" if self._unit and value.dtype == np.uint8 else _say(value)

    def sizeHint(self) -> QSize:
        """A comfortable square."""
        return QSize(160, 160)

    def value_at(self, x: float, y: float) -> str:
        """The stored value under a point, such as `[3, 14] 0.502`; empty outside the picture."""
        if self._picture is None or self._sample is None:
            return ""
        box = self._box()
        height, width = self._picture.shape[:2]
        column, row = int((x - box.left()) / box.width() * width), int((y - box.top()) / box.height() * height)
        if not (box.contains(QPointF(x, y)) and 0 <= row < height and 0 <= column < width):
            return ""
        return f"[{row}, {column}] " + " ".join(self._say(v) for v in self._sample[:, row, column])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the pixel under the pointer."""
        text = self.value_at(event.position().x(), event.position().y())
        if text:
            self._chip.say([(text, None)], event.position().toPoint(), self._themes.current)
        else:
            self._chip.hide()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the numbers."""
        if self._sample is not None:
            self.opened.emit()

    def leaveEvent(self, event: object) -> None:
        """Stop reading."""
        self._chip.hide()

    def _box(self) -> QRectF:
        assert self._picture is not None
        height, width = self._picture.shape[:2]
        scale = max(0.01, min(self.width() / width, self.height() / height))
        if scale > 2:
            scale = float(int(scale))
        return QRectF(0, 0, width * scale, height * scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture, or numbers, or what to do."""
        theme = self._themes.current
        painter = QPainter(self)
        if self._sample is None:
            painter.setFont(ui_font(12))
            painter.setPen(theme.secondary)
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), self._empty)
        elif self._picture is None:
            self._paint_values(painter, theme)
        else:
            self._paint_picture(painter, theme)
        painter.end()

    def _paint_picture(self, painter: QPainter, theme: Theme) -> None:
        assert self._picture is not None
        data, box = self._picture, self._box()
        kind = QImage.Format.Format_RGB888 if data.ndim == 3 else QImage.Format.Format_Grayscale8
        image = QImage(data.tobytes(), data.shape[1], data.shape[0], data.strides[0], kind)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, box.width() < data.shape[1])
        painter.drawImage(box, image)
        painter.setPen(QPen(theme.line, 1))
        painter.drawRect(box.adjusted(0, 0, -1, -1))
        if self.numbers:
            self._paint_numbers(painter, box)

    def _paint_numbers(self, painter: QPainter, box: QRectF) -> None:
        assert self._picture is not None
        size = box.width() / self._picture.shape[1]
        painter.setFont(mono_font(min(11, int(size / 2.4))))
        for row, (line, texts) in enumerate(zip(self._picture, self.numbers, strict=True)):
            for column, (level, text) in enumerate(zip(line, texts, strict=True)):
                painter.setPen(QColor("black" if level > 117 else "white" if level > 50 else "#B9C0CC"))
                cell = QRectF(box.left() + column * size, box.top() + row * size, size, size)
                painter.drawText(cell, int(Qt.AlignmentFlag.AlignCenter), text)

    def _paint_values(self, painter: QPainter, theme: Theme) -> None:
        assert self._sample is not None
        painter.setFont(mono_font(12))
        painter.setPen(theme.text)
        values = self._sample.ravel()
        lines = [_say(v) for v in values[: max(1, self.height() // 18 - 1)]]
        if len(lines) < len(values):
            lines.append(f"… {len(values) - len(lines):,} more")
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), "\n".join(lines))


def _say(value: np.generic) -> str:
    number = value.item()
    return str(number) if isinstance(number, int) else f"{number:.3g}"
