"""A recorded run: a folder on disk, readable while another process writes it."""

from __future__ import annotations

import logging
import shutil
import socket
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import asdict

from netbuilder.app.files import read_json, write_json
from netbuilder.app.processes import alive
from netbuilder.app.record import rows
from netbuilder.core.document import Project
from netbuilder.core.errors import FileError
from netbuilder.train.events import EpochDone, OutputDone, StepsLogged

if TYPE_CHECKING:
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
        return read_json(self.folder / "run.json", "a run")

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
        host, pid, since = session[0]["host"], session[0]["pid"], str(session[0].get("born") or "")
        works = host != socket.gethostname() or (isinstance(pid, int) and alive(pid, since))
        return {"status": "running" if works else "interrupted", "reason": None, "message": ""}


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: (0 if value is None and key in ("memory_bytes", "penalty") else value)
        for key, value in row.items()
        if key not in ("session", "time")
    }
