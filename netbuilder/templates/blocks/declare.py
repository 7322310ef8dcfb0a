"""How a block enters the library: a function that makes its definition, with a title and a tip beside it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from msgspec import Struct

from netbuilder.core.graph import Block
from netbuilder.core.names import legal_stem


class LibraryBlock(Struct, frozen=True):
    """One entry of the library. `sample` is the shape of an input that it can work with, batch left out."""

    name: str
    title: str
    tip: str
    make: Callable[[], Block]
    sample: tuple[int, ...] = (64, 16, 16)
    rank: int = 100

    @property
    def block(self) -> Block:
        """The definition, with those that it contains inside it."""
        return self.make()


_declared: list[Callable[[], LibraryBlock]] = []


def library_block(
    tip: str, *options: Any, rank: int = 100, sample: tuple[int, ...] = (64, 16, 16)
) -> Callable[[Callable[..., Block]], Callable[..., Block]]:
    """Declare what the decorated function makes, called with these `options`, as an entry of the library.

    The definition's name is the title. `rank` orders the library, smallest first.
    """

    def register(make: Callable[..., Block]) -> Callable[..., Block]:
        def entry() -> LibraryBlock:
            title = make(*options).name
            name = legal_stem(title).lower().replace("_", "-")
            return LibraryBlock(name, title, tip, lambda: make(*options), sample, rank)

        _declared.append(entry)
        return make

    return register


@cache
def library() -> Mapping[str, LibraryBlock]:
    """Every block of the library by name, in order. Imports the families on first use."""
    package = importlib.import_module("netbuilder.templates.blocks")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"netbuilder.templates.blocks.{module.name}")
    entries = sorted((entry() for entry in _declared), key=lambda each: each.rank)
    found = {each.name: each for each in entries}
    if len(found) < len(entries):
        raise ValueError("two blocks of the library have one name")
    return found
