"""The run's append-only record: SQLite in write-ahead mode, so that anyone may read while it grows."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import time
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from netbuilder.train.events import CheckpointSaved, EpochDone, Event, Finished, Started, StepsLogged, Warned

_PERIOD = 0.25
_TABLES = """
create table if not exists sessions (id integer primary key, began real, pid integer, host text, first_epoch integer, epochs integer,
  steps_per_epoch integer, device text, initial_loss real, notes text);
create table if not exists steps (session integer, time real, step integer, epoch integer, loss real, accuracy real, learning_rate real,
  images_per_second real, memory_bytes integer);
create table if not exists epochs (session integer, time real, epoch integer, step integer, train_loss real, train_accuracy real,
  validation_loss real, validation_accuracy real, learning_rate real, seconds real, images_per_second real, best integer);
create table if not exists checkpoints (session integer, time real, name text, epoch integer);
create table if not exists notes (session integer, time real, message text, node text);
create table if not exists endings (session integer, time real, reason text, message text, epochs_done integer, best_epoch integer,
  seconds real);
"""


class Recorder:
    """Writes events to `metrics.sqlite`, at most four times a second. Used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._base = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._base.execute("pragma journal_mode=wal")
        self._base.execute("pragma synchronous=normal")
        self._base.executescript(_TABLES)
        cursor = self._base.execute(
            "insert into sessions (began, pid, host) values (?, ?, ?)", (time.time(), os.getpid(), socket.gethostname())
        )
        self._session = cursor.lastrowid
        self._waiting: list[tuple[str, tuple[Any, ...]]] = []
        self._written = time.monotonic()

    def record(self, event: Event) -> None:
        """Keep one event; previews and events of no lasting interest are passed over."""
        match event:
            case Started():
                self._begin(event)
            case StepsLogged():
                self._add("steps", asdict(event))
            case EpochDone():
                self._add("epochs", asdict(event))
            case CheckpointSaved():
                self._add("checkpoints", {"name": event.name, "epoch": event.epoch})
            case Warned():
                self._add("notes", asdict(event))
            case Finished():
                self._add("endings", asdict(event))
        if self._waiting and (time.monotonic() - self._written >= _PERIOD or isinstance(event, EpochDone | Finished)):
            self.flush()

    def fail(self, sentence: str) -> None:
        """Record that the run broke off, and why."""
        self._add("endings", {"reason": "failed", "message": sentence})
        self.flush()

    def flush(self) -> None:
        """Write what waits, as one transaction."""
        waiting, self._waiting = self._waiting, []
        self._written = time.monotonic()
        if not waiting:
            return
        self._base.execute("begin")
        for statement, values in waiting:
            self._base.execute(statement, values)
        self._base.execute("commit")

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
