"""Makes the trainings that a session's runner carries out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netbuilder.app.launch import begin, check, go_on
from netbuilder.app.runner import Training
from netbuilder.app.runs import Run
from netbuilder.core.document import Project
from netbuilder.core.graph import Graph

if TYPE_CHECKING:
    from netbuilder.app.session import Session
    from netbuilder.train.preview import Watch


class SessionWorkshop:
    """Uses the session's data and its run store. Called in the training thread."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(self, project: Project, watch: Watch, resume: Path | None) -> Training:
        """A new run, or the run in the folder `resume` continued in place, up to the document's epochs if those are more."""
        if resume is None:
            check(project.graph)
            return begin(project, self._session.require_data(project.data), self._session.runs, watch=watch)
        run = Run(resume)
        trained = run.project.training
        epochs = max(int(trained.get("epochs", 20)), int(project.training.get("epochs", 0)))
        return go_on(run, self._session.require_data(run.project.data), watch=watch, training={"epochs": epochs})

    def rebuild(self, project: Project, watch: Watch, old: Training) -> Training:
        """A new run for the edited network: unchanged layers keep their weights, and the epochs that were left are trained."""
        check(project.graph)
        carried, note = carry_weights(old.engine.module, project.graph, int(project.training.get("seed", 0)))
        done = len(Run(old.folder).history()) if old.folder else 0
        epochs = max(1, int(project.training.get("epochs", 20)) - done)
        remaining = replace(project, training={**project.training, "epochs": epochs})
        dataset = self._session.require_data(project.data)
        training = begin(remaining, dataset, self._session.runs, watch=watch, weights=carried, continues=old.folder)
        training.notes = (note,)
        return training


def carry_weights(module: Any, graph: Graph, seed: int) -> tuple[dict[str, Any], str]:
    """Weights for the edited network by state-dict key, and a sentence about what was kept."""
    from netbuilder.net.compiler import compile_graph
    from netbuilder.net.weights import carry

    fresh = compile_graph(graph, seed)
    carried = carry(module, fresh)
    return dict(fresh.state_dict()), str(carried)
