"""The folder of all recorded runs: listing them, and making new ones."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netbuilder.app.files import slug, write_json
from netbuilder.app.runs import Run
from netbuilder.core.atomic import write_atomically
from netbuilder.core.document import Project
from netbuilder.core.errors import FileError
from netbuilder.paths import home

if TYPE_CHECKING:
    from netbuilder.app.series import Series


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
