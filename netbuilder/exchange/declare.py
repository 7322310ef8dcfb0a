"""The vocabulary of a file format: what it is called, and how a network is written in it."""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray

from netbuilder.core.embedded import SUFFIXES
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Graph

if TYPE_CHECKING:
    from netbuilder.net.compiled import CompiledModule


PICTURES = tuple(suffix[1:] for suffix in SUFFIXES)
"""What pictures of the network are called where a format is named."""
STAGES = 4
"""Stages of a verified export: prepare, write, prove, put in place."""


class ExportError(NetbuilderError):
    """A network that cannot be written, or a file that does not compute the same. `place` is the path or a node id."""


@dataclass(frozen=True)
class About:
    """What a person reads about a format. `suffixes` are with the dot, the usual one first."""

    name: str
    title: str
    suffixes: tuple[str, ...]
    tip: str
    weights: bool = True


@dataclass(frozen=True)
class Job:
    """What is to be written: the graph, the module in evaluation mode on the CPU, and sample inputs, batch first.

    `handover` is what `data.handover` says of the data that it learned from, when that is known.
    """

    graph: Graph
    module: CompiledModule
    inputs: tuple[NDArray[np.generic], ...]
    input_names: tuple[str, ...]
    output_names: tuple[str, ...]
    class_name: str
    title: str
    handover: Mapping[str, Any] = field(default_factory=dict)


class Format(ABC):
    """One way to write a network."""

    about: ClassVar[About]

    @abstractmethod
    def write(self, job: Job, path: Path) -> None:
        """Write the file; raises `ExportError` for what the format cannot express."""

    def helper(self, job: Job) -> str:
        """Python source that the fresh process needs to rebuild the network; empty when the file is enough."""
        return ""


F = TypeVar("F", bound=type[Format])
_declared: dict[str, type[Format]] = {}


def declare(name: str, title: str, suffixes: tuple[str, ...], tip: str, *, weights: bool = True) -> Callable[[F], F]:
    """Register a format."""

    def register(cls: F) -> F:
        cls.about = About(name, title, suffixes, tip, weights)
        _declared[name] = cls
        return cls

    return register


@cache
def formats() -> Mapping[str, Format]:
    """Every format by name, sorted by title. Light: torch is imported only when something is written."""
    package = importlib.import_module("netbuilder.exchange")
    for module in pkgutil.iter_modules(package.__path__):
        if module.name != "verify":
            importlib.import_module(f"netbuilder.exchange.{module.name}")
    return {cls.about.name: cls() for cls in sorted(_declared.values(), key=lambda cls: cls.about.title)}


def choose(path: Path, name: str | None = None) -> Format:
    """The format called `name`, or the one that the path's suffix means; raises `ExportError`."""
    known = formats()
    if name is not None:
        if name not in known:
            raise ExportError(
                f"There is no export format “{name}”.", place=str(path), remedy=f"Choose one of: {', '.join((*known, *PICTURES))}."
            )
        return known[name]
    for format_ in known.values():
        if path.suffix.lower() in format_.about.suffixes:
            return format_
    suffixes = ", ".join((*(suffix for format_ in known.values() for suffix in format_.about.suffixes), *SUFFIXES))
    said = f"“{path.suffix}” is not a suffix that says" if path.suffix else f"“{path.name}” has no suffix that says"
    raise ExportError(f"{said} in which format to export.", place=str(path), remedy=f"Use one of {suffixes}, or name the format.")
