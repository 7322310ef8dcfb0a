"""Mean and standard deviation of the training part, per channel, in constant memory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from netbuilder.data.dataset import Normalisation

_CHUNK_BYTES = 8 * 1024**2


def scale_of(inputs: NDArray[np.generic]) -> float:
    """What brings stored numbers to working range: 1/255 for bytes, else 1."""
    return 1 / 255 if inputs.dtype == np.uint8 else 1.0


def measure(inputs: NDArray[np.generic]) -> Normalisation:
    """Statistics of (N, C, …) per channel; a channel that never varies keeps a deviation of 1."""
    scale = scale_of(inputs)
    channels = inputs.shape[1]
    axes = (0, *range(2, inputs.ndim))
    rows = max(1, _CHUNK_BYTES // max(1, inputs[:1].nbytes))
    wide = np.int64 if inputs.dtype == np.uint8 else np.float64
    total, squares = np.zeros(channels, wide), np.zeros(channels, wide)
    for start in range(0, len(inputs), rows):
        chunk = inputs[start : start + rows].astype(np.uint16 if wide is np.int64 else np.float64)
        total += chunk.sum(axes, dtype=wide)
        squares += np.multiply(chunk, chunk).sum(axes, dtype=wide)
    count = max(1, inputs.size // max(1, channels))
    mean = total / count
    deviation = np.sqrt(np.maximum(squares / count - mean**2, 0.0))
    deviation[deviation <= 1e-8 * np.maximum(1.0, np.abs(mean))] = 1 / scale
    return Normalisation(scale, tuple((mean * scale).tolist()), tuple((deviation * scale).tolist()))


def none(inputs: NDArray[np.generic]) -> Normalisation:
    """Only the scale: mean 0, deviation 1."""
    channels = inputs.shape[1]
    return Normalisation(scale_of(inputs), (0.0,) * channels, (1.0,) * channels)
