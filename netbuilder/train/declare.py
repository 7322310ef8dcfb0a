"""How optimizers, schedules and losses are declared: a frozen settings class each, registered in its family."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from netbuilder.core.abstract import Abstract
from netbuilder.core.graph import Value
from netbuilder.layers.wording import rule, told
from netbuilder.train.errors import RecipeError


@dataclass(frozen=True)
class About:
    """What a person reads: name in files, title and tip in forms, the formula as plain text, the paper."""

    name: str
    title: str
    tip: str
    formula: str = ""
    paper: str = ""


class Declared(msgspec.Struct, metaclass=Abstract, frozen=True, forbid_unknown_fields=True):
    """Settings with a name. Subclasses are declarations; instances are values. `formerly` tells old names of settings in files."""

    about: ClassVar[About]
    formerly: ClassVar[Mapping[str, str]] = {}

    def settings(self) -> dict[str, Value]:
        """A plain mapping from which `Family.read` makes an equal value."""
        return {"name": self.about.name, **msgspec.structs.asdict(self)}


D = TypeVar("D", bound=Declared)
K = TypeVar("K", bound=type[Declared])


class Family(Generic[D]):
    """All declarations of one kind, in the order in which forms list them."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._declared: dict[str, type[D]] = {}

    def declare(self, name: str, title: str, tip: str, *, formula: str = "", paper: str = "") -> Callable[[K], K]:
        """Register a settings class under a name."""

        def register(cls: K) -> K:
            if name in self._declared:
                raise ValueError(f"two entries of {self.kind} are called {name}")
            cls.about = About(name, title, tip, formula, paper)
            self._declared[name] = cls  # type: ignore[assignment]
            return cls

        return register

    def all(self) -> Mapping[str, type[D]]:
        """Every declaration by name."""
        return dict(self._declared)

    def read(self, value: Value) -> D:
        """A name, or a mapping with a `name` and settings; raises `RecipeError`."""
        given = self.current(value)
        name = given.pop("name", None)
        if not isinstance(name, str) or name not in self._declared:
            known = ", ".join(self._declared)
            raise RecipeError(f"There is no {self.kind} called “{name}”.", place=self.kind, remedy=f"Known ones: {known}.")
        return convert(self._declared[name], given, prefix=f"{self.kind}.")

    def current(self, value: Value) -> dict[str, Value]:
        """A name, or a mapping with a `name`, as a mapping in which settings have their present names."""
        given: dict[str, Value] = dict(value) if isinstance(value, Mapping) else {"name": value}
        kind = self._declared.get(str(given.get("name")))
        now = {old: new for old, new in kind.formerly.items() if new not in given} if kind is not None else {}
        return {now.get(key, key): setting for key, setting in given.items()}


S = TypeVar("S", bound=msgspec.Struct)


def convert(kind: type[S], given: Mapping[str, Any], prefix: str = "") -> S:
    """Plain settings as `kind`; raises `RecipeError` naming the setting, its value and the rule it breaks."""
    for name, value in given.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise RecipeError(f"{_title(name)} is {value}; it must be a finite number.", place=prefix + name)
    try:
        return msgspec.convert(dict(given), kind)
    except msgspec.ValidationError as error:
        raise _explain(kind, given, str(error), prefix) from None


def _explain(kind: type[msgspec.Struct], given: Mapping[str, Any], text: str, prefix: str) -> RecipeError:
    unknown = re.search(r"unknown field `(\w+)`", text)
    if unknown:
        known = ", ".join(kind.__struct_fields__) or "none"
        return RecipeError(f"There is no setting “{prefix}{unknown[1]}”.", place=prefix + unknown[1], remedy=f"Known ones: {known}.")
    place = re.search(r"at `\$\.(\w+)", text)
    name = place[1] if place else next(iter(given))
    value = given.get(name)
    shown = f"“{value}”" if isinstance(value, str) else f"{value:,}" if type(value) is int else told(value)
    return RecipeError(f"{_title(name)} is {shown}; it must be {rule(kind, [name], value)}.", place=prefix + name)


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()
