"""From a project's `data` settings to a loaded data set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from netbuilder.core.graph import Value
from netbuilder.data import statistics
from netbuilder.data.dataset import Dataset, Part
from netbuilder.data.errors import DataError
from netbuilder.data.folds import Fold, folds
from netbuilder.data.sources.base import Contents, Progress, Samples, catalogue, convert, resolve
from netbuilder.data.splits import size_of, split
from netbuilder.data.storage import take

Share = Annotated[float, Meta(ge=0.0, le=100_000_000.0, extra={"unit": "share"})]


class DataSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a source becomes parts. A share below 1 is a fraction, from 1 on a number of samples."""

    source: Annotated[dict[str, Any], Meta(description="Where the samples come from")] = msgspec.field(
        default_factory=lambda: {"name": "mnist"}
    )
    validation: Annotated[
        Share, Meta(description="Kept aside from the training samples to judge each epoch: a share below 1, or a count")
    ] = 1 / 12
    test: Annotated[Share, Meta(description="Share kept for the final test when the source has no test part")] = 0.2
    stratified: Annotated[bool, Meta(description="Keep the share of every class in every part")] = True
    normalise: Annotated[bool, Meta(description="Subtract the mean and divide by the deviation of the training part")] = True
    limit: (
        Annotated[
            int, Meta(ge=1, description="Use at most this many samples for training and validation together, and as many for the test")
        ]
        | None
    ) = None
    seed: Annotated[int, Meta(ge=0, lt=2**31, description="Seed of the split")] = 0
    target: Annotated[
        Literal["own", "input"], Meta(description="What the network is to answer: the source's own targets, or its input again")
    ] = "own"
    fold: Fold | None = None


def read_settings(settings: Mapping[str, Value]) -> DataSettings:
    """Check a project's `data` mapping; a plain name may stand for the source. Raises `DataError`."""
    plain = dict(settings)
    if isinstance(plain.get("source"), str):
        plain["source"] = {"name": plain["source"]}
    return convert(plain, DataSettings, "The data page")


def settings_for(text: str) -> dict[str, Value]:
    """The `data` mapping for a word from a script or a command line: a source's name, a folder or a file."""
    if text in catalogue():
        return {"source": {"name": text}}
    path = Path(text).expanduser()
    if path.is_file() and path.suffix == ".npz":
        return {"source": {"name": "npz", "file": str(path.resolve())}}
    if path.is_dir():
        kind = "idx" if any("idx" in entry.name for entry in path.iterdir() if entry.is_file()) else "images"
        return {"source": {"name": kind, "folder": str(path.resolve())}}
    known = ", ".join(catalogue())
    raise DataError(f"“{text}” is no data source, folder or .npz file.", place=text, remedy=f"Known sources: {known}.")


def load(settings: Mapping[str, Value], progress: Progress | None = None) -> Dataset:
    """Read the source, split it with its seed, and measure the training part; raises `DataError`."""
    wanted = read_settings(settings)
    source = resolve(wanted.source)
    return assemble(source.read(progress or _silent), wanted, licence=source.about.licence)


def _silent(done: int, total: int) -> None:
    """Progress nobody asked for."""


def assemble(contents: Contents, wanted: DataSettings, *, licence: str = "") -> Dataset:
    """Split what a source holds into three parts; statistics come from the training part only."""
    rest, rest_index = contents.train, np.arange(len(contents.train), dtype=np.int64)
    if not len(rest):
        raise DataError(f"{contents.name} holds no training samples.", place="source")
    if contents.test is not None:
        test = _limited(_whole(contents.test), wanted)
    else:
        count = size_of(wanted.test, len(rest), "test")
        rest_index, test_index = split(rest.targets, count, seed=wanted.seed + 1, stratified=wanted.stratified)
        test = _part(rest, test_index)
    total = len(rest_index)
    if wanted.limit is not None and wanted.limit < total:
        _, chosen = split(rest.targets[rest_index], wanted.limit, seed=wanted.seed + 2, stratified=wanted.stratified)
        rest_index = rest_index[chosen]
    if wanted.fold is not None:
        held = held_out(rest, rest_index, wanted.fold, wanted.seed)
        train_index, validation = np.setdiff1d(rest_index, held), _part(rest, held)
    elif contents.validation is not None:
        train_index, validation = rest_index, _limited(_whole(contents.validation), wanted)
    else:
        count = size_of(_share(wanted.validation, len(rest_index), total), len(rest_index), "validation")
        kept, aside = split(rest.targets[rest_index], count, seed=wanted.seed, stratified=wanted.stratified)
        train_index, validation = rest_index[kept], _part(rest, rest_index[aside])
    train = _part(rest, train_index)
    measured = statistics.measure if wanted.normalise else statistics.none
    normalisation = replace(measured(train.inputs), others=tuple(measured(each) for each in train.more))
    train, validation, test = _on_average_one(train, validation, test)
    if wanted.target == "input":
        train, validation, test = (_itself(part, normalisation.scale) for part in (train, validation, test))
        return Dataset(contents.name, train, validation, test, (), normalisation, licence, contents.notes)
    return Dataset(contents.name, train, validation, test, contents.classes, normalisation, licence, contents.notes, contents.others)


def held_out(rest: Samples, among: NDArray[np.int64], wanted: Fold, seed: int) -> NDArray[np.int64]:
    """The samples that a fold keeps for validation; raises `DataError` when there is no such fold."""
    all_folds = folds(rest.targets[among], None if rest.groups is None else rest.groups[among], wanted, seed)
    if wanted.number > len(all_folds):
        raise DataError(f"There is no fold {wanted.number} of {len(all_folds)}.", place="fold")
    return among[all_folds[wanted.number - 1]]


def _on_average_one(train: Part, *others: Part) -> tuple[Part, ...]:
    """Weights in proportion, so that they average 1 over the training part and the learning rate keeps its meaning."""
    if train.weights is None:
        return train, *others
    mean = float(train.weights.mean())
    if mean <= 0:
        raise DataError("The weights of all training samples are 0, so there is nothing to learn.", place="weights")
    return tuple(replace(part, weights=None if part.weights is None else part.weights / np.float32(mean)) for part in (train, *others))


def _itself(part: Part, scale: float) -> Part:
    """Samples whose target is their own input in working range, 0 to 1 for images."""
    return replace(part, targets=part.inputs.astype(np.float32) * np.float32(scale), target="", others={})


def select(part: Part, chosen: NDArray[np.int64]) -> Part:
    """These samples of a part, by their places in it."""
    return _chosen(part, chosen, part.index[chosen])


def _chosen(samples: Samples | Part, chosen: NDArray[np.int64], index: NDArray[np.int64]) -> Part:
    return Part(
        take(samples.inputs, chosen),
        samples.targets[chosen],
        index,
        _of(samples.weights, chosen),
        _of(samples.groups, chosen),
        tuple(take(each, chosen) for each in samples.more),
        samples.target,
        {name: array[chosen] for name, array in samples.others.items()},
    )


def _of(array: Any, chosen: NDArray[np.int64]) -> Any:
    return None if array is None else array[chosen]


def _share(wanted: float, limited: int, total: int) -> float:
    """A count stays a count while it leaves at least as many samples to train on; else it takes its share of the whole.

    So `limit` 6,000 with `validation` 1,000 gives 5,000 and 1,000, and with MNIST's usual 5,000 it gives 5,500 and 500.
    """
    return wanted / total if limited < total and limited / 2 < wanted < total else wanted


def _whole(samples: Samples) -> Part:
    return _part(samples, np.arange(len(samples), dtype=np.int64))


def _part(samples: Samples, index: NDArray[np.int64]) -> Part:
    return _chosen(samples, index, index)


def _limited(part: Part, wanted: DataSettings) -> Part:
    if wanted.limit is None or wanted.limit >= len(part):
        return part
    _, chosen = split(part.targets, wanted.limit, seed=wanted.seed + 2, stratified=wanted.stratified)
    return select(part, chosen)
