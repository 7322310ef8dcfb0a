"""The project file `*.netb`: strict, versioned JSON with a fixed key order, one node or wire on a line.

    {
      "format": "netbuilder", "version": 1, "name": …,
      "graph": {
        "nodes": [{"id", "layer", "name", "settings", "position", "block", "repeat", "linked", "training"}, …],
        "links": [[source id, its port, target id, its port], …],
        "blocks": [{"name", "parameters": [{"name", "default", "tip"}, …], "graph"}, …],
        "frames": [{"id", "text", "position", "size", "colour", "comment"}, …], "direction": "right" | "down"
      },
      "training": {…}, "data": {…}, "bookmarks": {number: {…}}
    }

Fields at their default are left out. Fields and layers that this version does not know are kept and written back
unchanged. Reading never imports, evaluates or fetches anything.
"""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

from netbuilder.core.atomic import BACKUP, sweep, write_atomically
from netbuilder.core.document import Project
from netbuilder.core.errors import FileError
from netbuilder.core.reading import Misfit, read_project
from netbuilder.core.strict_json import LARGEST, StrictError, parse
from netbuilder.core.writing import write_project

FORMAT = "netbuilder"
VERSION = 1
SUFFIX = ".netb"

Migration = Callable[[dict[str, Any]], dict[str, Any]]
MIGRATIONS: dict[int, Migration] = {}
"""Version -> the function that turns a document of that version into one of the next; pure functions on parsed JSON."""


def load(path: str | Path) -> Project:
    """Read a project file, or the project that a picture carries; raises `FileError` when it is missing, damaged, foreign or too new."""
    path = Path(path)
    try:
        kind = path.stat()
        if not stat.S_ISREG(kind.st_mode):
            raise FileError(f"“{path.name}” is not a file.", place=str(path), remedy="Choose a project file.")
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
        sweep(path.resolve())
    except OSError as error:
        raise FileError(f"“{path.name}” could not be read: {_reason(error)}.", place=str(path)) from error
    except (ValueError, RuntimeError) as error:
        raise FileError(f"“{path!s}” is not a file name ({error}).") from error
    return loads(data if data.startswith(b"{") else _out_of_picture(data, path.name), str(path))


def loads(data: bytes, place: str = "") -> Project:
    """Read a project from the bytes of its file; `place` is the path that messages name. Raises `FileError` only."""
    name = Path(place).name if place else "The project"
    shown = f"“{name}”" if place else name
    try:
        raw = parse(data)
    except StrictError as error:
        remedy = error.remedy or _older(place) or "Choose a project that Netbuilder saved, or a picture with its project."
        raise FileError(f"{shown} is not a readable project: {error.message}.", place=place or None, remedy=remedy) from None
    try:
        return read_project(_current(raw))
    except Misfit as error:
        raise FileError(f"{shown} cannot be opened: {error.message}.", place=place or None, remedy=error.remedy or None) from None


def save(project: Project, path: str | Path) -> None:
    """Replace the file at `path` whole, keeping the old one as `NAME.bak`; raises `FileError` and changes nothing.

    What was written is read back from the disk before it takes the old file's place.
    """
    path = Path(path)
    write_atomically(path, dumps(project), check=lambda written: loads(written, str(path)), backup=True)


def dumps(project: Project) -> bytes:
    """The bytes of a project's file; equal projects give equal bytes. Raises `FileError` for values JSON cannot say."""
    try:
        return write_project(project, FORMAT, VERSION).encode()
    except StrictError as error:
        raise FileError(f"The project “{project.name}” cannot be saved: {error.message}.") from None
    except UnicodeEncodeError:
        raise FileError(
            "The project cannot be saved: a text in it holds a broken character.", remedy="Delete it and type it again."
        ) from None


def _out_of_picture(data: bytes, name: str) -> bytes:
    """The project file that a picture carries; data that is not a picture is returned as it is."""
    from netbuilder.core.embedded import is_picture, project_in

    return project_in(data, name) if is_picture(data) else data


def _current(raw: Any) -> dict[str, Any]:
    """A parsed document brought up to this version."""
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise Misfit("it is not a Netbuilder project", "Choose a file that Netbuilder saved (*.netb).")
    version = raw.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise Misfit(f"its version is {version!r}, not a whole number", 'Write "version": 1.')
    if version > VERSION:
        raise Misfit(
            f"it was saved by a newer Netbuilder (file version {version}; this one reads up to {VERSION})",
            "Update Netbuilder to open it; the file is unchanged.",
        )
    document = {key: value for key, value in raw.items() if key not in ("format", "version")}
    while version < VERSION:
        document = MIGRATIONS[version](document)
        version += 1
    return document


def _older(place: str) -> str:
    """A hint at the backup, if there is one."""
    kept = Path(place + BACKUP) if place else None
    try:
        return f"The version before the last save is in “{kept.name}”." if kept is not None and kept.is_file() else ""
    except (OSError, ValueError):
        return ""


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, PermissionError):
        return "you may not read it"
    return error.strerror or str(error)
