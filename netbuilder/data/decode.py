"""Decode pictures into one array, in processes of their own so that the window stays fluid.

A worker is `python -m netbuilder.data.decode`: it reads one JSON job from its input and answers one line for each picture.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from netbuilder.data.storage import mapped

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "PPM")
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".ppm", ".pgm", ".pbm"})
MAX_PIXELS = 64_000_000
_IN_PROCESS = 64


@dataclass(frozen=True)
class Shape:
    """What every picture becomes: channels 1 (grey) or 3 (RGB), height, width; `crop` keeps the proportions."""

    channels: int
    height: int
    width: int
    crop: bool


def picture(path: Path, shape: Shape) -> NDArray[np.uint8]:
    """One picture as (C, H, W); raises `ValueError` or `OSError` with the reason."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    with Image.open(path, formats=FORMATS) as image:
        if image.width * image.height > MAX_PIXELS:
            raise ValueError(f"{image.width:,} × {image.height:,} pixels are too many")
        image.draft("L" if shape.channels == 1 else "RGB", (shape.width, shape.height))
        upright = _on_white(_eight_bits(ImageOps.exif_transpose(image)))
        colour = upright.convert("L" if shape.channels == 1 else "RGB")
    size = (shape.width, shape.height)
    if colour.size != size:
        resize = Image.Resampling.BILINEAR
        colour = ImageOps.fit(colour, size, resize) if shape.crop else colour.resize(size, resize)
    pixels = np.asarray(colour, np.uint8)
    return pixels[None] if shape.channels == 1 else np.ascontiguousarray(pixels.transpose(2, 0, 1))


def _eight_bits(image: Image) -> Image:
    """Grey of more than 8 bits brought to 0 … 255, where Pillow would cut it off: 65,535 is white, as is 1.0 of decimal numbers."""
    from PIL.Image import fromarray

    if not image.mode.startswith(("I", "F")):
        return image
    values = np.asarray(image, np.float64)
    low, high = float(values.min()), float(values.max())
    white = 1.0 if image.mode == "F" else 65535.0 if image.mode != "I" or high > 255 else 255.0
    if not (low >= 0 and high <= white):
        raise ValueError(f"its values go from {low:g} to {high:g}; put such numbers into an .npz file")
    return fromarray((values * (255 / white)).round().astype(np.uint8))


def _on_white(image: Image) -> Image:
    """What is transparent shows white, not whatever colour is hidden there."""
    from PIL.Image import alpha_composite, new

    if not image.has_transparency_data:
        return image
    drawn = image.convert("RGBA")
    return alpha_composite(new("RGBA", drawn.size, "white"), drawn).convert("RGB")


def decode(paths: Sequence[Path], shape: Shape, target: Path, progress: Callable[[int, int], None]) -> dict[int, str]:
    """Fill the .npy file `target` with (N, C, H, W) uint8; gives the reason for each picture that could not be read."""
    array = mapped(target, np.dtype(np.uint8), (len(paths), shape.channels, shape.height, shape.width))
    failures: dict[int, str] = {}
    if len(paths) <= _IN_PROCESS:
        for number, reason in _fill(paths, shape, array, 0):
            progress(number + 1, len(paths))
            if reason:
                failures[number] = reason
        array.flush()
        return failures
    del array
    with contextlib.closing(_spread(paths, shape, target)) as answers:
        for done, (number, reason) in enumerate(answers, 1):
            progress(done, len(paths))
            if reason:
                failures[number] = reason
    if done < len(paths):
        raise OSError(f"a decoding process ended after {done:,} of {len(paths):,} pictures")
    return failures


def explain(error: Exception) -> str:
    """Why a picture could not be read, as the end of a sentence."""
    from PIL import Image, UnidentifiedImageError

    if isinstance(error, UnidentifiedImageError):
        return "it is no picture of a kind that is known"
    if isinstance(error, Image.DecompressionBombError):
        return "it has too many pixels"
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")


def _fill(paths: Sequence[Path], shape: Shape, array: NDArray[np.uint8], start: int) -> Iterator[tuple[int, str]]:
    for number, path in enumerate(paths, start):
        reason = ""
        try:
            array[number] = picture(path, shape)
        except Exception as error:  # a decoder may raise anything on a broken file
            reason = explain(error)
        yield number, reason


def _spread(paths: Sequence[Path], shape: Shape, target: Path) -> Generator[tuple[int, str], None, None]:
    """Give each worker a run of pictures; yield their answers as they come, and leave no process behind."""
    count = max(1, min(os.cpu_count() or 1, 16))
    bounds = np.linspace(0, len(paths), count + 1).astype(int).tolist()
    python_path = os.pathsep.join([str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": python_path}
    command = [sys.executable, "-m", "netbuilder.data.decode"]
    workers: list[subprocess.Popen[str]] = []
    threads: list[threading.Thread] = []
    answers: SimpleQueue[tuple[int, str] | None] = SimpleQueue()
    try:
        for first, last in pairwise(bounds):
            worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True, encoding="utf-8")
            workers.append(worker)
            names = [os.fspath(path) for path in paths[first:last]]
            job = {"paths": names, "start": first, "target": str(target), "shape": [shape.channels, shape.height, shape.width, shape.crop]}
            thread = threading.Thread(target=_listen, args=(worker, json.dumps(job), answers), name="decode", daemon=False)
            threads.append(thread)
            thread.start()
        ended = 0
        while ended < len(workers):
            answer = answers.get()
            if answer is None:
                ended += 1
            else:
                yield answer
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
        for thread in threads:
            thread.join()


def _listen(worker: subprocess.Popen[str], job: str, answers: SimpleQueue[tuple[int, str] | None]) -> None:
    assert worker.stdin is not None
    assert worker.stdout is not None
    try:
        with worker.stdin:
            worker.stdin.write(job)
        with worker.stdout:
            for line in worker.stdout:
                number, reason = json.loads(line)
                answers.put((number, reason))
    except (OSError, ValueError):
        pass
    finally:
        answers.put(None)


def main() -> None:
    """A worker's whole life."""
    job = json.load(sys.stdin)
    array = np.load(job["target"], mmap_mode="r+")
    for answer in _fill([Path(path) for path in job["paths"]], Shape(*job["shape"]), array, job["start"]):
        sys.stdout.write(json.dumps(answer) + "\n")
    array.flush()


if __name__ == "__main__":
    main()
