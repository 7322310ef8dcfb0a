"""Plain values: what JSON can say, with arrays as tuples so that a graph stays a value."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from netbuilder.core.errors import GraphError

_BIGGEST_INTEGER = 2**63
_DEEPEST = 32


def freeze(value: Any, place: str | None = None) -> Any:
    """The same value with every list turned into a tuple and every mapping copied into a plain dict.

    Raises `GraphError` for what a project file cannot hold: NaN, infinity, huge integers, other objects.
    """
    return _freeze(value, place, 0)


def _freeze(value: Any, place: str | None, depth: int) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(_proper(value, place))
    if isinstance(value, int):
        if not -_BIGGEST_INTEGER <= value < _BIGGEST_INTEGER:
            raise GraphError("A number is too large.", place=place, remedy="Use a number of at most 18 digits.")
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise GraphError(f"{value} is not a number that a setting can have.", place=place, remedy="Use a finite number.")
        return float(value)
    if depth < _DEEPEST and isinstance(value, list | tuple):
        return tuple(_freeze(item, place, depth + 1) for item in value)
    if depth < _DEEPEST and isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {_proper(key, place): _freeze(item, place, depth + 1) for key, item in value.items()}
    raise GraphError(
        f"A setting cannot be {type(value).__name__} “{str(value)[:40]}”.",
        place=place,
        remedy="Use numbers, text, on or off, or lists of these.",
    )


def _proper(text: str, place: str | None) -> str:
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise GraphError("A text holds a broken character.", place=place, remedy="Delete it and type it again.")
    return text
