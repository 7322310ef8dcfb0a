"""Bytecode of Qt for Python's support files, kept as Python keeps that of modules.

Qt for Python carries these files inside a library and compiles them anew in every process, a sixth of the time that an empty
window takes. Here they are compiled once for each version; a file whose source has changed is compiled again.
"""

from __future__ import annotations

import builtins
import contextlib
import marshal
import os
import sys
from collections.abc import Iterator, Mapping
from importlib.util import MAGIC_NUMBER, cache_from_source, source_hash
from pathlib import Path
from types import CodeType
from typing import Any

FOLDER = "shibokensupport/"


@contextlib.contextmanager
def kept_bytecode() -> Iterator[None]:
    """While it holds, support files are compiled only when they have not been before. Meant for the first import of Qt."""
    place = Path(cache_from_source(__file__)).with_suffix(".support")
    kept = read_kept(place)
    new: dict[str, tuple[bytes, CodeType]] = {}
    compile_ = builtins.compile

    def compile_once(source: Any, filename: Any, mode: str, *rest: Any, **more: Any) -> Any:
        if rest or more or mode != "exec" or not str(filename).startswith(FOLDER) or not isinstance(source, bytes):
            return compile_(source, filename, mode, *rest, **more)
        stamp = source_hash(source)
        known = kept.get(filename)
        if known is None or known[0] != stamp:
            known = new[filename] = stamp, compile_(source, filename, mode)
        code: CodeType = known[1]
        return code

    builtins.compile = compile_once
    try:
        yield
    finally:
        builtins.compile = compile_
    if new and not sys.dont_write_bytecode:
        write_kept(place, kept | new)


def read_kept(place: Path) -> dict[str, Any]:
    """What `write_kept` has written with this Python; nothing when there is no such file, or something else in it."""
    try:
        content = place.read_bytes()
        found: Any = marshal.loads(content.removeprefix(MAGIC_NUMBER)) if content.startswith(MAGIC_NUMBER) else {}
    except (OSError, EOFError, ValueError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def write_kept(place: Path, kept: Mapping[str, Any]) -> None:
    """Whole or not at all; a folder that cannot be written costs the time again, nothing else."""
    draft = place.with_name(f"{place.name}.{os.getpid()}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(MAGIC_NUMBER + marshal.dumps(dict(kept)))
        draft.replace(place)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink()
