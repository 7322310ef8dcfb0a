"""Trials in a background thread: the range test and the sanity checks of a session's project."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from netbuilder.core.document import Project
from netbuilder.core.errors import NetbuilderError
from netbuilder.train.failures import unexpected

if TYPE_CHECKING:
    from netbuilder.app.session import Session
    from netbuilder.core.graph import Graph
    from netbuilder.data.dataset import Dataset
    from netbuilder.train.recipe import Recipe
    from netbuilder.train.trial import Outcome, Tick, Trial

log = logging.getLogger(__name__)


class TrialRunner:
    """Runs one trial at a time. Poll `state`, `ticks`, `outcome` and `error`; `stop` ends it after the step in progress."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopped = False
        self._ticks: list[Tick] = []
        self.state = "idle"
        self.outcome: Outcome | None = None
        self.error = ""

    @property
    def active(self) -> bool:
        """Whether one is at work."""
        return self.state in ("loading", "running")

    def start(self, trial: Callable[[Graph, Dataset, Recipe], Trial]) -> None:
        """Begin a trial of the document as it is now; raises `NetbuilderError` while another, or a training, is at work."""
        if self.active or self._session.runner.active:
            raise NetbuilderError("A training is already running.", remedy="Stop it first.")
        self.join()
        self._stopped, self._ticks, self.outcome, self.error, self.state = False, [], None, "", "loading"
        self._thread = threading.Thread(target=self._work, args=(trial, self._session.document.project), name="trial", daemon=False)
        self._thread.start()

    def ticks(self) -> list[Tick]:
        """What has been told so far."""
        with self._lock:
            return list(self._ticks)

    def stop(self) -> None:
        """End after the step in progress."""
        self._stopped = True

    def join(self) -> None:
        """Wait until the thread has ended."""
        if self._thread is not None:
            self._thread.join()

    def close(self) -> None:
        """Stop and wait."""
        self.stop()
        self.join()

    def _work(self, trial: Callable[[Graph, Dataset, Recipe], Trial], project: Project) -> None:
        try:
            self._carry_out(begun(trial, project, self._session.require_data(project.data)))
            self.state = "stopped" if self.outcome is None else "finished"
        except NetbuilderError as error:
            self.error, self.state = str(error), "failed"
        except Exception as error:
            log.exception("trial failed")
            self.error, self.state = unexpected(error), "failed"

    def _carry_out(self, steps: Trial) -> None:
        self.state = "running"
        try:
            while not self._stopped:
                tick = next(steps)
                with self._lock:
                    self._ticks.append(tick)
        except StopIteration as finished:
            self.outcome = finished.value
        finally:
            steps.close()


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
