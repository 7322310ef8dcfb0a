"""Checkpoint folders, which are either complete or ignored.

A checkpoint is `model.safetensors`, `optimizer.safetensors`, `state.json` and, written last, `manifest.json` with the
SHA-256 of the others. A new one is written beside the old, checked, and only then takes its name.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netbuilder.train.errors import CheckpointError

if TYPE_CHECKING:
    import torch

MODEL, OPTIMIZER, STATE, MANIFEST = "model.safetensors", "optimizer.safetensors", "state.json", "manifest.json"
FOLDER = "checkpoints"
_FRESH, _OLD = ".new-", ".old-"


@dataclass(frozen=True)
class Checkpoint:
    """Everything a run needs to continue: weights by state-dict key, optimizer memory and generator states as tensors,
    and a plain `state` with at least `epoch`, `step` and `step_in_epoch`."""

    model: Mapping[str, torch.Tensor]
    optimizer: Mapping[str, torch.Tensor] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)


def save(folder: Path, checkpoint: Checkpoint) -> Path:
    """Write a checkpoint folder; on any `OSError` what was there before is still there."""
    folder.parent.mkdir(exist_ok=True)
    _sweep(folder)
    fresh = folder.with_name(f"{_FRESH}{folder.name}-{secrets.token_hex(4)}")
    fresh.mkdir()
    try:
        sums = {name: _write(fresh / name, data) for name, data in _contents(checkpoint)}
        manifest = {"sha256": sums, "epoch": checkpoint.state.get("epoch", 0), "step": checkpoint.state.get("step", 0)}
        _write(fresh / MANIFEST, json.dumps(manifest, indent=1).encode())
        _swap(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def load(folder: Path) -> Checkpoint:
    """Read a checkpoint folder, checking every byte; raises `CheckpointError`."""
    from safetensors.torch import load as parse

    parts = _verified(folder)
    return Checkpoint(parse(parts[MODEL]), parse(parts[OPTIMIZER]), json.loads(parts[STATE]))


def weights(folder: Path) -> dict[str, torch.Tensor]:
    """Only the weights of a checkpoint, by state-dict key; raises `CheckpointError`."""
    from safetensors.torch import load as parse

    return parse(_verified(folder, (MODEL,))[MODEL])


def newest(place: Path) -> Path:
    """The newest complete checkpoint at `place`: a run, its `checkpoints`, or one checkpoint. Damaged ones are passed over.

    Raises `CheckpointError` when there is none.
    """
    if (place / MANIFEST).exists():
        _verified(place)
        return place
    home = place / FOLDER if (place / FOLDER).is_dir() else place
    damaged: list[str] = []
    for candidate in sorted(_candidates(home), key=_age, reverse=True):
        try:
            _verified(candidate)
            return candidate
        except CheckpointError:
            damaged.append(candidate.name)
    if damaged:
        raise CheckpointError(f"Every checkpoint in “{place.name}” is damaged: {', '.join(damaged)}.", place=str(place))
    raise CheckpointError(f"There is no checkpoint in “{place.name}” to go on from.", place=str(place), remedy="Start a new run.")


def _candidates(home: Path) -> list[Path]:
    try:
        return [entry for entry in home.iterdir() if entry.is_dir() and (entry / MANIFEST).exists()]
    except OSError:
        return []


def _age(folder: Path) -> tuple[int, int]:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        return int(manifest["step"]), folder.name == "last"
    except (OSError, ValueError, KeyError, TypeError):
        return -1, 0


def _verified(folder: Path, names: tuple[str, ...] = (MODEL, OPTIMIZER, STATE)) -> dict[str, bytes]:
    try:
        sums = json.loads((folder / MANIFEST).read_bytes())["sha256"]
        parts = {name: (folder / name).read_bytes() for name in names}
        wrong = [name for name, data in parts.items() if hashlib.sha256(data).hexdigest() != sums[name]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CheckpointError(f"The checkpoint “{folder.name}” cannot be read: {error}.", place=str(folder)) from error
    if wrong:
        raise CheckpointError(
            f"The checkpoint “{folder.name}” is damaged: {', '.join(wrong)} changed since it was written.", place=str(folder)
        )
    return parts


def _contents(checkpoint: Checkpoint) -> Iterator[tuple[str, bytes]]:
    from safetensors.torch import save as pack

    yield MODEL, pack(dict(checkpoint.model))
    yield OPTIMIZER, pack(dict(checkpoint.optimizer))
    yield STATE, json.dumps(dict(checkpoint.state), indent=1, allow_nan=True).encode()


def _write(path: Path, data: bytes) -> str:
    with path.open("xb", buffering=0) as file:
        rest = memoryview(data)
        while rest:
            rest = rest[file.write(rest) :]
        os.fsync(file.fileno())
    if path.stat().st_size != len(data):
        raise OSError(f"{path.name} was not written whole")
    return hashlib.sha256(data).hexdigest()


def _swap(fresh: Path, folder: Path) -> None:
    """Give the fresh folder its name; the previous one stays complete under another name until that is done."""
    old = folder.with_name(f"{_OLD}{folder.name}")
    if folder.exists():
        shutil.rmtree(old, ignore_errors=True)
        folder.rename(old)
    try:
        fresh.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
    with contextlib.suppress(OSError):
        handle = os.open(folder.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _sweep(folder: Path) -> None:
    """Remove what an interrupted write of this checkpoint left behind."""
    for entry in folder.parent.glob(f"{_FRESH}{folder.name}-*"):
        shutil.rmtree(entry, ignore_errors=True)
