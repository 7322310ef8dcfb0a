"""Many small images as one: square-ish grid, hard pixels, equal gaps."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

GAP = 3
_CELL = 48
_MOST_PIXELS = 64_000_000


@dataclass(frozen=True)
class Wall:
    """One picture (H, W) or (H, W, 3) of `shown` out of `total` images."""

    image: NDArray[np.uint8]
    shown: int
    total: int
    columns: int

    @property
    def caption(self) -> str:
        """How much is to be seen: `96 images` or `64 of 96 images`."""
        noun = "image" if self.total == 1 else "images"
        return f"{self.total:,} {noun}" if self.shown == self.total else f"{self.shown:,} of {self.total:,} {noun}"


def wall(
    images: NDArray[np.uint8],
    *,
    columns: int | None = None,
    zoom: int | None = None,
    gap: int = GAP,
    most: int | None = None,
    background: int = 32,
) -> Wall:
    """Lay (N, h, w[, 3]) images out in rows. `zoom` is screen pixels per image pixel, by default about 48 pixels a cell.

    Shows at most `most` of them; the answer says how many.
    """
    total = len(images)
    chosen = images[: most if most is not None else total]
    height, width = (int(size) for size in images.shape[1:3])
    scale = zoom or max(1, _CELL // max(height, width, 1))
    while scale > 1 and len(chosen) * (height * scale + gap) * (width * scale + gap) > _MOST_PIXELS:
        scale -= 1
    across = columns or max(1, ceil(sqrt(len(chosen) * height / max(1, width))))
    across = max(1, min(across, len(chosen) or 1))
    rows = ceil(len(chosen) / across)
    cell_height, cell_width = height * scale, width * scale
    size = (max(1, rows * (cell_height + gap) - gap), max(1, across * (cell_width + gap) - gap), *images.shape[3:])
    canvas = np.full(size, background, np.uint8)
    for number, image in enumerate(chosen):
        top, left = (number // across) * (cell_height + gap), (number % across) * (cell_width + gap)
        canvas[top : top + cell_height, left : left + cell_width] = image.repeat(scale, 0).repeat(scale, 1)
    return Wall(canvas, len(chosen), total, across)
