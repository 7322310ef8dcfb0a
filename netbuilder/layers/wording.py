"""Settings in words: what a value is, and what a setting accepts, read from its type."""

from __future__ import annotations

import types
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from msgspec import Meta, Struct
from msgspec.structs import fields

from netbuilder.core.graph import Value

_LONGEST = 60
Part = tuple[Any, tuple[Meta, ...]]


def told(value: Value) -> str:
    """A value as a sentence names it: `5`, `2.5`, `on`, `“same”`, `empty`, `(3, 4)`."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return "not a number" if value != value else str(value).replace("inf", "infinity")
    if isinstance(value, list | tuple):
        text = f"({', '.join(map(told, value))})"
    else:
        text = f"the text “{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def accepts(kind: Any, value: Value = None) -> str:
    """What a setting's type takes: `a whole number from 1 to 65,536, or a list of 2 such numbers`.

    For a value that is a plain number only the part about numbers is said.
    """
    parts = _parts(kind)
    number = next((part for part in parts if part[0] in (int, float)), None)
    if number is not None and type(value) in (int, float):
        return _phrase(number, None)
    words = [_phrase(part, number) for part in parts if part[0] is not type(None)]
    if len(words) < len(parts):
        words.append("empty")
    return f"{', '.join(words[:-1])}, or {words[-1]}" if len(words) > 1 else words[0]


def rule(kind: type[Struct], place: Sequence[str], value: Value = None) -> str:
    """What the setting at `place` takes: names of fields, from the outside in."""
    accepted: Any = kind
    for name in place:
        (group, *_) = (part for part, _ in _parts(accepted) if isinstance(part, type) and issubclass(part, Struct))
        accepted = next(field.type for field in fields(group) if field.encode_name == name)
    return accepts(accepted, value)


def _parts(kind: Any, metas: tuple[Meta, ...] = ()) -> list[Part]:
    """A union taken apart, each part with its bounds."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _parts(arguments[0], (*metas, *(m for m in arguments[1:] if isinstance(m, Meta))))
    if origin in (Union, types.UnionType):
        return [part for argument in arguments for part in _parts(argument)]
    return [(kind, metas)]


def _phrase(part: Part, number: Part | None) -> str:
    kind, metas = part
    origin: Any = get_origin(kind)
    if origin is Literal:
        *others, last = (f"“{choice}”" for choice in get_args(kind))
        return f"{', '.join(others)} or {last}" if others else last
    if origin is tuple:
        low, high = _bound(metas, "min_length"), _bound(metas, "max_length")
        length = f"{low}" if low == high else f"{low} to {high}"
        items = "such numbers" if number is not None else f"items, each {accepts(get_args(kind)[0])}"
        return f"a list of {length} {items}"
    if isinstance(kind, type) and issubclass(kind, Struct):
        return "settings of its own"
    if origin is dict:
        return "a name with settings"
    words = {int: "a whole number", float: "a number", bool: "on or off", str: "text"}
    return words.get(kind, str(kind)) + (_range(metas) if kind in (int, float) else "")


def _range(metas: tuple[Meta, ...]) -> str:
    ge, gt, le, lt = (_bound(metas, name) for name in ("ge", "gt", "le", "lt"))
    low = ge if ge is not None else gt
    if low is None:
        return ""
    start = f" above {_figure(low)} and" if ge is None else f" from {_figure(low)}"
    if le is not None:
        return f"{start} {'at most' if ge is None else 'to'} {_figure(le)}"
    if lt is not None:
        return f"{start} below {_figure(lt)}" if ge is None else f" of at least {_figure(low)} and below {_figure(lt)}"
    return start.removesuffix(" and") if ge is None else f" of at least {_figure(low)}"


def _bound(metas: tuple[Meta, ...], name: str) -> float | None:
    return next((value for meta in metas if (value := getattr(meta, name)) is not None), None)


def _figure(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:g}"
