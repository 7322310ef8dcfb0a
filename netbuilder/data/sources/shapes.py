"""Discs, squares and triangles before a noisy ground, made up on the spot, with the class of every pixel."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from netbuilder.data.sources.base import Contents, Progress, Samples, Source, declare

NAMES = ("ground", "disc", "square", "triangle")


@declare("shapes", "Shapes", "Discs, squares and triangles in noise: every pixel has a class, as segmentation learns.", bundled=True)
class Shapes(Source, frozen=True):
    """`count` images, channels × size × size uint8, each with up to three shapes; targets are (size, size) class numbers."""

    size: Annotated[int, Meta(ge=8, le=512, description="Height and width of the images, in pixels")] = 64
    channels: Annotated[int, Meta(ge=1, le=64, description="1 for grey images, 3 for colour")] = 1
    classes: Annotated[int, Meta(ge=2, le=4, description="Ground and discs, then squares, then triangles")] = 3
    count: Annotated[int, Meta(ge=10, le=20_000, description="Number of images")] = 600
    noise: Annotated[float, Meta(ge=0.0, le=1.0, description="Strength of the noise, as a share of the full range")] = 0.1
    seed: Annotated[int, Meta(ge=0, lt=2**31, description="Another seed, other images")] = 0

    def read(self, progress: Progress) -> Contents:
        random = np.random.default_rng(self.seed)
        images = np.empty((self.count, self.channels, self.size, self.size), np.uint8)
        maps = np.zeros((self.count, self.size, self.size), np.int64)
        for number in range(self.count):
            images[number] = self._draw(maps[number], random)
            progress(number + 1, self.count)
        return Contents("Shapes", Samples(images, maps), None, NAMES[: self.classes])

    def _draw(self, labels: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.uint8]:
        """One image; its label map is filled in."""
        picture = np.full((self.channels, self.size, self.size), random.uniform(0.0, 0.4), np.float64)
        for _ in range(random.integers(1, 4)):
            kind = int(random.integers(1, self.classes))
            inside = _inside(kind, self.size, random)
            labels[inside] = kind
            picture[:, inside] = random.uniform(0.55, 1.0, self.channels)[:, None]
        picture += random.normal(0.0, self.noise, picture.shape)
        return (picture.clip(0.0, 1.0) * 255).astype(np.uint8)


def _inside(kind: int, size: int, random: np.random.Generator) -> NDArray[np.bool_]:
    """The pixels of one shape somewhere in the image."""
    radius = random.uniform(0.1, 0.25) * size
    middle = random.uniform(radius, size - radius, 2)
    y, x = np.ogrid[:size, :size]
    down, right = y - middle[0], x - middle[1]
    if kind == 1:
        return np.asarray(down**2 + right**2 <= radius**2)
    if kind == 2:
        return np.asarray((np.abs(down) <= 0.85 * radius) & (np.abs(right) <= 0.85 * radius))
    return np.asarray((down <= 0.8 * radius) & (down >= -radius) & (np.abs(right) <= (down + radius) / 1.8))
