"""From numbers to grey levels."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Scale = Literal["own", "shared"]
"""`own` stretches every image to its full range, `shared` keeps one range for all, so that strengths compare."""


def to_bytes(images: NDArray[np.generic], scale: Scale = "own", *, centred: bool = False) -> NDArray[np.uint8]:
    """(N, …) numbers as uint8. Centred: zero is mid-grey and the range is symmetric; a constant image is mid-grey.

    Values that are no numbers count as zero.
    """
    values = np.nan_to_num(np.asarray(images, np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    if values.size == 0:
        return np.zeros(values.shape, np.uint8)
    axes = tuple(range(1 if scale == "own" else 0, values.ndim))
    if centred:
        high = np.abs(values).max(axes, keepdims=True)
        low = -high
    else:
        low, high = values.min(axes, keepdims=True), values.max(axes, keepdims=True)
    span = high - low
    safe = np.where(span > 0, span, 1.0)
    scaled = np.where(span > 0, (values - low) / safe, 0.5)
    result: NDArray[np.uint8] = np.rint(scaled * 255).astype(np.uint8)
    return result
