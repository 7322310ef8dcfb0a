"""From a project and its data to a training that records a run: the one way for window, scripts and terminal."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from netbuilder.app.record import Recorder
from netbuilder.app.run_store import RunStore
from netbuilder.app.runs import Run
from netbuilder.app.training import Training
from netbuilder.core.document import Project
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Graph
from netbuilder.net.analysis import analyze

if TYPE_CHECKING:
    from netbuilder.data.dataset import Dataset
    from netbuilder.train.checkpointing.checkpoints import Checkpoint
    from netbuilder.train.distributed import Team
    from netbuilder.train.preview import Watch


def check(graph: Graph) -> None:
    """Raise the first error that keeps the network from running."""
    errors = analyze(graph).errors
    if not errors:
        return
    first = errors[0]
    node = graph.nodes.get(first.node) if first.node else None
    where = f"“{node.name}”: " if node is not None and node.name not in first.message else ""
    others = f" ({len(errors) - 1} more)" if len(errors) > 1 else ""
    raise NetbuilderError(f"The network cannot run yet. {where}{first.message}{others}", place=first.node, remedy=first.remedy or None)


def begin(
    project: Project,
    dataset: Dataset,
    store: RunStore,
    *,
    folder: Path | None = None,
    watch: Watch | None = None,
    position: Checkpoint | None = None,
    weights: Mapping[str, Any] | None = None,
    continues: Path | None = None,
    team: Team | None = None,
) -> Training:
    """A new run of this project; a refused one leaves no folder behind.

    `position` is a checkpoint to start from; `weights` fill entries of their name and shape before the first step.
    """
    from netbuilder.data.handover import handover
    from netbuilder.train.checkpointing import checkpoints
    from netbuilder.train.devices import pick
    from netbuilder.train.engine import Engine
    from netbuilder.train.fitting import require
    from netbuilder.train.recipe import Recipe

    check(project.graph)
    recipe = Recipe.read(project.training)
    require(project.graph, dataset, recipe.loss, recipe.sampling)
    pick(recipe.device)
    configuration = {"training": recipe.settings(), "data": dict(project.data), "handover": handover(dataset)}
    existed = folder is not None and folder.exists()
    run = store.new(project, configuration, folder=folder, continues=continues)
    try:
        if position is not None:
            checkpoints.save(run.checkpoints / "last", position)
        resume = run.folder if position is not None else None
        engine = Engine(project.graph, dataset, recipe, run.folder, watch=watch, resume=resume, weights=weights, team=team)
        return Training(project, engine, Recorder(run.metrics), run.folder)
    except BaseException:
        _leave_nothing(run.folder, existed)
        raise


def _leave_nothing(folder: Path, existed: bool) -> None:
    """Remove what a refused run has written; a folder that existed before stays."""
    if existed:
        for name in ("run.json", "document.netb"):
            (folder / name).unlink(missing_ok=True)
    else:
        shutil.rmtree(folder, ignore_errors=True)


def go_on(
    run: Run, dataset: Dataset, *, watch: Watch | None = None, training: Mapping[str, Any] | None = None, team: Team | None = None
) -> Training:
    """Continue a run in place from its newest checkpoint, with these changes to its recipe (`epochs`, say)."""
    from netbuilder.train.engine import Engine
    from netbuilder.train.recipe import Recipe

    if run.summary["status"] == "running":
        raise NetbuilderError(f"The run “{run.folder.name}” is being written by another process.", place=str(run.folder))
    project = run.project
    settings = {**project.training, **(training or {})}
    engine = Engine(project.graph, dataset, Recipe.read(settings), run.folder, watch=watch, resume=run.folder, team=team)
    return Training(replace(project, training=settings), engine, Recorder(run.metrics), run.folder)
