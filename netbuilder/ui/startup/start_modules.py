"""The code of all modules that the first window imports, in one file: finding and reading a hundred takes a twentieth of a start.

Beside Python's own bytecode and made from it; a module whose source has changed since is imported as ever, and the file made anew.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import cache_from_source, spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import NamedTuple

from netbuilder.ui.startup.qt_bytecode import read_kept, write_kept

PACKAGE = "netbuilder"


class Kept(NamedTuple):
    """A module's file with its time (ns) and size when its code was kept, and whether it is a package."""

    path: str
    time: int
    size: int
    package: bool
    code: CodeType

    @property
    def fresh(self) -> bool:
        """Whether the file is still the same."""
        try:
            return _stamp(self.path) == (self.time, self.size)
        except OSError:
            return False


class _Loader(SourceFileLoader):
    """Has a module's code already."""

    def __init__(self, name: str, kept: Kept) -> None:
        super().__init__(name, kept.path)
        self._code = kept.code

    def get_code(self, _name: str) -> CodeType:
        return self._code


class StartModules:
    """Finds the modules that were kept, as long as it is among the finders (`sys.meta_path`)."""

    def __init__(self, place: Path | None = None) -> None:
        self._place = place or Path(cache_from_source(__file__)).with_suffix(".start")
        self._kept = {name: Kept(*entry) for name, entry in read_kept(self._place).items() if len(entry) == len(Kept._fields)}

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """As an import asks for it."""
        kept = self._kept.get(name)
        if kept is None or not kept.fresh:
            return None
        folders = [str(Path(kept.path).parent)] if kept.package else None
        return spec_from_file_location(name, kept.path, loader=_Loader(name, kept), submodule_search_locations=folders)

    def keep(self, names: Collection[str]) -> None:
        """The start is over: find nothing more, and keep these modules for the next one where they were not kept before."""
        sys.meta_path.remove(self)
        new = {name: kept for name in names if (kept := _code_of(sys.modules[name])) is not None}
        if new and not sys.dont_write_bytecode:
            write_kept(self._place, {name: tuple(kept) for name, kept in {**self._kept, **new}.items() if kept.fresh})


def imported() -> list[str]:
    """This package's modules that are imported by now."""
    return [name for name in sys.modules if name.startswith(f"{PACKAGE}.")]


def keep_start_modules(names: Collection[str]) -> None:
    """Keep these for the next start, where this one looked for kept modules."""
    for finder in list(sys.meta_path):
        if isinstance(finder, StartModules):
            finder.keep(names)


def _code_of(module: ModuleType) -> Kept | None:
    """What to keep of a module that was imported as ever."""
    loader = module.__spec__.loader if module.__spec__ is not None else None
    if type(loader) is not SourceFileLoader:
        return None
    stamp, code = _stamp(loader.path), loader.get_code(module.__name__)
    return Kept(loader.path, *stamp, hasattr(module, "__path__"), code) if code is not None else None


def _stamp(path: str) -> tuple[int, int]:
    status = os.stat(path)  # noqa: PTH116 (a tenth of the time of a Path's)
    return status.st_mtime_ns, status.st_size
