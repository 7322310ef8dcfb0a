"""Runs on disk: a folder each, readable while another process writes it."""

from __future__ import annotations

import json
import logging
import os
import secrets
import shutil
import socket
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import asdict

from netbuilder.app.files import slug, write_json
from netbuilder.app.record import rows
from netbuilder.core.atomic import write_atomically
from netbuilder.core.document import Project
from netbuilder.core.errors import FileError
from netbuilder.paths import home
from netbuilder.train.events import EpochDone, OutputDone, StepsLogged

if TYPE_CHECKING:
    from netbuilder.app.series import Series
    from netbuilder.net.compiled import CompiledModule

_LATEST = "not exists (select 1 from sessions s where s.id > t.session and s.first_epoch <= t.epoch)"

log = logging.getLogger(__name__)


class History(Struct, frozen=True):
    """What a run recorded: iterating gives its epochs, `history["train_loss"]` one figure of every epoch."""

    epochs: tuple[EpochDone, ...]
    steps: tuple[StepsLogged, ...]

    def __len__(self) -> int:
        return len(self.epochs)

    def __iter__(self) -> Iterator[EpochDone]:
        return iter(self.epochs)

    def __getitem__(self, key: int | str) -> Any:
        return self.epochs[key] if isinstance(key, int) else [getattr(epoch, key) for epoch in self.epochs]


class Run:
    """One run's folder. Everything is read afresh, so a run that is being written shows its newest state."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        if not (self.folder / "run.json").is_file():
            raise FileError(f"“{self.folder}” is not a run: it has no run.json.", place=str(self.folder), remedy="Choose a run's folder.")

    @property
    def metrics(self) -> Path:
        """The SQLite file with the curves."""
        return self.folder / "metrics.sqlite"

    @property
    def checkpoints(self) -> Path:
        """The folder of the checkpoints."""
        return self.folder / "checkpoints"

    @property
    def readable(self) -> bool:
        """Whether `run.json` can be read."""
        try:
            return bool(self.about)
        except FileError as error:
            log.warning("%s", error)
            return False

    @cached_property
    def about(self) -> Mapping[str, Any]:
        """`run.json`: configuration, environment, seed, versions."""
        try:
            content = json.loads((self.folder / "run.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise FileError(f"“{self.folder / 'run.json'}” cannot be read: {error}.", place=str(self.folder)) from error
        if not isinstance(content, dict):
            raise FileError(f"“{self.folder / 'run.json'}” does not describe a run.", place=str(self.folder))
        return content

    @property
    def handover(self) -> Mapping[str, Any]:
        """What `data.handover` says of the data that it learned from; nothing for runs that have not kept it."""
        kept = self.about.get("configuration", {}).get("handover")
        return kept if isinstance(kept, dict) else {}

    @cached_property
    def project(self) -> Project:
        """The exact document that was trained."""
        from netbuilder.core.files import load

        return load(self.folder / "document.netb")

    def history(self) -> History:
        """All epochs and logged steps so far; what a later resume did again is counted once."""
        epochs = rows(self.metrics, f"select * from epochs t where {_LATEST} order by epoch, rowid")
        steps = rows(self.metrics, f"select * from steps t where {_LATEST} order by step, rowid")
        own = self._outputs()
        return History(
            tuple(EpochDone(**{**_plain(row), "best": bool(row["best"])}, outputs=own.get(row["epoch"], ())) for row in epochs),
            tuple(StepsLogged(**_plain(row)) for row in steps),
        )

    def notes(self) -> list[str]:
        """Warnings and choices recorded along the way."""
        return [str(row["message"]) for row in rows(self.metrics, "select message from notes order by rowid")]

    @property
    def summary(self) -> dict[str, Any]:
        """The run in a few figures, with the keys that `netbuilder train --json` prints, and its status.

        `status` is `running`, `interrupted`, `failed`, `loaded`, or its end: `done`, `early stopping`, `stopped`, `edited`, `diverged`.
        """
        epochs = rows(self.metrics, f"select * from epochs t where {_LATEST} order by epoch, rowid")
        best = next((row for row in reversed(epochs) if row["best"]), None)
        last = epochs[-1] if epochs else {}
        seconds = sum(row["seconds"] for row in epochs)
        weighted = sum(row["images_per_second"] * row["seconds"] for row in epochs)
        return {
            "run": str(self.folder),
            "name": self.about.get("name", self.folder.name),
            "created": self.about.get("created"),
            "continues": self.about.get("continues"),
            **self._status(),
            "images_per_second": weighted / seconds if seconds else None,
            "epochs_done": last.get("epoch", 0),
            "train_loss": last.get("train_loss"),
            "validation_loss": last.get("validation_loss"),
            "validation_accuracy": last.get("validation_accuracy"),
            "best_epoch": best["epoch"] if best else None,
            "best_validation_accuracy": best["validation_accuracy"] if best else None,
            "seconds": seconds,
            "outputs": [asdict(each) for each in self._outputs().get(last.get("epoch", 0), ())],
        }

    def _outputs(self) -> dict[int, tuple[OutputDone, ...]]:
        """For each epoch, what it says of several outputs."""
        found: dict[int, tuple[OutputDone, ...]] = {}
        for row in rows(self.metrics, f"select * from outputs t where {_LATEST} order by epoch, place, rowid"):
            own = OutputDone(**{name: row[name] for name in OutputDone.__struct_fields__})
            found[row["epoch"]] = (*found.get(row["epoch"], ()), own)
        return found

    def epochs(self) -> list[str]:
        """Names of the complete checkpoints: `best`, `last` and `epoch-003`, in that order."""
        if not self.checkpoints.is_dir():
            return []
        names = {path.parent.name for path in self.checkpoints.glob("[!.]*/manifest.json")}
        return [name for name in ("best", "last") if name in names] + sorted(names - {"best", "last"})

    def checkpoint(self, epoch: str | int = "best") -> Path:
        """Folder of a checkpoint; `best` falls back to the last one. Raises `FileError`."""
        name = epoch if isinstance(epoch, str) else f"epoch-{epoch:03d}"
        names = self.epochs()
        if name == "best" and name not in names and names:
            name = names[0]
        if name not in names:
            there = ", ".join(names) or "none yet"
            raise FileError(f"The run “{self.folder.name}” has no checkpoint “{name}”.", place=str(self.folder), remedy=f"It has: {there}.")
        return self.checkpoints / name

    def model(self, epoch: str | int = "best") -> CompiledModule:
        """The trained network with the weights of a checkpoint, in evaluation mode, on the CPU."""
        from netbuilder.app.models import load_model

        return load_model(self, epoch)

    def rename(self, name: str) -> None:
        """Give the run another name; its folder stays where it is. Raises `FileError`."""
        try:
            write_json(self.folder / "run.json", {**self.about, "name": name})
        except OSError as error:
            raise FileError(f"The run “{self.folder.name}” cannot be renamed: {error}.", place=str(self.folder)) from error
        self.__dict__.pop("about", None)

    def delete(self) -> None:
        """Remove the folder and everything in it."""
        shutil.rmtree(self.folder)

    def _status(self) -> dict[str, Any]:
        session = rows(self.metrics, "select * from sessions order by id desc limit 1")
        if not session:
            loaded = "weights" in self.about.get("configuration", {})
            return {"status": "loaded" if loaded else "interrupted", "reason": None, "message": ""}
        ending = rows(self.metrics, "select * from endings where session=? order by rowid desc limit 1", (session[0]["id"],))
        if ending:
            return {"status": ending[0]["reason"], "reason": ending[0]["reason"], "message": ending[0]["message"]}
        alive = session[0]["host"] != socket.gethostname() or _alive(session[0]["pid"])
        return {"status": "running" if alive else "interrupted", "reason": None, "message": ""}


class RunStore:
    """All runs below one folder and those included from elsewhere, newest first."""

    def __init__(self, folder: str | Path | None = None) -> None:
        self.folder = Path(folder) if folder is not None else home("runs")
        self._others: set[Path] = set()

    def list(self) -> tuple[Run, ...]:
        """Every run, newest first, also one that is not `readable`; folders that are no runs are passed over."""
        own = [path.parent for path in self.folder.glob("*/run.json")] if self.folder.is_dir() else []
        others = [folder for folder in self._others if folder not in own and (folder / "run.json").is_file()]
        return tuple(Run(folder) for folder in sorted((*own, *others), key=lambda folder: folder.name, reverse=True))

    def series(self) -> tuple[Series, ...]:
        """Every cross-validation and ensemble, newest first; their trainings are in them and not in `list`."""
        from netbuilder.app.series import FILE, Series

        found = sorted(self.folder.glob(f"*/{FILE}"), reverse=True) if self.folder.is_dir() else []
        return tuple(Series(path.parent) for path in found)

    def include(self, folder: str | Path) -> Run:
        """List a run from elsewhere too, one that another process is writing, say. Raises `FileError` when it is no run."""
        run = Run(Path(folder).resolve())
        self._others.add(run.folder)
        return run

    def new(self, project: Project, configuration: Mapping[str, Any], *, folder: Path | None = None, continues: Path | None = None) -> Run:
        """Make a run's folder with `run.json` and the exact document; raises `FileError` when it holds a run already."""
        now = datetime.now(UTC)
        target = folder or self.folder / f"{now.astimezone():%Y-%m-%d-%H%M%S}-{slug(project.name)}-{secrets.token_hex(2)}"
        if (target / "run.json").exists():
            raise FileError(f"“{target}” already holds a run.", place=str(target), remedy="Choose another folder, or resume that run.")
        from netbuilder.app.description import describe
        from netbuilder.core.files import dumps

        existed = target.exists()
        try:
            target.mkdir(parents=True, exist_ok=True)
            write_atomically(target / "document.netb", dumps(project))
            write_json(target / "run.json", {**describe(project, configuration, now), "continues": str(continues) if continues else None})
        except (OSError, FileError) as error:
            if not existed:
                shutil.rmtree(target, ignore_errors=True)
            if isinstance(error, FileError):
                raise
            reason = error.strerror or error
            remedy = "Choose another folder for the run."
            raise FileError(f"The run's folder “{target}” cannot be written: {reason}.", place=str(target), remedy=remedy) from error
        return Run(target)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: (0 if value is None and key in ("memory_bytes", "penalty") else value)
        for key, value in row.items()
        if key not in ("session", "time")
    }


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, TypeError):
        return True
    return True
