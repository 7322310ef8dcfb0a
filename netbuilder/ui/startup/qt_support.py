"""Spares the first import of Qt, and that of msgspec, what hardly any process uses: regular expressions, modules, looking up functions.

Three expressions of many thousand characters take signatures of functions apart for messages and stub files. Every process compiles them
at its first import of Qt, a sixth of that time, and hardly any uses one; for the same purpose modules of Python's own are imported.
msgspec asks for much more of the kind, and makes fifty classes that describe types.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType
from typing import Any

LONG = 2000
"""Characters from which on compiling an expression takes milliseconds."""
LATE = (
    "argparse",
    "bz2",
    "gettext",
    "ipaddress",
    "linecache",
    "lzma",
    "msgspec.inspect",
    "ntpath",
    "random",
    "shutil",
    "tempfile",
    "tokenize",
)
"""Modules that Qt for Python and msgspec import and a window does without."""
ABSENT = "typing_extensions"
"""What msgspec takes from `typing` when this cannot be imported; with the Pythons that Netbuilder runs on, both are the same."""
Compile = Callable[..., Any]


def bind_late() -> None:
    """Have libraries that are imported from now on find the functions they call at the first call, not all when they are loaded."""
    if hasattr(sys, "setdlopenflags"):
        sys.setdlopenflags(os.RTLD_LAZY)


class _LateModules:
    """Finds the modules of `LATE`, each of which is run when something in it is first asked for, and denies that `ABSENT` is there."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """As an import asks for it."""
        if name == ABSENT:
            raise ModuleNotFoundError(f"{name} waits until the window is there", name=name)
        spec = PathFinder.find_spec(name, path, target) if name in LATE else None
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


@contextlib.contextmanager
def late_modules() -> Iterator[None]:
    """While it holds, modules of `LATE` are run late. Meant for the first imports; `run_late_modules` belongs to it."""
    sys.meta_path.insert(0, _LateModules)
    try:
        yield
    finally:
        sys.meta_path.remove(_LateModules)


def run_late_modules() -> None:
    """Run those that nothing has asked for. Must be done before there is a second thread: two may not both be the first to ask."""
    for name in LATE:
        getattr(sys.modules.get(name), "__doc__", None)


class LatePattern:
    """A regular expression that is compiled when one of its methods is called, or when it is asked for what it is."""

    def __init__(self, compile_: Compile, pattern: str | bytes, flags: int) -> None:
        self._compile, self._source, self._flags = compile_, pattern, flags

    def __getattr__(self, name: str) -> Any:
        if callable(getattr(re.Pattern, name, None)):
            return lambda *words, **more: getattr(self._pattern, name)(*words, **more)
        return getattr(self._pattern, name)

    @cached_property
    def _pattern(self) -> Any:
        return self._compile(self._source, self._flags)


@contextlib.contextmanager
def late_patterns(length: int = LONG) -> Iterator[None]:
    """While it holds, regular expressions with more characters than that are compiled late. Meant for the first import of Qt."""
    compile_ = re.compile

    def compile_late(pattern: Any, flags: Any = 0) -> Any:
        is_long = isinstance(pattern, str | bytes) and len(pattern) > length
        return LatePattern(compile_, pattern, flags) if is_long else compile_(pattern, flags)

    vars(re)["compile"] = compile_late
    try:
        yield
    finally:
        vars(re)["compile"] = compile_
