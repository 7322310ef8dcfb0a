"""Targets that name a class for every position of a sample: label maps, as segmentation learns from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from netbuilder.data.decode import FORMATS, MAX_PIXELS
from netbuilder.data.errors import DataError

MOST_CLASSES = 256
"""A map with more different values holds measurements, not classes."""
_SAMPLE = 64


def is_label_map(targets: NDArray[np.generic], inputs: NDArray[np.generic]) -> bool:
    """Whether whole-number targets (N, …) lie over the positions of inputs (N, C, …) and are few enough to be classes."""
    over = targets.ndim >= 3 and targets.shape[1:] == inputs.shape[2:] and targets.dtype.kind in "biu"
    return over and len(np.unique(np.asarray(targets[:_SAMPLE]))) <= MOST_CLASSES


def numbered(maps: Sequence[NDArray[np.generic]], place: str) -> tuple[list[NDArray[np.int64]], tuple[str, ...]]:
    """Maps of several parts with classes numbered from 0 in the order of their values, and those values as names."""
    values = np.unique(np.concatenate([np.unique(each) for each in maps]))
    if len(values) > MOST_CLASSES:
        raise DataError(
            f"The label maps hold {len(values):,} different values, more than {MOST_CLASSES} classes.",
            place=place,
            remedy="Store one number for each class, and no smoothed edges.",
        )
    return [np.searchsorted(values, each).astype(np.int64) for each in maps], tuple(str(value) for value in values)


def mask(path: Path, height: int, width: int) -> NDArray[np.int64]:
    """A picture of classes as (height, width): palette or grey values, colours as 0xRRGGBB; never blended between pixels."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    with Image.open(path, formats=FORMATS) as image:
        plain = image if image.mode in ("P", "L", "1", "I", "I;16") else image.convert("RGB")
        sized = plain.resize((width, height), Image.Resampling.NEAREST) if plain.size != (width, height) else plain.copy()
    pixels = np.asarray(sized).astype(np.int64)
    return pixels if pixels.ndim == 2 else (pixels[..., 0] << 16) + (pixels[..., 1] << 8) + pixels[..., 2]


def shares(targets: NDArray[np.generic], classes: int) -> NDArray[np.float64]:
    """The share of all positions that each class has."""
    counts = np.bincount(np.asarray(targets).reshape(-1), minlength=classes)
    share: NDArray[np.float64] = counts / max(1, int(counts.sum()))
    return share
