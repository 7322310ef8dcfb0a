"""The folder of several trainings that belong together: folds of a cross-validation, members of an ensemble, sizes of a sweep."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import asdict

from netbuilder.app.files import read_json, write_json
from netbuilder.app.runs import Run
from netbuilder.core.errors import FileError

if TYPE_CHECKING:
    pass

FILE = "series.json"
_ENDS = ("done", "early stopping")


class Figure(Struct, frozen=True):
    """A mean over several trainings with its sample standard deviation, 0 for one of them."""

    mean: float
    deviation: float
    count: int

    def __str__(self) -> str:
        return f"{self.mean:.4f} ± {self.deviation:.4f}"


class Series:
    """The folder of a series. Everything is read afresh, so one that is being trained shows its newest state."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        if not is_series(self.folder):
            raise FileError(f"“{self.folder}” is not a series of runs: it has no {FILE}.", place=str(self.folder))

    @property
    def about(self) -> Mapping[str, Any]:
        """`series.json`."""
        return read_json(self.folder / FILE, "a series")

    @property
    def runs(self) -> tuple[Run, ...]:
        """The trainings so far, in order."""
        return tuple(Run(path.parent) for path in sorted(self.folder.glob("*/run.json"), key=lambda path: number_of(path.parent.name)))

    @property
    def summary(self) -> dict[str, Any]:
        """The series in a few figures: mean and deviation of the validation results at each training's best epoch, and at its last."""
        about, members = self.about, [run.summary for run in self.runs]
        plan, done = about.get("plan", {}), [each for each in members if each["status"] in (*_ENDS, "stopped")]
        whole = len(done) >= int(about.get("count", 0)) > 0
        status = "done" if whole else next((each["status"] for each in members if each["status"] not in _ENDS), "interrupted")
        return {
            "series": str(self.folder),
            "name": about.get("name", self.folder.name),
            "created": about.get("created"),
            "kind": plan.get("kind", "folds"),
            "count": about.get("count", len(members)),
            "trained": len(done),
            "status": status,
            "accuracy": _plain(self._accuracy(plan, done)),
            "last_accuracy": _plain(figure([each["validation_accuracy"] for each in done])),
            "last_loss": _plain(figure([each["validation_loss"] for each in done])),
            "seconds": sum(each["seconds"] for each in members),
            "epochs_done": sum(each["epochs_done"] for each in members),
            "runs": [each["run"] for each in members],
        }

    def _accuracy(self, plan: Mapping[str, Any], done: list[dict[str, Any]]) -> Figure | None:
        """For a sweep, the accuracy of the best size; otherwise that of all trainings together."""
        if plan.get("kind") == "sweep":
            from netbuilder.app.sweep_results import findings

            return findings(self).accuracy
        return figure([each["best_validation_accuracy"] for each in done])

    def rename(self, name: str) -> None:
        """Give it another name; raises `FileError`."""
        try:
            write_json(self.folder / FILE, {**self.about, "name": name})
        except OSError as error:
            raise FileError(f"“{self.folder.name}” cannot be renamed: {error}.", place=str(self.folder)) from error

    def delete(self) -> None:
        """Remove the folder with all its trainings."""
        shutil.rmtree(self.folder)


def is_series(folder: Path) -> bool:
    """Whether this is the folder of a series."""
    return (folder / FILE).is_file()


def figure(values: list[float | None]) -> Figure | None:
    """Mean and sample deviation of the values that are known."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    return Figure(statistics.fmean(known), statistics.stdev(known) if len(known) > 1 else 0.0, len(known))


def number_of(name: str) -> int:
    """The number of a training in its series, from its folder's name."""
    digits = name.rpartition("-")[2]
    return int(digits) if digits.isdigit() else 0


def _plain(found: Figure | None) -> dict[str, Any] | None:
    return None if found is None else asdict(found)
