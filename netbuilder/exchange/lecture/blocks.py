"""A tensor as a block: how large it is drawn, and its faces. Height and depth show the picture, width the channels."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2, sqrt

from netbuilder.exchange.lecture.stages import Stage

Point = tuple[float, float]
TALLEST, LOWEST = 132.0, 13.0
_SLANT = 0.42
_MERGE = 22.0


@dataclass(frozen=True)
class Solid:
    """A cuboid: the front is `width` by `height`, the depth goes right by `depth` and up by as much."""

    width: float
    height: float
    depth: float

    @property
    def breadth(self) -> float:
        """From the left of the front to the right of the back."""
        return self.width + self.depth

    def front(self, x: float, y: float) -> list[Point]:
        """The front with its left at `x` and its middle at `y`."""
        top, bottom = y - self.height / 2, y + self.height / 2
        return [(x, top), (x + self.width, top), (x + self.width, bottom), (x, bottom)]

    def top(self, x: float, y: float) -> list[Point]:
        """The face above."""
        up, d = y - self.height / 2, self.depth
        return [(x, up), (x + d, up - d), (x + self.width + d, up - d), (x + self.width, up)]

    def side(self, x: float, y: float) -> list[Point]:
        """The face at the right: the picture, seen from the side."""
        return self.window(x, y, 0.0, 1.0, 0.0, 1.0)

    def window(self, x: float, y: float, left: float, right: float, top: float, bottom: float) -> list[Point]:
        """A part of the side, in shares of its depth and height."""
        edge, up = x + self.width, y - self.height / 2

        def at(along: float, down: float) -> Point:
            return (edge + along * self.depth, up + down * self.height - along * self.depth)

        return [at(left, top), at(right, top), at(right, bottom), at(left, bottom)]


def solid(stage: Stage, largest: int) -> Solid:
    """The block of a stage; `largest` is the longest spatial side in the drawing."""
    shape = [size or 1 for size in stage.shape]
    if stage.sign:
        return Solid(_MERGE, _MERGE, 0.0)
    if not shape:
        return Solid(40.0, 48.0, 0.0)
    if len(shape) == 1:
        return Solid(11.0, min(TALLEST, LOWEST + 11 * log2(1 + shape[0])), 5.0)
    channels, down, across = (shape[0], shape[-2], shape[-1]) if len(shape) > 2 else (shape[0], shape[1], 0)
    depth = max(5.0, _SLANT * _length(across, largest)) if across else 6.0
    return Solid(3.0 + 6.0 * log2(1 + channels), _length(down, largest), depth)


def _length(size: int, largest: int) -> float:
    """Pixels for a side: by its square root, so that 1 and 224 can both be seen."""
    return LOWEST + (TALLEST - LOWEST) * sqrt(size / max(1, largest))
