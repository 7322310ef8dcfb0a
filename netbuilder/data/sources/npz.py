"""NumPy archives: arrays `x` and `y`, or `x_train`, `y_train`, `x_test`, `y_test`. Python objects inside are refused."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from netbuilder.data.beside import added
from netbuilder.data.errors import DataError
from netbuilder.data.label_maps import is_label_map, numbered
from netbuilder.data.sources.base import MAX_BYTES, Contents, Progress, Samples, Source, declare

_MOST_CLASSES = 100_000


@declare("npz", "NumPy archive", "An .npz file with an array of inputs and one of targets.")
class NpzArchive(Source, frozen=True):
    """Images are (N, H, W), (N, H, W, C) or (N, C, H, W); tables (N, features).

    Whole or text targets are classes; whole ones of (N, H, W) over images name a class for each pixel.
    """

    file: Annotated[str, Meta(description="The .npz file", extra={"path": "file", "suffixes": ("npz",)})]
    inputs: Annotated[
        str, Meta(description="Name of the array of inputs; “_train” and “_test” may follow it in the file. Several inputs: x1, x2")
    ] = "x"
    targets: Annotated[
        str,
        Meta(
            description="Name of the array of targets. Several, each for the output of its name: digit, angle. "
            "By the first go splits, balanced batches and baselines"
        ),
    ] = "y"
    weights: Annotated[str, Meta(description="Name of an array that says how much each sample counts; empty: all the same")] = ""
    groups: Annotated[str, Meta(description="Name of an array that says who each sample belongs to, a patient for instance")] = ""

    def read(self, progress: Progress) -> Contents:
        path = Path(self.file).expanduser()
        shapes = _check(path)
        first, *further = [name.strip() for name in self.inputs.split(",")]
        target, *aims = [name.strip() for name in self.targets.split(",")]
        suffix = "" if first in shapes else "_train"
        try:
            with np.load(path, allow_pickle=False) as archive:
                x, y = (self._array(path, archive, shapes, name + suffix) for name in (first, target))
                progress(1, 2)
                has_test = f"{first}_test" in shapes and f"{target}_test" in shapes
                others = [self._array(path, archive, shapes, f"{name}_test") for name in (first, target)] if has_test else []
                named = {field: name for field, name in (("weights", self.weights), ("groups", self.groups)) if name}
                beside = {field: self._parts(path, archive, shapes, name, suffix) for field, name in named.items()}
                more = [self._parts(path, archive, shapes, name, suffix) for name in further]
                beyond = {name: self._parts(path, archive, shapes, name, suffix) for name in aims}
        except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise DataError(
                f"“{path}” cannot be read: {error}.", place=str(path), remedy="Write the file again with numpy.savez."
            ) from error
        progress(2, 2)
        contents = _with_inputs(_contents(path, x, y, others), more, path)
        return added(_with_targets(contents, target, beyond, path) if beyond else contents, beside, str(path))

    def _parts(self, path: Path, archive: Any, shapes: dict[str, tuple[int, ...]], name: str, suffix: str) -> list[NDArray[np.generic]]:
        names = [name + suffix, *([f"{name}_test"] if f"{name}_test" in shapes else [])]
        return [self._array(path, archive, shapes, each) for each in names]

    def _array(self, path: Path, archive: Any, shapes: dict[str, tuple[int, ...]], name: str) -> NDArray[np.generic]:
        if name not in shapes:
            there = ", ".join(shapes) or "none"
            raise DataError(
                f"“{path.name}” has no array “{name}”.",
                place=str(path),
                remedy=f"Its arrays are: {there}; set the names of inputs and targets.",
            )
        array: NDArray[np.generic] = archive[name]
        return array


def _with_inputs(contents: Contents, more: list[list[NDArray[np.generic]]], path: Path) -> Contents:
    """Further inputs beside the first: each an array for the training and perhaps one for the test samples."""
    parts = [part for part in (contents.train, contents.test) if part is not None]
    for number, part in enumerate(parts):
        arrays = [each[number] for each in more if number < len(each)]
        if len(arrays) < len(more) or any(each.ndim == 0 or len(each) != len(part) for each in arrays):
            text = f"“{path.name}”: every input needs an array with one entry for each of the {len(part):,} samples."
            raise DataError(text, place=str(path), remedy="Write all inputs with as many samples, for training and test alike.")
        parts[number] = replace(part, more=tuple(_inputs(path, each) for each in arrays))
    return replace(contents, train=parts[0], test=parts[1] if len(parts) > 1 else None)


def _with_targets(contents: Contents, first: str, beyond: Mapping[str, list[NDArray[np.generic]]], path: Path) -> Contents:
    """Further targets by name beside the first: each an array for the training and perhaps one for the test samples."""
    parts = [part for part in (contents.train, contents.test) if part is not None]
    classes, found = {}, [dict[str, NDArray[np.generic]]() for _ in parts]
    for name, arrays in beyond.items():
        if name == first:
            raise DataError(f"The targets “{name}” are named twice.", place="targets", remedy="Name every array of targets once.")
        if [each.shape[:1] for each in arrays[: len(parts)]] != [(len(part),) for part in parts]:
            counts = " and ".join(f"{len(part):,}" for part in parts)
            text = f"“{path.name}”: the targets “{name}” need an array with one entry for each of the {counts} samples."
            raise DataError(text, place=str(path), remedy="Write all targets with as many samples, for training and test alike.")
        read, classes[name] = _read_targets(path, arrays[: len(parts)], contents.train.inputs)
        for part, own in zip(found, read, strict=True):
            part[name] = own
    done = [replace(part, target=first, others=own) for part, own in zip(parts, found, strict=True)]
    return replace(contents, train=done[0], test=done[1] if len(done) > 1 else None, others=classes)


def _contents(path: Path, x: NDArray[np.generic], y: NDArray[np.generic], others: list[NDArray[np.generic]]) -> Contents:
    parts = [(x, y), *([(others[0], others[1])] if others else [])]
    for inputs, targets in parts:
        if inputs.ndim == 0 or targets.ndim == 0 or len(inputs) != len(targets) or len(inputs) == 0:
            found = f"{len(inputs):,} inputs and {len(targets):,} targets" if inputs.ndim and targets.ndim else "a single number"
            raise DataError(f"“{path.name}” holds {found}; it must hold as many of both, and at least one.", place=str(path))
    entered = [_inputs(path, inputs) for inputs, _ in parts]
    read, classes = _read_targets(path, [targets for _, targets in parts], entered[0])
    train, *rest = (Samples(inputs, targets) for inputs, targets in zip(entered, read, strict=True))
    test = rest[0] if rest else None
    if test is not None and test.inputs.shape[1:] != train.inputs.shape[1:]:
        raise DataError(f"“{path.name}”: test inputs have the shape {test.inputs.shape[1:]}, training inputs {train.inputs.shape[1:]}.")
    return Contents(path.stem, train, test, classes)


def _inputs(path: Path, array: NDArray[np.generic]) -> NDArray[np.generic]:
    """Channels first; bytes stay bytes, all other numbers become float32."""
    if array.dtype.kind not in "biuf":
        raise DataError(f"“{path.name}”: inputs are of type {array.dtype}, expected numbers.", place=str(path))
    image = array.ndim == 4 and array.shape[-1] in (1, 3, 4) and array.shape[1] not in (1, 3, 4)
    if image:
        array = np.moveaxis(array, -1, 1)
    elif (array.ndim == 3 and array.dtype == np.uint8) or array.ndim == 1:
        array = array[:, None]
    if array.dtype == np.uint8 and array.ndim >= 3:
        return np.ascontiguousarray(array)
    with np.errstate(over="ignore"):
        result = np.ascontiguousarray(array, np.float32)
    if not np.isfinite(result).all():
        held, remedy = ("NaN or infinite values", "Remove or fill them.")
        if np.isfinite(array).all():
            held, remedy = "numbers beyond 3·10³⁸", "Scale them down."
        raise DataError(f"“{path.name}”: inputs hold {held}.", place=str(path), remedy=remedy)
    return result


def _read_targets(
    path: Path, parts: Sequence[NDArray[np.generic]], inputs: NDArray[np.generic]
) -> tuple[Sequence[NDArray[np.generic]], tuple[str, ...]]:
    """Targets of the training and perhaps the test samples, numbered alike, and the names of their classes."""
    if is_label_map(parts[0], inputs):
        return numbered(parts, str(path))
    whole, classes = _targets(path, np.concatenate(parts) if len(parts) > 1 else parts[0])
    return (whole[: len(parts[0])], *([whole[len(parts[0]) :]] if len(parts) > 1 else [])), classes


def _targets(path: Path, array: NDArray[np.generic]) -> tuple[NDArray[np.generic], tuple[str, ...]]:
    """Class numbers with their names, or float32 values and no names."""
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim == 1 and array.dtype.kind in "biuU":
        names, numbers = np.unique(array, return_inverse=True)
        if len(names) > _MOST_CLASSES:
            raise DataError(
                f"“{path.name}”: targets name {len(names):,} classes.", place=str(path), remedy="Store values as floating-point numbers."
            )
        return numbers.astype(np.int64), tuple(str(name) for name in names)
    if array.dtype.kind not in "biuf":
        raise DataError(f"“{path.name}”: targets are of type {array.dtype}, expected numbers or text.", place=str(path))
    values = array.astype(np.float32)
    if not np.isfinite(values).all():
        raise DataError(f"“{path.name}”: targets hold NaN or infinite values.", place=str(path))
    return values, ()


def _check(path: Path) -> dict[str, tuple[int, ...]]:
    """Shapes by name from the headers alone; refuses objects and absurd sizes before anything is loaded."""
    if not path.is_file():
        raise DataError(f"There is no file “{path}”.", place=str(path), remedy="Choose an .npz file.")
    shapes: dict[str, tuple[int, ...]] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                if member.filename.endswith(".npy"):
                    shapes[member.filename.removesuffix(".npy")] = _header(path, archive, member)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(
            f"“{path}” is not a readable .npz archive: {error}.", place=str(path), remedy="Write it again with numpy.savez."
        ) from error
    return shapes


def _header(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> tuple[int, ...]:
    with archive.open(member) as file:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read(file)
    if dtype.hasobject:
        raise DataError(
            f"“{path.name}”: the array “{member.filename.removesuffix('.npy')}” holds Python objects, which may run code when read.",
            place=str(path),
            remedy="Save it as numbers or text: numpy.savez(file, x=numpy.asarray(x, dtype='float32'), …).",
        )
    size = prod(shape) * dtype.itemsize
    if size > MAX_BYTES or size > member.file_size:
        text = " × ".join(f"{each:,}" for each in shape)
        raise DataError(f"“{path.name}”: “{member.filename}” says it has {text} values, more than the file can hold.", place=str(path))
    return tuple(shape)
