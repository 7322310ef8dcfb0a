"""IDX files, the format of MNIST and its relatives: four files, packed with gzip or plain."""

from __future__ import annotations

import gzip
import struct
from math import prod
from pathlib import Path
from typing import Annotated, BinaryIO

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from netbuilder.data.errors import DataError
from netbuilder.data.sources.base import MAX_BYTES, Contents, Progress, Samples, Source, declare
from netbuilder.paths import resource

PIECE = 1 << 20
"""Bytes that are unpacked at a time."""
_GZIP_LIMIT = 1100
"""Gzip cannot expand more than this many times, so a larger claim in a header is false."""

FASHION = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")
_FASHION_PLACES = ("/usr/share/datasets/fashion-mnist", "/usr/share/dataset-fashion-mnist", "/usr/share/fashion-mnist")


@declare(
    "mnist",
    "MNIST",
    "70,000 handwritten digits, 28 × 28 grey, ten classes; comes with Netbuilder.",
    licence="CC BY-SA 3.0; Yann LeCun, Corinna Cortes, Christopher Burges",
    bundled=True,
)
class Mnist(Source, frozen=True):
    """The four original files, bundled."""

    def read(self, progress: Progress) -> Contents:
        return read_folder(resource("data", "mnist"), "MNIST", progress, tuple("0123456789"))


@declare(
    "fashion-mnist",
    "Fashion-MNIST",
    "70,000 pictures of clothes, 28 × 28 grey, ten classes; Debian's package dataset-fashion-mnist installs it.",
    licence="MIT; Zalando SE",
)
class FashionMnist(Source, frozen=True):
    """Four IDX files from a folder; without one, from where Debian's package puts them."""

    folder: Annotated[
        str, Meta(description="Folder with the four files; empty looks where Debian's package puts them", extra={"path": "folder"})
    ] = ""

    def read(self, progress: Progress) -> Contents:
        places = [self.folder] if self.folder else [place for place in _FASHION_PLACES if Path(place).is_dir()]
        if not places:
            raise DataError(
                "Fashion-MNIST is not on this computer.",
                place="folder",
                remedy="Install the package dataset-fashion-mnist, or name the folder that holds its four files.",
            )
        return read_folder(Path(places[0]).expanduser(), "Fashion-MNIST", progress, FASHION)


@declare("idx", "IDX folder", "A folder with the four IDX files of MNIST's kind, packed with gzip or plain.")
class IdxFolder(Source, frozen=True):
    """`train-images…idx3-ubyte`, `train-labels…idx1-ubyte`, and the same with `t10k` or `test`."""

    folder: Annotated[str, Meta(description="Folder with the images and labels files", extra={"path": "folder"})]

    def read(self, progress: Progress) -> Contents:
        folder = Path(self.folder).expanduser()
        return read_folder(folder, folder.name, progress)


def read_folder(folder: Path, name: str, progress: Progress, classes: tuple[str, ...] = ()) -> Contents:
    """Training part, and the test part where its files are there; classes are numbered when not named."""
    if not folder.is_dir():
        raise DataError(f"There is no folder “{folder}”.", place=str(folder), remedy="Choose the folder that holds the IDX files.")
    progress(0, 2)
    train = _pair(folder, ("train",))
    progress(1, 2)
    test = _pair(folder, ("t10k", "test")) if _find(folder, ("t10k", "test"), "images") else None
    if test is not None and test.inputs.shape[1:] != train.inputs.shape[1:]:
        raise DataError(
            f"In “{folder}” training images are {_size(train.inputs)} but test images are {_size(test.inputs)}.", place=str(folder)
        )
    progress(2, 2)
    highest = max(int(part.targets.max()) for part in (train, test) if part is not None and len(part))
    return Contents(name, train, test, classes if len(classes) > highest else tuple(str(i) for i in range(highest + 1)))


def read_file(path: Path) -> NDArray[np.uint8]:
    """The array of one IDX file with unsigned bytes; raises `DataError` saying what was found and expected."""
    try:
        with path.open("rb") as plain:
            packed = plain.read(2) == b"\x1f\x8b"
        if packed:
            with gzip.open(path, "rb") as file:
                return _read(path, file, path.stat().st_size * _GZIP_LIMIT)
        with path.open("rb") as file:
            return _read(path, file, path.stat().st_size)
    except (OSError, EOFError) as error:
        raise DataError(f"“{path}” cannot be read: {error}.", place=str(path), remedy="Fetch the file again.") from error


def _read(path: Path, file: gzip.GzipFile | BinaryIO, most: int) -> NDArray[np.uint8]:
    head = file.read(4)
    if len(head) < 4 or head[:2] != b"\0\0" or head[2] != 8 or not 1 <= head[3] <= 4:
        expected = "00 00 08 01 (labels) or 00 00 08 03 (images)"
        raise DataError(f"“{path}” is not an IDX file: it begins with {head.hex(' ') or 'nothing'}, expected {expected}.", place=str(path))
    sizes = file.read(4 * head[3])
    if len(sizes) < 4 * head[3]:
        raise DataError(f"“{path}” is cut off inside its header.", place=str(path), remedy="Fetch the file again.")
    shape = struct.unpack(f">{head[3]}I", sizes)
    expected_bytes = prod(shape)
    if 0 in shape or expected_bytes > min(most, MAX_BYTES):
        text = " × ".join(f"{size:,}" for size in shape)
        wrong = "which is none" if 0 in shape else "which its size cannot hold"
        raise DataError(f"“{path}” says it holds {text} values, {wrong}.", place=str(path), remedy="Fetch the file again.")
    data = np.empty(expected_bytes, np.uint8)
    found_bytes = _fill(data, file)
    if found_bytes != expected_bytes or file.read(1):
        found = f"{found_bytes:,}" if found_bytes < expected_bytes else "more"
        raise DataError(
            f"“{path}” should hold {expected_bytes:,} bytes of data but has {found}.", place=str(path), remedy="Fetch the file again."
        )
    return data.reshape(shape)


def _fill(data: NDArray[np.uint8], file: gzip.GzipFile | BinaryIO) -> int:
    """Read into the array piece by piece, so that unpacking needs no memory beside it; says how many bytes there were."""
    filled = 0
    while filled < len(data) and (piece := file.read(min(PIECE, len(data) - filled))):
        data[filled : filled + len(piece)] = np.frombuffer(piece, np.uint8)
        filled += len(piece)
    return filled


def _pair(folder: Path, prefixes: tuple[str, ...]) -> Samples:
    paths = {}
    for kind in ("images", "labels"):
        path = _find(folder, prefixes, kind)
        if path is None:
            raise DataError(
                f"“{folder}” has no file named {prefixes[0]}-{kind}….",
                place=str(folder),
                remedy="The folder must hold train-images-idx3-ubyte, train-labels-idx1-ubyte and the two t10k files, with or without .gz.",
            )
        paths[kind] = path
    images, labels = read_file(paths["images"]), read_file(paths["labels"])
    if labels.ndim != 1:
        raise DataError(f"“{paths['labels']}” holds {labels.ndim} axes, expected 1 for labels.", place=str(paths["labels"]))
    if images.ndim not in (3, 4):
        raise DataError(f"“{paths['images']}” holds {images.ndim} axes, expected 3 for grey images.", place=str(paths["images"]))
    if len(images) != len(labels):
        raise DataError(
            f"“{paths['images'].name}” has {len(images):,} images but “{paths['labels'].name}” has {len(labels):,} labels.",
            place=str(paths["labels"]),
            remedy="The two files must belong together.",
        )
    return Samples(images[:, None] if images.ndim == 3 else images, labels.astype(np.int64))


def _find(folder: Path, prefixes: tuple[str, ...], kind: str) -> Path | None:
    candidates = sorted(path for path in folder.iterdir() if path.is_file() and kind in path.name)
    for prefix in prefixes:
        for path in candidates:
            if path.name.startswith(prefix):
                return path
    return None


def _size(inputs: NDArray[np.generic]) -> str:
    return " × ".join(str(size) for size in inputs.shape[2:])
