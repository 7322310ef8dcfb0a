"""The vocabulary of a data source: what it is about, its settings, and the arrays it reads."""

from __future__ import annotations

import importlib
import pkgutil
import re
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from netbuilder.core.abstract import Abstract
from netbuilder.core.graph import Value
from netbuilder.data.errors import DataError
from netbuilder.layers.wording import rule, told

Array = NDArray[np.generic]
Progress = Callable[[int, int], None]
"""Called with how much is done of how much; it may raise to cancel."""

MAX_BYTES = 16 * 1024**3
"""No single array may be larger than this; a header that says otherwise is wrong or hostile."""


@dataclass(frozen=True)
class About:
    """What a person reads about a source. `bundled` sources need no files of the user's."""

    name: str
    title: str
    tip: str
    licence: str = ""
    bundled: bool = False


@dataclass(frozen=True)
class Samples:
    """Inputs and targets of equal length: (N, C, H, W) uint8 or (N, …) float32; (N,) int64 classes or float32 values.

    `weights` (N,) of at least 0 and `groups` (N,) int64 are there when the source knows them; `more` are further inputs.
    `others` are further targets by name; `target` is then the name of `targets`.
    """

    inputs: Array
    targets: Array
    weights: NDArray[np.float32] | None = None
    groups: NDArray[np.int64] | None = None
    more: tuple[Array, ...] = ()
    target: str = ""
    others: Mapping[str, Array] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.inputs)


@dataclass(frozen=True)
class Contents:
    """All that a source holds. `test` is absent when the source has no test part of its own; `others` are classes of further targets."""

    name: str
    train: Samples
    test: Samples | None
    classes: tuple[str, ...]
    notes: tuple[str, ...] = ()
    validation: Samples | None = None
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Source(msgspec.Struct, metaclass=Abstract, frozen=True, forbid_unknown_fields=True):
    """Where data comes from, with all settings resolved. Subclasses are declarations."""

    about: ClassVar[About]

    @abstractmethod
    def read(self, progress: Progress) -> Contents:
        """Load everything, or raise `DataError`."""


S = TypeVar("S", bound=type[Source])
_declared: dict[str, type[Source]] = {}


def declare(name: str, title: str, tip: str, *, licence: str = "", bundled: bool = False) -> Callable[[S], S]:
    """Register a settings class as a data source."""

    def register(cls: S) -> S:
        if name in _declared:
            raise ValueError(f"two data sources are called {name}")
        cls.about = About(name, title, tip, licence, bundled)
        _declared[name] = cls
        return cls

    return register


@cache
def catalogue() -> Mapping[str, type[Source]]:
    """Every declared source by name, bundled ones first. Imports the modules on first use."""
    package = importlib.import_module("netbuilder.data.sources")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"netbuilder.data.sources.{module.name}")
    return dict(sorted(_declared.items(), key=lambda item: (not item[1].about.bundled, item[1].about.title)))


def resolve(settings: Mapping[str, Value]) -> Source:
    """Read `{"name": …, …}` into a declared source; raises `DataError` naming the setting."""
    name = settings.get("name")
    kind = catalogue().get(name) if isinstance(name, str) else None
    if kind is None:
        known = ", ".join(catalogue())
        raise DataError(f"There is no data source called “{name}”.", place="name", remedy=f"Choose one of: {known}.")
    plain = {key: value for key, value in settings.items() if key != "name"}
    required = kind.__struct_encode_fields__[: len(kind.__struct_encode_fields__) - len(kind.__struct_defaults__)]
    return convert({key: value for key, value in plain.items() if key not in required or value != ""}, kind, kind.about.title)


T = TypeVar("T")


def convert(settings: Mapping[str, Value], kind: type[T], title: str) -> T:
    """Check plain settings against a frozen Struct; raises `DataError` with the setting's name as its place."""
    try:
        return msgspec.convert(dict(settings), kind, strict=True)
    except msgspec.ValidationError as error:
        text = str(error)
    unknown = re.search(r"unknown field `(\w+)`", text)
    if unknown:
        known = ", ".join(f.encode_name for f in msgspec.structs.fields(kind))  # type: ignore[arg-type]
        raise DataError(f"{title} has no setting “{unknown[1]}”.", place=unknown[1], remedy=f"Its settings are: {known}.")
    missing = re.search(r"missing required field `(\w+)`", text)
    if missing:
        raise DataError(f"{title} needs a value for “{missing[1]}”.", place=missing[1])
    at = re.search(r"at `\$\.([\w.]+)", text)
    place = at[1].split(".") if at else []
    value: Any = settings
    for name in place:
        value = value[name]
    raise DataError(f"{title}: “{place[-1]}” is {told(value)}; it must be {rule(kind, place, value)}.", place=place[-1])  # type: ignore[arg-type]
