"""A training shared by several processes: the first one writes and reports the run, the others only compute."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from netbuilder.app.training import Training
from netbuilder.core.document import Project
from netbuilder.train.events import Event

if TYPE_CHECKING:
    from netbuilder.data.dataset import Dataset
    from netbuilder.train.distributed import Team


class NoRecord:
    """The recorder of a process that keeps nothing."""

    def record(self, event: Event) -> None:
        """Ignore an event."""

    def flush(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing, too."""


def begun(team: Team | None, lead: Callable[[], Training], assist: Callable[[], Training]) -> Training:
    """The training of this process: `lead` makes it in the first one or the only one, `assist` in the others."""
    if team is None:
        return lead()
    training = lead() if team.first else assist()
    training.folder = team.announced(training.folder)
    return training


def assistant(project: Project, dataset: Dataset, team: Team | None, *, resume: Path | None = None) -> Training:
    """A training that writes nothing."""
    from netbuilder.train.engine import Engine
    from netbuilder.train.recipe import Recipe

    return Training(project, Engine(project.graph, dataset, Recipe.read(project.training), resume=resume, team=team), NoRecord())


def ended(team: Team | None, stop: Callable[[], bool] | None) -> bool:
    """Whether to stop now; a team stops after the step on which all processes have agreed."""
    wish = stop is not None and stop()
    if team is None:
        return wish
    team.wish = team.wish or wish
    return team.stopping
