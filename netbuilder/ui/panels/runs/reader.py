"""Reads run folders for the table and the curves; remembers what has not changed on disk. No Qt, no torch."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from netbuilder.app.baseline import is_baseline
from netbuilder.app.run_store import RunStore
from netbuilder.app.runs import History, Run
from netbuilder.app.series import Series
from netbuilder.core.errors import NetbuilderError
from netbuilder.net.analysis import analyze

log = logging.getLogger(__name__)
Stamp = tuple[float, ...]


@dataclass(frozen=True)
class Row:
    """One run in the table. Figures are `None` while unknown; `seconds` is training time.

    A series has so many `members` and a `deviation` of their accuracies; its runs follow it with its folder as their `parent`.
    The accuracy of a `sweep` is that of its best size.
    """

    folder: Path
    name: str
    created: datetime | None
    best_accuracy: float | None
    best_loss: float | None
    best_epoch: int | None
    epochs: int
    parameters: int | None
    seconds: float
    status: str
    deviation: float | None = None
    members: int = 0
    parent: Path | None = None
    macs: int | None = None
    sweep: bool = False

    @property
    def series(self) -> bool:
        """Whether it stands for several runs: folds, or members of an ensemble."""
        return self.members > 0


@dataclass(frozen=True)
class Reading:
    """All runs, newest first, and the histories that were asked for."""

    rows: tuple[Row, ...]
    histories: Mapping[Path, History]


class RunsReader:
    """One reader for one panel; `read` is called by one thread at a time."""

    def __init__(self, store: RunStore) -> None:
        self._store = store
        self._rows: dict[Path, tuple[Stamp, Row]] = {}
        self._histories: dict[Path, tuple[Stamp, History]] = {}
        self._costs: dict[Path, tuple[int | None, int | None]] = {}

    def read(self, wanted: Collection[Path] = ()) -> Reading:
        """The newest state on disk; a run that cannot be read is listed as `unreadable`."""
        rows: list[Row] = []
        histories: dict[Path, History] = {}
        entries: list[Run | Series] = [*self._store.list(), *self._store.series()]
        entries.sort(key=lambda entry: entry.folder.name, reverse=True)
        for entry in entries:
            if isinstance(entry, Run):
                rows.append(self._known(entry))
            else:
                rows += self._series(entry)
        for row in rows:
            if row.folder in wanted and not row.series:
                run = Run(row.folder)
                histories[row.folder] = self._history(run, _stamp(run))
        return Reading(tuple(rows), histories)

    def _known(self, run: Run) -> Row:
        """A run's row, read again only when its files have changed."""
        stamp = _stamp(run)
        known = self._rows.get(run.folder)
        if known is None or known[0] != stamp or known[1].status == "running":
            known = (stamp, self._row(run))
            self._rows[run.folder] = known
        return known[1]

    def _series(self, series: Series) -> list[Row]:
        """The row of a series and those of its runs."""
        runs = series.runs
        members = [self._member(run, series) for run in runs]
        try:
            summary = series.summary
        except NetbuilderError as error:
            log.info("series cannot be read: %s", error)
            return [Row(series.folder, series.folder.name, None, None, None, None, 0, None, 0.0, "unreadable"), *members]
        accuracy = summary["accuracy"] or {}
        return [
            Row(
                series.folder,
                str(summary["name"]),
                _moment(summary["created"]),
                accuracy.get("mean"),
                None,
                None,
                int(summary["epochs_done"]),
                members[0].parameters if members else None,
                float(summary["seconds"]),
                str(summary["status"]),
                accuracy.get("deviation"),
                max(1, int(summary["count"])),
                macs=members[0].macs if members else None,
                sweep=summary["kind"] == "sweep",
            ),
            *members,
        ]

    def _member(self, run: Run, series: Series) -> Row:
        """A run of a series, without the name that all of them begin with."""
        row = self._known(run)
        try:
            project = str(series.about.get("project", ""))
        except NetbuilderError:
            project = ""
        return replace(row, parent=series.folder, name=row.name.removeprefix(f"{project} · "))

    def _history(self, run: Run, stamp: Stamp) -> History:
        known = self._histories.get(run.folder)
        if known is None or known[0] != stamp:
            known = (stamp, run.history())
            self._histories[run.folder] = known
        return known[1]

    def _row(self, run: Run) -> Row:
        try:
            summary = run.summary
        except NetbuilderError as error:
            log.info("run cannot be read: %s", error)
            return Row(run.folder, run.folder.name, None, None, None, None, 0, None, 0.0, "unreadable")
        parameters, macs = self._cost(run)
        losses = [e.validation_loss for e in run.history().epochs if e.validation_loss is not None]
        return Row(
            run.folder,
            str(summary["name"]),
            _moment(summary.get("created")),
            summary["best_validation_accuracy"],
            min(losses, default=None),
            summary["best_epoch"],
            int(summary["epochs_done"] or 0),
            parameters,
            float(summary["seconds"] or 0.0),
            str(summary["status"]),
            macs=macs,
        )

    def _cost(self, run: Run) -> tuple[int | None, int | None]:
        """Parameters and operations for one sample, from the run's document."""
        if run.folder not in self._costs:
            try:
                analysis = None if is_baseline(run.about) else analyze(run.project.graph)
                self._costs[run.folder] = (analysis.parameters, analysis.macs) if analysis else (None, None)
            except (NetbuilderError, OSError):
                self._costs[run.folder] = None, None
        return self._costs[run.folder]


def _stamp(run: Run) -> Stamp:
    paths = (run.folder / "run.json", run.metrics, run.metrics.with_name(run.metrics.name + "-wal"))
    return tuple(path.stat().st_mtime if path.exists() else 0.0 for path in paths)


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)).astimezone()
    except ValueError:
        return None
