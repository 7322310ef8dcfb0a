"""Makes the trainings of a session, which its runner carries out: new ones, continued ones, and those of an edited network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netbuilder.app import baseline
from netbuilder.app.baseline import Order
from netbuilder.app.fine_tuning import fine_tune, renamed
from netbuilder.app.launch import begin, check, go_on
from netbuilder.app.runs import Run
from netbuilder.app.series_plan import Several, trainings
from netbuilder.app.training import Origin, Training
from netbuilder.core.document import Project
from netbuilder.core.graph import Graph

if TYPE_CHECKING:
    from netbuilder.app.session import Session
    from netbuilder.train.checkpointing.checkpoints import Checkpoint
    from netbuilder.train.preview import Watch


class SessionWorkshop:
    """Uses the session's data and its run store. Called in the training thread."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(self, project: Project, watch: Watch, resume: Path | Origin | None) -> Training:
        """A new run, with the weights of another if `resume` says so.

        Or the run in the folder `resume` continued in place, up to the document's epochs if those are more.
        """
        if resume is None:
            check(project.graph)
            return begin(project, self._session.require_data(project.data), self._session.runs, watch=watch)
        if isinstance(resume, Origin):
            return fine_tune(resume, project, self._session.require_data(project.data), self._session.runs, watch=watch)
        run = Run(resume)
        trained = run.project.training
        epochs = max(int(trained.get("epochs", 20)), int(project.training.get("epochs", 0)))
        return go_on(run, self._session.require_data(run.project.data), watch=watch, training={"epochs": epochs})

    def planned(self, project: Project, watch: Watch, plan: Several | Order) -> Iterator[Training]:
        """All trainings of a series, one after another; or a baseline."""
        if isinstance(plan, Order):
            yield baseline.begin(plan, project, self._session.require_data(project.data), self._session.runs)
        else:
            yield from trainings(project, plan, self._session.runs, watch=watch)

    def rebuild(self, project: Project, watch: Watch, old: Training) -> Training:
        """A new run for the edited network, at the same epoch and step: unchanged layers keep weights and optimizer memory."""
        check(project.graph)
        dataset = self._session.require_data(project.data)
        if old.engine.module is None:
            return begin(project, dataset, self._session.runs, watch=watch)
        position, note = carried(old.engine, project.graph)
        training = begin(project, dataset, self._session.runs, watch=watch, position=position, continues=old.folder)
        training.notes = (note,) if note else ()
        return training


def carried(engine: Any, new: Graph) -> tuple[Checkpoint, str]:
    """Where the engine stands, as far as layers of the edited network keep their weights, under their new names.

    With a sentence on what is kept where the new engine, which says which layers start anew, does not say enough.
    """
    from netbuilder.net.weights import preview
    from netbuilder.train.checkpointing.checkpoints import Checkpoint

    plan = preview(engine.module, new)
    found = engine.checkpoint()
    position = Checkpoint(renamed(found.model, plan.names), renamed(found.optimizer, plan.names), found.state)
    said_by_engine = (plan.changed or plan.fresh or plan.partly) and not plan.replaced
    return position, "" if said_by_engine else f"The network was edited. {plan}"
