"""The vocabulary of a subcommand: its words, its arguments, and what it answers."""

from __future__ import annotations

import importlib
import math
import pkgutil
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True)
class Answer:
    """`values` is what `--json` prints, `text` what a person reads; `failure` is a sentence when the exit code is to be 1."""

    values: Mapping[str, Any]
    text: str = ""
    failure: str = ""


SILENCE = Answer({})
"""For one of several processes when another answers: nothing is printed, not even with `--json`."""
Run = Callable[[Namespace], Answer]
Arguments = Callable[[ArgumentParser], None]


@dataclass(frozen=True)
class Command:
    """A subcommand. `arguments` adds its options to a parser."""

    name: str
    help: str
    arguments: Arguments
    run: Run


_declared: dict[str, Command] = {}


def command(name: str, help: str, arguments: Arguments) -> Callable[[Run], Run]:
    """Register the decorated function as a subcommand."""

    def register(run: Run) -> Run:
        if name in _declared:
            raise ValueError(f"two subcommands are called {name}")
        _declared[name] = Command(name, help, arguments, run)
        return run

    return register


@cache
def commands() -> Mapping[str, Command]:
    """Every subcommand by name. Imports their modules, which import nothing heavy themselves."""
    package = importlib.import_module("netbuilder.cli.commands")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"netbuilder.cli.commands.{module.name}")
    return dict(sorted(_declared.items()))


def say(text: str) -> None:
    """Progress and messages: to stderr, at once."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def plain(value: Any) -> Any:
    """A value as JSON can say it: tuples as lists, numbers that are none as null."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if hasattr(value, "item") and not isinstance(value, bool | int | float):
        return plain(value.item())
    return value


def table(rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> str:
    """Columns as wide as their widest entry; those in `right` are aligned to the right."""
    columns = list(zip(*rows, strict=True))
    widths = [max(len(text) for text in column) for column in columns]
    lines = []
    for row in rows:
        cells = [text.rjust(widths[n]) if n in right else text.ljust(widths[n]) for n, text in enumerate(row)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
