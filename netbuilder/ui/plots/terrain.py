"""Heights over a plane as a shaded picture with contour lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from netbuilder.train.playground import Surface
from netbuilder.ui.plots.chart_parts import Line
from netbuilder.ui.theme import Theme, mix

GRID = 91
LEVELS = 16

Floats = NDArray[np.float64]
Window = tuple[tuple[float, float], ...]
"""From and to along each coordinate."""


def heights(surface: Surface) -> Floats:
    """(GRID, GRID) heights over the window, rows along the second coordinate, compressed so that valleys stay visible."""
    axes = [np.linspace(low, high, GRID) for low, high in surface.window]
    found = surface.values(*axes)
    return squeezed(found, float(found.min()))


def squeezed(values: Floats, lowest: float) -> Floats:
    """The logarithm of the height above the lowest point, which shows ravines and plateaus alike."""
    scale = max(float(np.median(values) - lowest) / 20, 1e-12)
    return np.log1p((values - lowest) / scale)


def contours(values: Floats, window: Window, count: int = LEVELS) -> tuple[Line, ...]:
    """Lines of equal height, evenly spaced between the lowest and the highest, in the coordinates of the window; rows along the second."""
    import pyqtgraph as pg

    (left, right), (bottom, top) = window
    rows, columns = values.shape
    found = []
    for level in np.linspace(float(values.min()), float(values.max()), count + 2)[1:-1]:
        for points in pg.isocurve(values, level, connected=True):
            up, across = np.asarray(points, float).T - 0.5
            x, y = left + across / (columns - 1) * (right - left), bottom + up / (rows - 1) * (top - bottom)
            found.append(Line(x, y, "faint", 0.8))
    return tuple(found)


def shaded(values: Floats, theme: Theme) -> QImage:
    """Low places tinted, high ones in the panel's colour; row 0 at the bottom."""
    low, high = float(values.min()), float(values.max())
    return painted((high - values) / max(high - low, 1e-12), *tints(theme))


def tints(theme: Theme) -> tuple[QColor, QColor]:
    """The colours of the highest and of the lowest places."""
    return theme.panel, mix(theme.panel, theme.accent, 0.45)


def painted(share: Floats, low: QColor, high: QColor) -> QImage:
    """A picture (rows, columns) of shares 0 to 1 between two colours; row 0 at the bottom."""
    ends = np.array([[c.red(), c.green(), c.blue()] for c in (low, high)], float)
    colours = ends[0] + np.clip(share, 0, 1)[::-1, :, None] * (ends[1] - ends[0])
    data = np.ascontiguousarray(colours.round().astype(np.uint8))
    return QImage(data.tobytes(), data.shape[1], data.shape[0], 3 * data.shape[1], QImage.Format.Format_RGB888).copy()
