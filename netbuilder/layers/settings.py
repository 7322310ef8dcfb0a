"""Kinds of settings that many layers share, and the reading of settings into a declared layer.

A tuple inside a union is written with open length and `Meta` bounds: msgspec 0.22 crashes on a fixed-length
tuple beside a constrained number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from netbuilder.core.graph import Node, Value
from netbuilder.layers.declare import Layer, LayerError, find

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


def resolve(node: Node) -> Layer:
    """The declared layer of a node with its settings read and checked; raises `LayerError`."""
    kind = find(node.layer)
    if kind is None:
        raise LayerError(
            f"This version of Netbuilder does not know the layer “{node.layer}”.",
            remedy="It is kept as it is; replace it or open the project with a newer version.",
        )
    return read(kind, node.settings)


def read(kind: type[Layer], settings: Mapping[str, Value]) -> Layer:
    """Check plain settings against a declaration; raises `LayerError` with the setting's name."""
    try:
        return msgspec.convert(dict(settings), kind)
    except msgspec.ValidationError as error:
        raise _explain(kind, settings, str(error)) from None


def _explain(kind: type[Layer], settings: Mapping[str, Value], text: str) -> LayerError:
    unknown = re.search(r"unknown field `(\w+)`", text)
    if unknown:
        known = ", ".join(kind.__struct_fields__) or "none"
        return LayerError(f"{kind.about.title} has no setting “{unknown[1]}”.", remedy=f"Its settings are: {known}.", setting=unknown[1])
    missing = re.search(r"missing required field `(\w+)`", text)
    if missing:
        return LayerError(f"{kind.about.title} needs a value for {missing[1]}.", setting=missing[1])
    place = re.search(r"at `\$\.(\w+)", text)
    name = place[1] if place else ""
    default = kind.defaults().get(name)
    changes = ((f"Set {name} to {default}", {name: default}),) if default is not None else ()
    rule = _rule(text.split(" - at ")[0])
    return LayerError(f"{kind.about.title}: {name} is {settings.get(name)!r}; it must be {rule}.", setting=name or None, changes=changes)


_WORDS = {"`int`": "a whole number", "`float`": "a number", "`str`": "text", "`bool`": "on or off"}


def _rule(text: str) -> str:
    """msgspec's “Expected `int` >= 1” as words."""
    body = text.removeprefix("Expected ").split(", got")[0]
    for code, word in _WORDS.items():
        body = body.replace(code, word)
    body = body.replace(">=", "of at least").replace("<=", "of at most").replace("< ", "below ").replace("> ", "above ")
    return body.replace("`", "").replace("int | array", "a whole number, or one for each axis").replace("array", "a list")
