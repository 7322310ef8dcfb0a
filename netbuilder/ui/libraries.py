"""Shared libraries loaded beside Python: an import holds Python's lock while the system loads what it needs, this does not.

torch's library alone takes a fifth of a second, in which no window could answer. Loaded here first, it is there already when
the import asks for it. Only libraries that know nothing of Python may be loaded so.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

TORCH = ("libtorch_global_deps.so", "libtorch.so")
"""The first is for everyone in the process, as torch itself has it."""


def load_torch() -> bool:
    """Load torch's libraries that do not need Python; says whether they are there. May be called from any thread."""
    folder = _folder("torch")
    if folder is None:
        return False
    depends, torch = (folder / "lib" / name for name in TORCH)
    return load((depends,), for_everyone=True) and load((torch,))


def load(paths: Iterable[Path], *, for_everyone: bool = False) -> bool:
    """Load libraries in this order while other threads go on, up to one that cannot be loaded; says whether all are there.

    One that is missing or unfit is no error here: the import that needs it will say so.
    """
    if not sys.platform.startswith("linux"):
        return False
    open_ = ctypes.CDLL(None).dlopen
    open_.argtypes, open_.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    mode = os.RTLD_NOW | (os.RTLD_GLOBAL if for_everyone else os.RTLD_LOCAL)
    return all(path.is_file() and open_(os.fsencode(path), mode) is not None for path in paths)


def _folder(package: str) -> Path | None:
    """Where a package is installed, without importing it."""
    try:
        spec = find_spec(package)
    except (ImportError, ValueError):
        return None
    return Path(spec.origin).parent if spec is not None and spec.origin else None
