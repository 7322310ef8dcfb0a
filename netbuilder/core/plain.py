"""Plain values: what JSON can say, with arrays as tuples so that a graph stays a value."""

from __future__ import annotations

from collections.abc import Mapping

from netbuilder.core.graph import Value


def freeze(value: Value) -> Value:
    """The same value with every list turned into a tuple and every mapping copied into a plain dict."""
    if isinstance(value, list | tuple):
        return tuple(freeze(item) for item in value)
    if isinstance(value, Mapping):
        return {key: freeze(item) for key, item in value.items()}
    return value
