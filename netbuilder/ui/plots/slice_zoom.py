"""How large the cells of a slice are drawn, and which of them are to be seen."""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize

LARGEST, LEAST_LINE = 96.0, 24.0
"""Side of a cell at most when all is fitted, and thickness of a row or column among very many of the other."""
MOST = 240.0


class Zoom:
    """Width and height of a cell in logical pixels: equal, but for slices far longer than wide or wider than long."""

    def __init__(self) -> None:
        self.width = self.height = self._least = 1.0
        self.fitted = True

    def fit(self, shape: tuple[int, ...], room: QSize) -> None:
        """As large as the room allows."""
        rows, columns = max(1, shape[0]), max(1, shape[1])
        wide, high = max(1, room.width()) / columns, max(1, room.height()) / rows
        side = min(wide, high, LARGEST)
        self.width = self.height = float(int(side)) if side >= 3 else side
        if side < 1:
            self.width, self.height = min(wide, LEAST_LINE), min(high, LEAST_LINE)
        self._least, self.fitted = min(self.width, self.height), True

    def by(self, factor: float) -> None:
        """Larger or smaller cells, within reason; long slices become square on the way."""
        smaller = min(self.width, self.height)
        side = min(max(smaller * factor, self._least), MOST)
        if self.width == self.height or side >= max(self.width, self.height):
            self.width = self.height = side
        elif self.width < self.height:
            self.width = side
        else:
            self.height = side
        self.fitted = side <= self._least

    def window(self, shape: tuple[int, ...], origin: tuple[float, float], room: QSize) -> tuple[slice, slice]:
        """The rows and columns of which something is to be seen."""
        spans = (origin[1], self.height, shape[0], room.height()), (origin[0], self.width, shape[1], room.width())
        first, second = (slice(max(0, int(-start / side)), min(count, ceil((view - start) / side))) for start, side, count, view in spans)
        return first, second

    def visible(self, values: NDArray[Any], origin: tuple[float, float], room: QSize) -> tuple[QRectF, NDArray[Any]]:
        """The numbers to be drawn and where; of cells smaller than a pixel, one for each pixel."""
        rows, columns = self.window(values.shape, origin, room)
        shown = values[rows, columns]
        high, wide = shown.shape[0] * self.height, shown.shape[1] * self.width
        target = QRectF(origin[0] + columns.start * self.width, origin[1] + rows.start * self.height, wide, high)
        if self.height < 1:
            shown = shown[_nearest(shown.shape[0], high)]
        if self.width < 1:
            shown = shown[:, _nearest(shown.shape[1], wide)]
        return target, shown


def _nearest(count: int, pixels: float) -> NDArray[np.intp]:
    """The number of the entry in the middle of each pixel."""
    size = max(1, round(pixels))
    return np.minimum(((np.arange(size) + 0.5) * count / size).astype(np.intp), count - 1)
