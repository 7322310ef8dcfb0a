"""From numbers to colours: two hues around zero, or greys from the smallest to the largest; what is no number is red."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from netbuilder.ui.theme import Theme, Themes, mix, mono_font

Scale = Literal["diverging", "grey"]
Range = tuple[float, float]
LEVELS = 255
MOST_LOOKED_AT = 1_000_000
"""Numbers among which the range of a slice is sought."""


def ramp(theme: Theme, scale: Scale) -> NDArray[np.uint8]:
    """The colours (LEVELS, 3) from the low end to the high end, with one more for what is no number."""
    if scale == "grey":
        levels = np.repeat(np.linspace(0, 255, LEVELS)[:, None], 3, 1)
    else:
        middle = mix(theme.panel, theme.text, 0.04)
        low, high = (_row(mix(middle, colour, 0.95)) for colour in (theme.warning, theme.accent))
        share = np.linspace(-1, 1, LEVELS)[:, None]
        levels = _row(middle) + np.where(share < 0, low - _row(middle), high - _row(middle)) * np.abs(share)
    return np.vstack([np.rint(levels), _row(theme.error)]).astype(np.uint8)


def _row(colour: QColor) -> NDArray[np.float64]:
    return np.array([[colour.red(), colour.green(), colour.blue()]], np.float64)


def range_of(values: NDArray[Any]) -> Range:
    """The smallest and the largest finite number; of very many numbers, those of some evenly spaced rows and columns."""
    if values.size > MOST_LOOKED_AT:
        step = int(np.ceil(np.sqrt(values.size / MOST_LOOKED_AT)))
        values = values[:: step if len(values) > step else 1, ::step]
    known = values[np.isfinite(values)]
    return (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)


def ends(limits: Range, scale: Scale) -> Range:
    """What the two ends of the colours stand for; around zero they are equally far from it."""
    if scale == "grey":
        return limits
    reach = max(abs(limits[0]), abs(limits[1]))
    return -reach, reach


def coloured(values: NDArray[Any], limits: Range, scale: Scale, colours: NDArray[np.uint8]) -> QImage:
    """A picture with one pixel for each number (rows, columns)."""
    low, high = ends(limits, scale)
    numbers = np.asarray(values, np.float64)
    known = ~np.isnan(numbers)
    with np.errstate(over="ignore", invalid="ignore"):
        share = (np.clip(numbers, low, high) - low) / (high - low) if high > low else np.full(numbers.shape, 0.5)
    level = np.where(known, np.nan_to_num(share) * (LEVELS - 1), LEVELS).astype(np.intp)
    data = np.ascontiguousarray(colours[level])
    height, width = data.shape[:2]
    return QImage(data.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()


class ColourBar(QWidget):
    """The colours from one end to the other with the numbers that they stand for."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._limits: Range = (0.0, 0.0)
        self._scale: Scale = "diverging"
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Colours")
        themes.changed.connect(self.update)

    def show_range(self, limits: Range, scale: Scale) -> None:
        """Show these ends."""
        self._limits, self._scale = ends(limits, scale), scale
        self.setAccessibleDescription(f"from {self._limits[0]:.3g} to {self._limits[1]:.3g}")
        self.update()

    def sizeHint(self) -> QSize:
        """Room for two numbers and a bar."""
        return QSize(220, 26)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Number, bar, number."""
        theme = self._themes.current
        painter = QPainter(self)
        painter.setFont(mono_font(11))
        painter.setPen(theme.secondary)
        text, middle = 64.0, Qt.AlignmentFlag.AlignVCenter
        box = QRectF(self.rect())
        painter.drawText(QRectF(0, 0, text, box.height()), int(middle | Qt.AlignmentFlag.AlignRight), number(self._limits[0]))
        painter.drawText(
            QRectF(box.right() - text, 0, text, box.height()), int(middle | Qt.AlignmentFlag.AlignLeft), number(self._limits[1])
        )
        colours = ramp(theme, self._scale)[:LEVELS]
        image = QImage(colours.tobytes(), LEVELS, 1, 3 * LEVELS, QImage.Format.Format_RGB888)
        bar = QRectF(text + 6, box.height() / 2 - 5, max(10.0, box.width() - 2 * text - 12), 10)
        painter.drawImage(bar, image)
        painter.setPen(theme.line)
        painter.drawRect(bar.adjusted(0, 0, -1, -1))
        painter.end()


def number(value: float) -> str:
    """A number in a few characters with a real minus."""
    return f"{value:.3g}".replace("-", "−")


def short(value: float, room: int) -> str:
    """A number in no more letters than there is room for, with up to three digits; at least one."""
    texts = [f"{value:.{digits}g}" for digits in (3, 2, 1)]
    return next((text for text in texts if len(text) <= room), texts[-1]).replace("-", "−")
