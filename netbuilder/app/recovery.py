"""Unsaved work survives a crash: autosaves in the user's folder, offered at the next start."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import secrets
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from netbuilder.app.processes import alive, born
from netbuilder.core.atomic import write_atomically
from netbuilder.core.document import Document, Project
from netbuilder.core.errors import NetbuilderError
from netbuilder.paths import home

log = logging.getLogger(__name__)
PERIOD = 3.0
_OURS: set[Path] = set()
"""Autosaves of this process: process numbers come back, so a file with our number may be a stranger's."""


@dataclass(frozen=True)
class Found:
    """An autosave that a process which is gone left behind. `original` is where the project was opened from."""

    path: Path
    name: str
    original: Path | None
    saved: datetime

    def open(self) -> Document:
        """The project as a document with unsaved changes; raises `FileError`."""
        from netbuilder.core.files import load

        document = Document(load(self.path), path=self.original)
        document.mark_unsaved()
        return document

    def discard(self) -> None:
        """Remove the autosave."""
        for path in (self.path, self.path.with_suffix(".json")):
            path.unlink(missing_ok=True)


class Autosave:
    """Writes a document's unsaved snapshot at most every few seconds, in a thread of its own."""

    def __init__(self, document: Document, folder: Path | None = None, *, period: float = PERIOD) -> None:
        self._document = document
        self._path = (folder or home("recovery")) / f"{os.getpid()}-{secrets.token_hex(4)}.netb"
        self._period = period
        self._wake = threading.Condition()
        self._dirty, self._closed = document.modified, False
        self._written: Project | None = None
        _OURS.add(self._path)
        document.state_changed.connect(self._on_changed)
        self._thread = threading.Thread(target=self._work, name="autosave", daemon=False)
        self._thread.start()

    @property
    def path(self) -> Path:
        """Where the autosave lies while there is something unsaved."""
        return self._path

    def wait_written(self, timeout: float | None = None) -> bool:
        """Block until the newest snapshot is on disk, or gone because nothing is unsaved."""
        with self._wake:
            return self._wake.wait_for(lambda: not self._dirty, timeout)

    def close(self) -> None:
        """The document was closed in good order: end the thread and remove the autosave."""
        self._document.state_changed.disconnect(self._on_changed, missing_ok=True)
        with self._wake:
            self._closed = True
            self._wake.notify_all()
        self._thread.join()
        self._remove()
        _OURS.discard(self._path)

    def _on_changed(self) -> None:
        with self._wake:
            self._dirty = True
            self._wake.notify_all()

    def _work(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._dirty or self._closed)
                if self._closed:
                    return
                project, modified = self._document.project, self._document.modified
            if not modified:
                self._remove()
            elif project is not self._written:
                self._write(project)
            with self._wake:
                self._written = project if modified else None
                self._dirty = self._document.project is not project or self._document.modified != modified
                self._wake.notify_all()
                if self._wake.wait_for(lambda: self._closed, self._period):
                    return

    def _write(self, project: Project) -> None:
        from netbuilder.core.files import dumps

        original = self._document.path
        note = {"born": born(os.getpid()), "name": project.name, "original": str(original) if original else None}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._path, dumps(project))
            write_atomically(self._path.with_suffix(".json"), json.dumps(note).encode())
        except (OSError, NetbuilderError) as error:
            log.warning("autosave failed: %s", error)

    def _remove(self) -> None:
        for path in (self._path, self._path.with_suffix(".json")):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def found(folder: Path | None = None) -> tuple[Found, ...]:
    """Autosaves of processes that are gone, newest first."""
    place = folder or home("recovery")
    answers: list[Found] = []
    for path in place.glob("*.netb") if place.is_dir() else ():
        pid, note = path.stem.partition("-")[0], _note(path)
        if pid.isdigit() and path not in _OURS and (int(pid) == os.getpid() or not alive(int(pid), str(note.get("born") or ""))):
            answers.append(_describe(path, note))
    return tuple(sorted(answers, key=lambda each: each.saved, reverse=True))


def _note(path: Path) -> dict[str, str | None]:
    """What was written beside an autosave; nothing when that is missing or damaged."""
    with contextlib.suppress(OSError, ValueError):
        read = json.loads(path.with_suffix(".json").read_text("utf-8"))
        return read if isinstance(read, dict) else {}
    return {}


def _describe(path: Path, note: dict[str, str | None]) -> Found:
    original = note.get("original")
    saved = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Found(path, str(note.get("name") or "Untitled"), Path(original) if original else None, saved)
