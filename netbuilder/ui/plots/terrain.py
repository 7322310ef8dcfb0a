"""A surface of two coordinates as a shaded picture with contour lines."""

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


def heights(surface: Surface) -> Floats:
    """(GRID, GRID) heights over the window, rows along the second coordinate, compressed so that valleys stay visible."""
    axes = [np.linspace(low, high, GRID) for low, high in surface.window]
    found = surface.values(*axes)
    return squeezed(found, float(found.min()))


def squeezed(values: Floats, lowest: float) -> Floats:
    """The logarithm of the height above the lowest point, which shows ravines and plateaus alike."""
    scale = max(float(np.median(values) - lowest) / 20, 1e-12)
    return np.log1p((values - lowest) / scale)


def contours(surface: Surface, squeezed_heights: Floats) -> tuple[Line, ...]:
    """Lines of equal height, in the surface's coordinates."""
    import pyqtgraph as pg

    (left, right), (bottom, top) = surface.window
    found = []
    for level in np.linspace(0, float(squeezed_heights.max()), LEVELS + 2)[1:-1]:
        for points in pg.isocurve(squeezed_heights, level, connected=True):
            rows, columns = np.asarray(points, float).T
            x = left + (columns - 0.5) / (GRID - 1) * (right - left)
            y = bottom + (rows - 0.5) / (GRID - 1) * (top - bottom)
            found.append(Line(x, y, "faint", 0.8))
    return tuple(found)


def shaded(squeezed_heights: Floats, theme: Theme) -> QImage:
    """Low places tinted, high ones in the panel's colour; row 0 at the bottom."""
    share = 1 - squeezed_heights / max(float(squeezed_heights.max()), 1e-12)
    return painted(share, theme.panel, mix(theme.panel, theme.accent, 0.45))


def painted(share: Floats, low: QColor, high: QColor) -> QImage:
    """A picture (rows, columns) of shares 0 to 1 between two colours; row 0 at the bottom."""
    ends = np.array([[c.red(), c.green(), c.blue()] for c in (low, high)], float)
    colours = ends[0] + np.clip(share, 0, 1)[::-1, :, None] * (ends[1] - ends[0])
    data = np.ascontiguousarray(colours.round().astype(np.uint8))
    return QImage(data.tobytes(), data.shape[1], data.shape[0], 3 * data.shape[1], QImage.Format.Format_RGB888).copy()
