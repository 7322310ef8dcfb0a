"""The run's append-only record: SQLite in write-ahead mode, so that anyone may read while it grows."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import socket
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from msgspec.structs import asdict

from netbuilder.app.processes import born
from netbuilder.core.errors import FileError
from netbuilder.train.events import CheckpointSaved, EpochDone, Event, Finished, Started, StepsLogged, Warned

log = logging.getLogger(__name__)
_PERIOD = 0.25
_MOST_WAITING = 20_000
_TABLES = """
create table if not exists sessions (id integer primary key, began real, pid integer, host text, first_epoch integer, epochs integer,
  steps_per_epoch integer, device text, initial_loss real, notes text, born text);
create table if not exists steps (session integer, time real, step integer, epoch integer, loss real, accuracy real, learning_rate real,
  images_per_second real, memory_bytes integer, penalty real);
create table if not exists epochs (session integer, time real, epoch integer, step integer, train_loss real, train_accuracy real,
  validation_loss real, validation_accuracy real, learning_rate real, seconds real, images_per_second real, best integer);
create table if not exists outputs (session integer, time real, epoch integer, place integer, name text, train_loss real,
  train_accuracy real, validation_loss real, validation_accuracy real);
create table if not exists checkpoints (session integer, time real, name text, epoch integer);
create table if not exists notes (session integer, time real, message text, node text);
create table if not exists endings (session integer, time real, reason text, message text, epochs_done integer, best_epoch integer,
  seconds real);
"""
_LATER = (("steps", "penalty", "real"), ("sessions", "born", "text"))
"""Columns that the records of older versions lack."""


class Recorder:
    """Writes events to `metrics.sqlite`, at most four times a second. Used by one thread at a time.

    A disk that is full never ends a training: what could not be written waits for the next attempt.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._base = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
            self._session = self._open()
        except sqlite3.Error as error:
            remedy = "Free some space." if "full" in str(error) else "Start a new run; the checkpoints of this one can still be used."
            raise FileError(f"The record “{path.name}” of the run cannot be written: {error}.", place=str(path), remedy=remedy) from error
        self._waiting: list[tuple[str, tuple[Any, ...]]] = []
        self._written = time.monotonic()
        self._trouble = ""

    def _open(self) -> int | None:
        """Make the tables where they are missing, and begin a session in them."""
        self._base.execute("pragma journal_mode=wal")
        self._base.execute("pragma synchronous=normal")
        self._base.executescript(_TABLES)
        for table, column, kind in _LATER:
            if column not in {row[1] for row in self._base.execute(f"pragma table_info({table})")}:
                self._base.execute(f"alter table {table} add column {column} {kind}")
        who = time.time(), os.getpid(), socket.gethostname(), born(os.getpid())
        return self._base.execute("insert into sessions (began, pid, host, born) values (?, ?, ?, ?)", who).lastrowid

    def record(self, event: Event) -> Warned | None:
        """Keep one event; previews and events of no lasting interest are passed over.

        Returns what the user should know when the disk has begun to refuse, once for each refusal in a row.
        """
        match event:
            case Started():
                self._begin(event)
            case StepsLogged():
                self._add("steps", asdict(event))
            case EpochDone():
                self._add("epochs", {name: value for name, value in asdict(event).items() if name != "outputs"})
                for place, each in enumerate(event.outputs):
                    self._add("outputs", {"epoch": event.epoch, "place": place, **asdict(each)})
            case CheckpointSaved():
                self._add("checkpoints", {"name": event.name, "epoch": event.epoch})
            case Warned():
                self._add("notes", {"message": event.message, "node": event.node})
            case Finished():
                self._add("endings", asdict(event))
        before = self._trouble
        if self._waiting and (time.monotonic() - self._written >= _PERIOD or isinstance(event, EpochDone | Finished)):
            self.flush()
        if not self._trouble or before:
            return None
        return Warned(f"The run's curves cannot be written to the disk ({self._trouble}). Training goes on; make room to keep them.")

    def flush(self) -> None:
        """Write what waits, as one transaction; when that fails, it waits on."""
        self._written = time.monotonic()
        if not self._waiting:
            return
        try:
            self._base.execute("begin")
            for statement, values in self._waiting:
                self._base.execute(statement, values)
            self._base.execute("commit")
        except sqlite3.Error as error:
            self._trouble = str(error)
            self._waiting = self._waiting[-_MOST_WAITING:]
            log.warning("the record cannot be written: %s", error)
            with contextlib.suppress(sqlite3.Error):
                self._base.execute("rollback")
        else:
            self._waiting, self._trouble = [], ""

    def close(self) -> None:
        """Write the rest and let go of the file."""
        try:
            self.flush()
        finally:
            self._base.close()

    def _begin(self, event: Started) -> None:
        self._waiting.append(
            (
                "update sessions set first_epoch=?, epochs=?, steps_per_epoch=?, device=?, initial_loss=?, notes=? where id=?",
                (
                    event.first_epoch,
                    event.epochs,
                    event.steps_per_epoch,
                    event.device,
                    event.initial_loss,
                    json.dumps(event.notes),
                    self._session,
                ),
            )
        )

    def _add(self, table: str, values: dict[str, Any]) -> None:
        row = {"session": self._session, "time": time.time(), **values}
        self._waiting.append((f"insert into {table} ({', '.join(row)}) values ({', '.join('?' * len(row))})", tuple(row.values())))


def rows(path: Path, query: str, values: tuple[Any, ...] = ()) -> list[dict[str, Any]]:
    """Answer a query from a record that another process may be writing; nothing when there is none yet."""
    if not path.is_file():
        return []
    for mode in ("mode=ro", "immutable=1"):
        try:
            with closing(sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True, timeout=10)) as base:
                base.row_factory = sqlite3.Row
                return [dict(row) for row in base.execute(query, values)]
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return []
        except sqlite3.DatabaseError:
            return []
    return []
