"""What a chart is made of: axes, lines, dots, marks and a picture behind them. Plain values; colours are names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage

from netbuilder.ui.plots.strokes import OTHERS
from netbuilder.ui.plots.ticks import log_range, nice_step, say_value
from netbuilder.ui.theme import Theme

Ink = str | int
"""A colour token of the theme (`accent`, `faint`, …), or the number of one among several things that are compared."""
Floats = NDArray[np.floating[Any]]
FAR = 1e6
"""Pixels beyond which nothing is painted."""


@dataclass(frozen=True)
class Axis:
    """From and to, ticks with their texts, and what is measured along it."""

    low: float = 0.0
    high: float = 1.0
    label: str = ""
    ticks: tuple[tuple[float, str], ...] = ()

    @property
    def span(self) -> float:
        """Its length in data units, never zero."""
        return (self.high - self.low) or 1.0


@dataclass(frozen=True)
class Line:
    """Points joined by straight lines; not a number breaks it."""

    x: Floats
    y: Floats
    ink: Ink = "accent"
    width: float = 1.6
    dashed: bool = False
    filled: bool = False


@dataclass(frozen=True)
class Band:
    """The room between two lines, tinted; not a number breaks it."""

    x: Floats
    low: Floats
    high: Floats
    ink: Ink = "accent"


@dataclass(frozen=True)
class Dots:
    """Circles of `size` pixels, one size for all or one each; `hollow` draws rings."""

    x: Floats
    y: Floats
    ink: Ink = "accent"
    size: float | Floats = 6.0
    hollow: bool = False
    edge: Ink = ""


@dataclass(frozen=True)
class Mark:
    """A thin line across the area at one place, with a word beside it."""

    at: float
    label: str = ""
    ink: Ink = "secondary"
    vertical: bool = True
    dashed: bool = True


@dataclass(frozen=True)
class Content:
    """All that a chart shows; the picture fills the area between the axes' ends."""

    x: Axis = field(default_factory=Axis)
    y: Axis = field(default_factory=Axis)
    lines: tuple[Line, ...] = ()
    dots: tuple[Dots, ...] = ()
    marks: tuple[Mark, ...] = ()
    picture: QImage | None = None
    bands: tuple[Band, ...] = ()

    def place(self, x: float, y: float, box: QRectF) -> QPointF:
        """Where a place of the data is inside a box of pixels; what is far outside stays within what can be painted."""
        across = box.left() + (x - self.x.low) / self.x.span * box.width()
        up = box.bottom() - (y - self.y.low) / self.y.span * box.height()
        return QPointF(min(max(across, -FAR), FAR), min(max(up, -FAR), FAR))

    def places(self, x: Floats, y: Floats, box: QRectF) -> list[QPointF]:
        """The same for many."""
        across = box.left() + (x - self.x.low) / self.x.span * box.width()
        up = box.bottom() - (y - self.y.low) / self.y.span * box.height()
        return list(map(QPointF, np.clip(across, -FAR, FAR).tolist(), np.clip(up, -FAR, FAR).tolist()))


def axis(low: float, high: float, label: str = "", ticks: int = 5, *, tight: bool = True) -> Axis:
    """Round ticks between two values; without `tight` the ends move out to ticks."""
    if not (np.isfinite(low) and np.isfinite(high)):
        low, high = 0.0, 1.0
    if low == high:
        low, high = low - 0.5, high + 0.5
    step = nice_step(high - low, ticks)
    if not tight:
        low, high = np.floor(low / step + 1e-9) * step, np.ceil(high / step - 1e-9) * step
    first = int(np.ceil(low / step - 1e-9))
    places = [i * step for i in range(first, int(np.floor(high / step + 1e-9)) + 1)]
    return Axis(float(low), float(high), label, tuple((p, say_value(float(f"{p:.6g}"))) for p in places))


def log_axis(values: Iterable[float], label: str, say: Any) -> Axis:
    """An axis in log₁₀ units around these values; `say` writes a value of the original scale."""
    known = [value for value in values if value > 0] or [1.0, 10.0]
    low, high = np.log10(min(known)), np.log10(max(known))
    room = max(0.12, 0.08 * (high - low))
    _, _, places = log_range(min(known), max(known))
    low, high = low - room, high + room
    ticks = [p for p in places if low <= p <= high]
    if len(ticks) < 2:
        ticks = [float(p) for p in np.linspace(low + room, high - room, 2)]
    return Axis(float(low), float(high), label, tuple((p, say(10**p)) for p in ticks))


def colour(theme: Theme, ink: Ink) -> QColor:
    """The colour of an ink in a theme."""
    return QColor(theme.category(OTHERS[ink % len(OTHERS)]) if isinstance(ink, int) else theme.tokens()[ink])
