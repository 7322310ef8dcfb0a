"""Images of oriented stripes, made up on the spot: data of any size from which a network learns oriented filters."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from netbuilder.data.errors import DataError
from netbuilder.data.sources.base import Contents, Progress, Samples, Source, declare

MOST_BYTES = 1024**3
_CHUNK = 2**22


@declare(
    "gratings",
    "Striped images",
    "Sine stripes and bars of random phase and width; the class is their orientation, in colour images also their tint.",
    bundled=True,
)
class Gratings(Source, frozen=True):
    """`count` images, channels × size × size uint8, as many of each class (the last ones of few images have none)."""

    size: Annotated[int, Meta(ge=4, le=1024, description="Height and width of the images, in pixels")] = 32
    channels: Annotated[int, Meta(ge=1, le=64, description="1 for grey images, 3 for colour")] = 1
    classes: Annotated[int, Meta(ge=2, le=1_000, description="How many orientations there are")] = 10
    count: Annotated[int, Meta(ge=10, le=1_000_000, description="Number of images")] = 2_000
    noise: Annotated[float, Meta(ge=0.0, le=1.0, description="Strength of the noise, as a share of the full range")] = 0.05
    seed: Annotated[int, Meta(ge=0, lt=2**31, description="Another seed, other images")] = 0

    def read(self, progress: Progress) -> Contents:
        needed = self.count * self.channels * self.size**2
        if needed > MOST_BYTES:
            most = MOST_BYTES // (self.channels * self.size**2)
            raise DataError(
                f"{self.count:,} images of {self.channels}×{self.size}×{self.size} would take {needed / 2**30:.1f} GiB.",
                place="count",
                remedy=f"Make at most {most:,} of this size, or smaller ones.",
            )
        generator = np.random.default_rng(self.seed)
        classes = np.arange(self.count, dtype=np.int64) % self.classes
        images = np.empty((self.count, self.channels, self.size, self.size), np.uint8)
        rows = max(1, _CHUNK // (self.channels * self.size**2))
        for start in range(0, self.count, rows):
            progress(start, self.count)
            images[start : start + rows] = self._draw(classes[start : start + rows], generator)
        progress(self.count, self.count)
        names = tuple(f"{180 * number / self.classes:.4g}°" for number in range(self.classes))
        return Contents("Striped images", Samples(images, classes), None, names)

    def _draw(self, classes: NDArray[np.int64], generator: np.random.Generator) -> NDArray[np.uint8]:
        """Stripes across the direction of each class: waves of 4 to 12 pixels, some of them hard bars."""
        many, size = len(classes), self.size
        angle = (np.pi * classes / self.classes).astype(np.float32)
        wave = generator.uniform(min(4.0, size / 2), min(12.0, size), many).astype(np.float32)
        phase = generator.uniform(0, 2 * np.pi, many).astype(np.float32)
        contrast = generator.uniform(0.5, 1.0, many).astype(np.float32)
        axis = np.arange(size, dtype=np.float32) - (size - 1) / 2
        across = np.cos(angle)[:, None, None] * axis + np.sin(angle)[:, None, None] * axis[:, None]
        stripes = np.sin(across * (2 * np.pi / wave)[:, None, None] + phase[:, None, None])
        hard = generator.random(many) < 0.3
        stripes[hard] = np.sign(stripes[hard])
        grey = 0.5 + 0.5 * contrast[:, None, None] * stripes
        light = grey[:, None] * self._tints(classes)[:, :, None, None]
        light += self.noise * generator.standard_normal(light.shape, np.float32)
        return np.asarray(light.clip(0.0, 1.0) * 255 + 0.5, np.uint8)

    def _tints(self, classes: NDArray[np.int64]) -> NDArray[np.float32]:
        """The share of light that each class has in each channel, (N, channels) from 0.3 to 1; grey images have no tint."""
        if self.channels == 1:
            return np.ones((len(classes), 1), np.float32)
        turn = 2 * np.pi * (classes[:, None] / self.classes + np.arange(self.channels) / self.channels)
        return (0.65 + 0.35 * np.cos(turn)).astype(np.float32)
