"""Where layers are declared: the modules of this package, imported when a layer is asked for."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache

_USUAL = ("structure", "convolution", "pooling", "dense", "activation")
"""Families that most networks need; a window opens sooner when they are looked through first."""


def imported() -> Iterator[str]:
    """Import one family after the other, always in the same order; the name of each when it is there."""
    for name in _names():
        importlib.import_module(name)
        yield name


@cache
def _names() -> tuple[str, ...]:
    package = importlib.import_module("netbuilder.layers")
    names = [module.name for module in pkgutil.iter_modules(package.__path__)]
    return tuple(f"netbuilder.layers.{name}" for name in sorted(names, key=lambda name: (name not in _USUAL, name)))
