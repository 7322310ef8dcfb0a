"""Trials in a background thread: the range test and the sanity checks of a session's project."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from netbuilder.app.background import Background
from netbuilder.core.document import Project
from netbuilder.core.errors import NetbuilderError

if TYPE_CHECKING:
    from netbuilder.app.session import Session
    from netbuilder.core.graph import Graph
    from netbuilder.data.dataset import Dataset
    from netbuilder.train.recipe import Recipe
    from netbuilder.train.trials.trial import Outcome, Tick, Trial


class TrialRunner(Background["Tick", "Outcome"]):
    """Runs one trial at a time."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def start(self, trial: Callable[[Graph, Dataset, Recipe], Trial]) -> None:
        """Begin a trial of the document as it is now; raises `NetbuilderError` while another, or a training, is at work."""
        if self.active or self._session.runner.active:
            raise NetbuilderError("A training is already running.", remedy="Stop it first.")
        project = self._session.document.project
        self.carry_out(lambda: begun(trial, project, self._session.require_data(project.data)), "trial")


def begun(trial: Callable[[Graph, Dataset, Recipe], Trial], project: Project, dataset: Dataset) -> Trial:
    """A trial of a project on its data; raises what keeps the network from running."""
    from netbuilder.app.launch import check
    from netbuilder.train.recipe import Recipe

    check(project.graph)
    return trial(project.graph, dataset, Recipe.read(project.training))


def ended(steps: Trial, on_tick: Callable[[Tick], None] | None = None) -> Outcome:
    """Carry a trial to its end."""
    while True:
        try:
            tick = next(steps)
        except StopIteration as finished:
            outcome: Outcome = finished.value
            return outcome
        if on_tick is not None:
            on_tick(tick)
