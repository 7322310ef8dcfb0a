"""Weights of others by name: the official ones of a published network, a colleague's, one's own of another program."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from netbuilder.core.errors import FileError
from netbuilder.core.graph import Graph
from netbuilder.exchange import unpack_state
from netbuilder.net.model import Model
from netbuilder.net.state_names import match

_PATIENCE = 600  # seconds that reading a file may take
_PICKLED = (".pt", ".pth", ".bin")


def load_state(graph: Graph, state: Mapping[str, Any] | str | Path, *, strict: bool = True) -> Model:
    """`graph` with weights found by name in a mapping, a `.safetensors` file or one that `torch.save` wrote.

    Names may differ in `.` and `_`. What the network does not need is left out, and the model's `note` says so. With
    `strict` every weight must be there with its shape, else `FileError` tells which are not; without it those that do
    not fit keep the values they are born with, for transfer to other classes. Raises `CompileError` too.
    """
    from netbuilder.net.compiler import compile_graph

    place = "" if isinstance(state, Mapping) else str(state)
    found = dict(state) if isinstance(state, Mapping) else _read(Path(state))
    weights = dict(compile_graph(graph).state_dict())
    fit = match(graph, _shapes(weights), _shapes(found))
    if not fit.pairs or (strict and not fit.complete):
        name = f"of “{Path(place).name}” " if place else ""
        remedy = "Check that it is the state of this network; options such as classes must agree."
        raise FileError(f"The weights {name}do not fit this network: {fit}", place=place or None, remedy=remedy)
    import torch

    for ours, theirs in fit.pairs.items():
        value = torch.as_tensor(found[theirs])
        weights[ours] = value.detach().to(weights[ours].dtype).clone()
    return Model(graph, weights, str(fit))


def _shapes(state: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(value.shape) for name, value in state.items()}


def _read(path: Path) -> dict[str, Any]:
    """The tensors of a file by name, in the order in which it was written where that is known."""
    try:
        if path.suffix not in _PICKLED:
            return _tensors(path)
        if not path.is_file():
            raise FileNotFoundError(2, "there is no such file")
        with tempfile.TemporaryDirectory(prefix="netbuilder-state-") as folder:
            target = Path(folder) / "state.safetensors"
            _unpack(path, target)
            return _tensors(target)
    except OSError as error:
        raise FileError(f"The weights “{path}” cannot be read: {error.strerror or error}.", place=str(path)) from error


def _tensors(path: Path) -> dict[str, Any]:
    from safetensors import SafetensorError, safe_open
    from safetensors.torch import load

    try:
        tensors = load(path.read_bytes())
        with safe_open(path, framework="pt") as file:
            names = ((file.metadata() or {}).get("names") or "").split("\n")
    except SafetensorError as error:
        remedy = "Choose weights that were written as safetensors or with torch.save."
        raise FileError(f"“{path.name}” is not a safetensors file, or was cut off.", place=str(path), remedy=remedy) from error
    order = {name: number for number, name in enumerate(names)}
    return dict(sorted(tensors.items(), key=lambda item: order.get(item[0], len(order))))


def _unpack(path: Path, target: Path) -> None:
    """Let a process of its own read a file that may have been made to do harm."""
    command = [sys.executable, "-I", str(Path(unpack_state.__file__)), str(path.resolve()), str(target)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    except subprocess.TimeoutExpired as error:
        raise FileError(f"Reading “{path.name}” took longer than {_PATIENCE // 60} minutes.", place=str(path)) from error
    if done.returncode == 3:
        raise FileError(f"“{path.name}” holds no weights.", place=str(path), remedy="Save the state: torch.save(model.state_dict(), …).")
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["the process ended"])[-1]
        remedy = "Save only the state, torch.save(model.state_dict(), …), or use safetensors."
        raise FileError(f"“{path.name}” cannot be read as weights: {last[:200]}.", place=str(path), remedy=remedy)
