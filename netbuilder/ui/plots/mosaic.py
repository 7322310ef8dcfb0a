"""Laying out equal pictures in a rectangle, and making one picture of them. Pure arithmetic on arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
GAP = 3


@dataclass(frozen=True)
class Grid:
    """Square cells of `cell` logical pixels in `columns` columns; `rows` counts all, `whole` those wholly visible."""

    count: int
    cell: int
    columns: int
    rows: int
    whole: int

    @property
    def visible(self) -> int:
        """Cells wholly visible before any scrolling."""
        return min(self.count, self.whole * self.columns)

    @property
    def height(self) -> int:
        """Logical height of all rows."""
        return max(0, self.rows * (self.cell + GAP) - GAP)

    def cell_at(self, x: float, y: float) -> int | None:
        """Which cell is at a point (rows counted from the top of everything); `None` in a gap or beyond the last."""
        column, row = int(x // (self.cell + GAP)), int(y // (self.cell + GAP))
        inside = x >= 0 and y >= 0 and x % (self.cell + GAP) < self.cell and y % (self.cell + GAP) < self.cell
        number = row * self.columns + column
        return number if inside and column < self.columns and number < self.count else None


def lay_out(count: int, width: int, height: int, *, least: int = 18, most: int = 96, pixels: int = 1) -> Grid:
    """The largest cells with which all `count` fit; when not even `least` fits, cells of that size and rows to scroll.

    Cells of small pictures are a whole multiple of their `pixels`, so that every pixel is equally large.
    """
    sizes = [s for s in range(most, least - 1, -1) if pixels > s or s % pixels == 0] or [least]
    chosen = sizes[-1]
    for size in sizes:
        if ((width + GAP) // (size + GAP)) * ((height + GAP) // (size + GAP)) >= count:
            chosen = size
            break
    columns = max(1, (width + GAP) // (chosen + GAP))
    if columns * max(1, (height + GAP) // (chosen + GAP)) >= count:
        columns = _balanced(count, columns, max(1, (height + GAP) // (chosen + GAP)))
    rows = -(-count // columns)
    return Grid(count, chosen, columns, rows, max(1, (height + GAP) // (chosen + GAP)))


def _balanced(count: int, columns: int, rows: int) -> int:
    """The most columns that fill every row, as 8 for 32, as long as the rows fit."""
    for fewer in range(columns, 0, -1):
        if -(-count // fewer) > rows:
            break
        if count % fewer == 0:
            return fewer
    return columns


def compose(images: Pixels, grid: Grid, first_row: int, rows: int, dpr: float, radius: float = 2.5) -> Pixels:
    """Rows `first_row` to `first_row + rows` as RGBA at device pixels; nearest neighbour, corners rounded, gaps clear."""
    height, width = images.shape[1:3]
    places, opacity = _map(grid, first_row, rows, dpr, radius, height, width)
    depth = images.shape[3] if images.ndim == 4 else 1
    known = np.zeros((images.size // depth + 1, 4), np.uint8)
    known[:-1, :3] = images.reshape(-1, depth)
    result = known.view(np.uint32).take(places).view(np.uint8).reshape(*opacity.shape, 4)
    result[..., 3] = opacity
    return result


@lru_cache(maxsize=8)
def _map(grid: Grid, first_row: int, rows: int, dpr: float, radius: float, height: int, width: int) -> tuple[NDArray[np.intp], Pixels]:
    """Which of all pictures' pixels, counted through, stands at each device pixel (−1: none), and how opaque it is."""
    cell = max(1, round(grid.cell * dpr))
    pitch = (grid.cell + GAP) * dpr
    size = max(height, width)
    across = np.minimum((np.arange(cell) * size) // cell, size - 1)
    y, x = across[:, None] - (size - height) // 2, across[None, :] - (size - width) // 2
    inside = (y >= 0) & (y < height) & (x >= 0) & (x < width)
    places = np.full((round(rows * pitch), round(grid.columns * pitch)), -1, np.intp)
    opacity = np.zeros(places.shape, np.uint8)
    mask = _corners(cell, radius * dpr)
    first = first_row * grid.columns
    for number in range(first, min(grid.count, first + rows * grid.columns)):
        row, column = divmod(number - first, grid.columns)
        top, left = round(row * pitch), round(column * pitch)
        target = places[top : top + cell, left : left + cell]
        part = (slice(target.shape[0]), slice(target.shape[1]))
        target[...] = np.where(inside, (number * height + y) * width + x, -1)[part]
        opacity[top : top + cell, left : left + cell] = mask[part]
    return places, opacity


def _corners(cell: int, radius: float) -> Pixels:
    """Opaque square with smooth rounded corners."""
    if radius < 1 or cell < 6:
        return np.full((cell, cell), 255, np.uint8)
    places = np.arange(cell) + 0.5
    inset = np.maximum(radius - np.minimum(places, cell - places), 0)
    distance = np.hypot(inset[:, None], inset[None, :])
    result: Pixels = (np.clip(radius - distance + 0.5, 0, 1) * 255).astype(np.uint8)
    return result
