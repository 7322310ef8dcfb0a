"""A copy of the newest weights for work that takes long, with the known stops of their training."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from netbuilder.core.errors import NetbuilderError

if TYPE_CHECKING:
    from pathlib import Path

    from netbuilder.app.runs import Run
    from netbuilder.app.session import Session
    from netbuilder.core.document import Project

START = "start"
"""The key of the weights that a training began with."""


@dataclass(frozen=True)
class Stop:
    """Weights at one stop of a training: those it began with, or a checkpoint, which is read on request."""

    key: str
    title: str
    epoch: int
    load: Callable[[], Mapping[str, Any]]


@dataclass(frozen=True)
class Snapshot:
    """A copy of the module on the CPU, its project, where its weights come from, whether they are trained, and the stops by key."""

    module: Any
    project: Project
    origin: str
    trained: bool
    stops: Mapping[str, Stop] = field(default_factory=dict)


def snapshot(session: Session) -> Snapshot:
    """Of the checkpoint that is looked into, else of the training, else of a network as its training would begin.

    To be called where no training goes on at the same time: in its own thread, between two steps. Raises `NetbuilderError`.
    """
    from netbuilder.app.launch import check
    from netbuilder.app.runs import Run
    from netbuilder.train.recipe import Recipe
    from netbuilder.train.setup import fresh

    if session.inspected is not None:
        run, epoch = session.inspected
        name = run.about.get("name", run.folder.name)
        origin = f"Checkpoint “{epoch}” of the run “{name}”"
        begun = fresh(run.project.graph, Recipe.read(run.project.training)).state_dict()
        return Snapshot(run.model(epoch), run.project, origin, True, _stops(run, begun))
    training = session.runner.training
    project = session.document.project if training is None else training.project
    check(project.graph)
    module = fresh(project.graph, Recipe.read(project.training))
    source = None if training is None else training.engine.module
    if training is None or source is None:
        return Snapshot(module, project, "Fresh weights: nothing has been trained yet", False)
    if not isinstance(source, type(module)):
        raise NetbuilderError("A baseline has no loss over weights.", remedy="Train the network, or look into one of its runs.")
    begun = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    module.load_state_dict({name: tensor.detach().cpu() for name, tensor in source.state_dict().items()})
    progress = getattr(training.engine, "progress", None)
    where = "" if progress is None else f", after step {progress.step:,} in epoch {progress.epoch}"
    stops = {} if training.folder is None else _stops(Run(training.folder), begun)
    return Snapshot(module, project, f"The weights of the training{where}", True, stops)


def _stops(run: Run, begun: Mapping[str, Any]) -> dict[str, Stop]:
    """What a run began with, which its seed tells unless it had weights from elsewhere, and its checkpoints in their order."""
    from netbuilder.app.models import checkpoint_epochs

    found: dict[str, Stop] = {}
    if not (run.about.get("continues") or run.about.get("configuration", {}).get("weights")):
        found[START] = Stop(START, "Before training", 0, lambda: begun)
    best = run.summary["best_epoch"]
    for epoch, name in sorted(checkpoint_epochs(run).items()):
        title = f"After epoch {epoch}{' (best)' if epoch == best else ''}"
        found[name] = Stop(name, title, epoch, partial(_saved, run.checkpoint(name)))
    return found


def _saved(folder: Path) -> Mapping[str, Any]:
    from netbuilder.train.checkpointing.checkpoints import weights

    return weights(folder)
