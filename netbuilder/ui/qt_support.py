"""Spares the first import of Qt what hardly any process uses: its long regular expressions, and looking up every function.

Three expressions of many thousand characters take signatures of functions apart for messages and stub files. Every process compiles them
at its first import of Qt, a sixth of that time, and hardly any uses one.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

LONG = 2000
"""Characters from which on compiling an expression takes milliseconds."""
Compile = Callable[..., Any]


def bind_late() -> None:
    """Have libraries that are imported from now on find the functions they call at the first call, not all when they are loaded."""
    if hasattr(sys, "setdlopenflags"):
        sys.setdlopenflags(os.RTLD_LAZY)


class LatePattern:
    """A regular expression that is compiled when one of its methods is called, or when it is asked for what it is."""

    def __init__(self, compile_: Compile, pattern: str, flags: int) -> None:
        self._compile, self._source, self._flags = compile_, pattern, flags

    def __getattr__(self, name: str) -> Any:
        if callable(getattr(re.Pattern, name, None)):
            return lambda *words, **more: getattr(self._pattern, name)(*words, **more)
        return getattr(self._pattern, name)

    @cached_property
    def _pattern(self) -> Any:
        return self._compile(self._source, self._flags)


@contextlib.contextmanager
def late_patterns() -> Iterator[None]:
    """While it holds, long regular expressions are compiled late. Meant for the first import of Qt."""
    compile_ = re.compile

    def compile_late(pattern: Any, flags: Any = 0) -> Any:
        is_long = isinstance(pattern, str) and len(pattern) > LONG
        return LatePattern(compile_, pattern, flags) if is_long else compile_(pattern, flags)

    vars(re)["compile"] = compile_late
    try:
        yield
    finally:
        vars(re)["compile"] = compile_
