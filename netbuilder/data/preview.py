"""Samples and summaries for people: pictures, pixel values, class counts, the mean image. Pure NumPy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from netbuilder.data.dataset import Dataset, Normalisation, Part

PartName = Literal["train", "validation", "test"]


@dataclass(frozen=True)
class Sample:
    """One sample for a viewer. `picture` is (H, W) or (H, W, 3) uint8, absent for anything but images.

    `values` are the stored numbers, channel first; `target` is in words; `number` counts within the source.
    """

    values: NDArray[np.generic]
    picture: NDArray[np.uint8] | None
    target: str
    number: int


def part(dataset: Dataset, name: PartName) -> Part:
    """A part by its name."""
    return {"train": dataset.train, "validation": dataset.validation, "test": dataset.test}[name]


def sample(dataset: Dataset, name: PartName, index: int) -> Sample:
    """The sample at `index` of a part; raises `IndexError` outside it."""
    where = part(dataset, name)
    if not 0 <= index < len(where):
        raise IndexError(index)
    values = np.asarray(where.inputs[index])
    return Sample(values, picture(values), target_text(dataset, where.targets[index]), int(where.index[index]))


def target_text(dataset: Dataset, target: NDArray[np.generic] | np.generic) -> str:
    """A class's name, or values as they are."""
    value = np.asarray(target)
    if dataset.classes and value.ndim == 0:
        return dataset.classes[int(value)]
    return ", ".join(f"{float(number):g}" for number in value.reshape(-1)[:8])


def picture(values: NDArray[np.generic]) -> NDArray[np.uint8] | None:
    """(C, H, W) as something to look at: three channels in colour, else the first one; nothing for other ranks."""
    if values.ndim != 3:
        return None
    pixels = values if values.dtype == np.uint8 else _stretched(values)
    channels = pixels.transpose(1, 2, 0) if len(pixels) >= 3 else pixels[0]
    return np.ascontiguousarray(channels[..., :3] if channels.ndim == 3 else channels, np.uint8)


def class_counts(dataset: Dataset, name: PartName) -> NDArray[np.int64]:
    """How many samples (of label maps, pixels) of each class a part has; empty when targets are values."""
    if not dataset.classes:
        return np.zeros(0, np.int64)
    return np.bincount(part(dataset, name).targets.reshape(-1).astype(np.int64), minlength=len(dataset.classes)).astype(np.int64)


def normalised(normalisation: Normalisation, values: NDArray[np.generic]) -> NDArray[np.float32]:
    """`(stored · scale − mean) / std` for one sample, channel first."""
    shape = (-1, *(1,) * (values.ndim - 1))
    mean = np.asarray(normalisation.mean, np.float32).reshape(shape)
    deviation = np.asarray(normalisation.std, np.float32).reshape(shape)
    result: NDArray[np.float32] = (values.astype(np.float32) * np.float32(normalisation.scale) - mean) / deviation
    return result


def _stretched(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    numbers = values.astype(np.float32)
    low, high = float(numbers.min()), float(numbers.max())
    return ((numbers - low) * (255 / (high - low if high > low else 1))).astype(np.uint8)
