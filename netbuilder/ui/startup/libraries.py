"""Shared libraries loaded beside Python: an import holds Python's lock while the system loads what it needs, this does not.

torch's library alone takes a fifth of a second, in which no window could answer; Qt's take a twelfth of the time until there is a window.
Loaded here first, a library is there already when the import asks for it. Only those that know nothing of Python may be loaded so.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import threading
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path

TORCH = ("libtorch_global_deps.so", "libtorch.so")
"""The first is for everyone in the process, as torch itself has it."""
QT = ("lib/libQt6Widgets.so.6", "lib/libQt6Svg.so.6")
FONTS = "libfontconfig.so.1"


def load_qt() -> threading.Thread | None:
    """Load Qt's libraries and read what fonts the system has in a thread that is returned, while Python goes on; on Linux only."""
    folder = _folder("PySide6") if sys.platform.startswith("linux") else None
    if folder is None:
        return None
    paths = [folder / "Qt" / name for name in (*QT, _platform(os.environ))]
    thread = threading.Thread(target=_load_qt, args=(paths,), name="libraries of Qt")
    thread.start()
    return thread


def load_torch() -> bool:
    """Load torch's libraries that do not need Python; says whether they are there. May be called from any thread."""
    folder = _folder("torch")
    if folder is None:
        return False
    depends, torch = (folder / "lib" / name for name in TORCH)
    return load((depends,), for_everyone=True) and load((torch,))


def load(paths: Iterable[Path], *, for_everyone: bool = False, late: bool = False) -> bool:
    """Load libraries in this order while other threads go on, up to one that cannot be loaded; says whether all are there.

    One that is missing or unfit is no error here: the import that needs it will say so. With `late`, the functions
    that a library calls are found at the first call.
    """
    if not sys.platform.startswith("linux"):
        return False
    open_ = ctypes.CDLL(None).dlopen
    open_.argtypes, open_.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    mode = (os.RTLD_LAZY if late else os.RTLD_NOW) | (os.RTLD_GLOBAL if for_everyone else os.RTLD_LOCAL)
    return all(path.is_file() and open_(os.fsencode(path), mode) is not None for path in paths)


def _load_qt(paths: Iterable[Path]) -> None:
    load(paths, late=True)
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(FONTS).FcInit()


def _platform(environment: Mapping[str, str]) -> str:
    """The plugin with which Qt will show windows here, as far as one can tell."""
    asked = environment.get("QT_QPA_PLATFORM") or ("wayland-generic" if environment.get("WAYLAND_DISPLAY") else "xcb")
    return f"plugins/platforms/libq{asked.partition(';')[0].partition(':')[0]}.so"


def _folder(package: str) -> Path | None:
    """Where a package is installed, without importing it."""
    try:
        spec = find_spec(package)
    except (ImportError, ValueError):
        return None
    return Path(spec.origin).parent if spec is not None and spec.origin else None
