"""Kinds of settings that many layers share, and the reading of settings into a declared layer.

A tuple inside a union is written with open length and `Meta` bounds: msgspec 0.22 crashes on a fixed-length
tuple beside a constrained number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from math import isfinite
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from netbuilder.core.graph import Node, Value
from netbuilder.layers.declare import Layer, LayerError, find, say
from netbuilder.layers.wording import accepts, told

Count = Annotated[int, Meta(ge=1, le=1_048_576)]
Length = Annotated[int, Meta(ge=1, le=65_536)]
Margin = Annotated[int, Meta(ge=0, le=65_536)]
Fraction = Annotated[float, Meta(ge=0.0, lt=1.0)]

Length1 = Length | Annotated[tuple[Length, ...], Meta(min_length=1, max_length=1)]
Length2 = Length | Annotated[tuple[Length, ...], Meta(min_length=2, max_length=2)]
Length3 = Length | Annotated[tuple[Length, ...], Meta(min_length=3, max_length=3)]
Margin1 = Margin | Annotated[tuple[Margin, ...], Meta(min_length=1, max_length=1)]
Margin2 = Margin | Annotated[tuple[Margin, ...], Meta(min_length=2, max_length=2)]
Margin3 = Margin | Annotated[tuple[Margin, ...], Meta(min_length=3, max_length=3)]
Axis = Annotated[int, Meta(ge=-8, le=8)]
Real = Annotated[float, Meta(ge=-1e6, le=1e6)]
Positive = Annotated[float, Meta(gt=0.0, le=1e6)]
PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]


def each(value: int | None) -> Any:
    """A default for a setting that is one number for all axes or one for each."""
    return value


def resolve(node: Node) -> Layer:
    """The declared layer of a node with its settings read and checked; raises `LayerError`."""
    kind = find(node.layer)
    if kind is None:
        raise LayerError(
            f"This version of Netbuilder does not know the layer “{node.layer}”.",
            remedy="It is kept as it is; replace it or open the project with a newer version.",
        )
    return read(kind, node.settings) if node.settings else _plain(kind)


@cache
def _plain(kind: type[Layer]) -> Layer:
    """The layer as it is when nothing is said about it."""
    return read(kind, {})


def read(kind: type[Layer], settings: Mapping[str, Value]) -> Layer:
    """Check plain settings against a declaration; raises `LayerError` with the setting's name."""
    try:
        layer = msgspec.convert(settings, kind)
    except (msgspec.ValidationError, OverflowError) as error:
        raise _explain(kind, settings, str(error)) from None
    for name, value in settings.items():
        if type(value) is not int and not _finite(value):
            raise _refusal(kind, name, value)
    return layer


def _finite(value: Value) -> bool:
    """msgspec's bounds let “not a number” through."""
    if isinstance(value, float):
        return isfinite(value)
    return all(map(_finite, value)) if isinstance(value, list | tuple) else True


def _explain(kind: type[Layer], settings: Mapping[str, Value], text: str) -> LayerError:
    unknown = re.search(r"unknown field `(.+?)`", text)
    if unknown:
        known = ", ".join(kind.__struct_encode_fields__) or "none"
        return LayerError(f"{kind.about.title} has no setting “{unknown[1]}”.", remedy=f"Its settings are: {known}.", setting=unknown[1])
    missing = re.search(r"missing required field `(\w+)`", text)
    if missing:
        return LayerError(f"{kind.about.title} needs a value for {missing[1]}.", setting=missing[1])
    place = re.search(r"at `\$\.(\w+)", text)
    name = place[1] if place else next(iter(settings), "")
    return _refusal(kind, name, settings.get(name))


def _refusal(kind: type[Layer], name: str, value: Value) -> LayerError:
    accepted = next(f.type for f in msgspec.structs.fields(kind) if f.encode_name == name)
    default = kind.defaults().get(name, msgspec.NODEFAULT)
    changes = () if default is msgspec.NODEFAULT else ((f"Set {name} to {'empty' if default is None else say(default)}", {name: default}),)
    message = f"{kind.about.title}: {name} is {told(value)}; it must be {accepts(accepted, value)}."
    return LayerError(message, setting=name, changes=changes)
