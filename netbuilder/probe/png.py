"""Write a picture to a file."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from netbuilder.core.atomic import write_atomically


def write_png(path: str | Path, image: NDArray[np.uint8]) -> Path:
    """(H, W) grey or (H, W, 3) RGB as PNG, whole or not at all; raises `FileError`."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG")
    write_atomically(Path(path), buffer.getvalue())
    return Path(path)
