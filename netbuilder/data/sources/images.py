"""A folder of pictures: one subfolder for each class, perhaps below `train`, `validation` and `test`."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from netbuilder.core.atomic import write_atomically
from netbuilder.data.decode import SUFFIXES, Shape, decode
from netbuilder.data.errors import DataError
from netbuilder.data.sources.base import MAX_BYTES, Contents, Progress, Samples, Source, declare
from netbuilder.data.storage import cache, take

_MOST_FILES = 5_000_000
_PARTS = {"train": ("train", "training"), "validation": ("validation", "valid", "val"), "test": ("test", "testing")}
Side = Annotated[int, Meta(ge=1, le=4096)]


@declare("images", "Folder of images", "A folder with one subfolder of pictures for each class.")
class ImageFolder(Source, frozen=True):
    """Pictures of one size, decoded once into the cache and mapped from there."""

    folder: Annotated[str, Meta(description="Folder whose subfolders are the classes", extra={"path": "folder"})]
    size: Annotated[
        Side | Annotated[tuple[Side, ...], Meta(min_length=2, max_length=2)],
        Meta(description="Height and width that every picture is brought to", extra={"unit": "px"}),
    ] = 32
    colour: Annotated[Literal["rgb", "grey"], Meta(description="Three channels, or one")] = "rgb"
    fit: Annotated[Literal["crop", "stretch"], Meta(description="Keep the proportions and crop the middle, or stretch")] = "crop"

    def read(self, progress: Progress) -> Contents:
        folder = Path(self.folder).expanduser()
        parts, classes = _listing(folder)
        files = [file for part in parts.values() for file in part]
        height, width = (self.size, self.size) if isinstance(self.size, int) else self.size
        shape = Shape(1 if self.colour == "grey" else 3, height, width, self.fit == "crop")
        if len(files) * shape.channels * height * width > MAX_BYTES:
            raise DataError(f"{len(files):,} pictures of {height} × {width} are too many.", place="size", remedy="Choose a smaller size.")
        array, failures = decoded(folder, files, shape, progress)
        notes = _report(folder, files, failures)
        return _contents(folder, parts, classes, array, failures, notes)


File = tuple[Path, int]


def _listing(folder: Path) -> tuple[dict[str, list[File]], tuple[str, ...]]:
    """(path, class) of every picture for each part, and the names of the classes."""
    if not folder.is_dir():
        raise DataError(f"There is no folder “{folder}”.", place=str(folder), remedy="Choose a folder with one subfolder for each class.")
    below = {path.name.lower(): path for path in sorted(folder.iterdir()) if path.is_dir() and not path.name.startswith(".")}
    roots = {part: below[name] for part, names in _PARTS.items() for name in names if name in below}
    if "train" not in roots:
        roots = {"train": folder}
    names = sorted({path.name for root in roots.values() for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")})
    parts = {part: [file for number, name in enumerate(names) for file in _pictures(root / name, number)] for part, root in roots.items()}
    total = sum(len(part) for part in parts.values())
    if len(names) < 2 or not parts["train"]:
        found = f"{len(names)} subfolder{'' if len(names) == 1 else 's'} with {total:,} pictures in all" if names else "no subfolders"
        raise DataError(
            f"“{folder}” has {found}.",
            place=str(folder),
            remedy="It needs at least two subfolders with pictures, one for each class.",
        )
    if total > _MOST_FILES:
        raise DataError(f"“{folder}” has {total:,} pictures, more than {_MOST_FILES:,}.", place=str(folder))
    return {part: files for part, files in parts.items() if files}, tuple(names)


def _pictures(folder: Path, number: int) -> list[File]:
    if not folder.is_dir():
        return []
    found = (Path(where) / name for where, _, names in os.walk(folder) for name in names)
    return [(path, number) for path in sorted(found) if path.suffix.lower() in SUFFIXES]


def decoded(folder: Path, files: Sequence[File], shape: Shape, progress: Progress) -> tuple[NDArray[np.uint8], dict[int, str]]:
    """The pictures from the cache, or decoded into it."""
    listing = "\n".join(f"{path} {_state(path)}" for path, _ in files)
    key = hashlib.sha256(f"2 {folder.resolve()} {shape}\n{listing}".encode(errors="surrogateescape")).hexdigest()[:24]
    pixels, report = cache(f"images-{key}.npy"), cache(f"images-{key}.json")
    if not (pixels.is_file() and report.is_file()):
        part = pixels.with_suffix(f".{os.getpid()}.part")
        try:
            failures = decode([path for path, _ in files], shape, part, progress)
            part.replace(pixels)
            write_atomically(report, json.dumps({str(number): reason for number, reason in failures.items()}).encode())
        except OSError as error:
            raise DataError(f"The pictures of “{folder}” cannot be prepared: {error}.", place=str(folder)) from error
        finally:
            part.unlink(missing_ok=True)
    progress(len(files), len(files))
    known = json.loads(report.read_text("utf-8"))
    return np.load(pixels, mmap_mode="r"), {int(number): reason for number, reason in known.items()}


def _state(path: Path) -> str:
    """What changes with the picture; nothing for one that is not there, a broken link, say."""
    try:
        stat = path.stat()
    except OSError:
        return ""
    return f"{stat.st_size} {stat.st_mtime_ns}"


def _report(folder: Path, files: Sequence[File], failures: dict[int, str]) -> tuple[str, ...]:
    """A note for each unreadable picture; more than a few are an error, and all of them."""
    notes = tuple(f"“{files[number][0].relative_to(folder)}” was skipped: {reason}." for number, reason in failures.items())
    if len(failures) > max(3, len(files) // 100) or len(failures) == len(files):
        raise DataError(
            f"{len(failures):,} of {len(files):,} pictures in “{folder}” cannot be read. The first: {notes[0]}",
            place=str(folder),
            remedy="Remove or replace them.",
        )
    return notes


def _contents(
    folder: Path,
    parts: dict[str, list[File]],
    classes: tuple[str, ...],
    array: NDArray[np.uint8],
    failures: dict[int, str],
    notes: tuple[str, ...],
) -> Contents:
    samples: dict[str, Samples] = {}
    start = 0
    for part, files in parts.items():
        index = np.array([n for n in range(start, start + len(files)) if n not in failures], np.int64)
        targets = np.array([number for _, number in files], np.int64)[index - start]
        samples[part] = Samples(take(array, index), targets)
        start += len(files)
    return Contents(folder.name, samples["train"], samples.get("test"), classes, notes, samples.get("validation"))
