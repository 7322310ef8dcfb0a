"""Loading weights from a file as a run: it can be looked into, exported, compared and trained further like any other."""

from __future__ import annotations

import shutil
from pathlib import Path

from netbuilder.app.run_store import RunStore
from netbuilder.app.runs import Run
from netbuilder.core.document import Project


def load_weights(project: Project, path: Path, store: RunStore, *, folder: Path | None = None, strict: bool = True) -> tuple[Run, str]:
    """A run before its first epoch, with weights found by name in a file, and a sentence on what fits.

    Without `strict`, layers for which the file has nothing keep their initial weights. Raises `FileError` or
    `CompileError`, and leaves no run behind then.
    """
    from netbuilder.exchange.load_state import load_state
    from netbuilder.train.checkpointing import checkpoints
    from netbuilder.train.recipe import Recipe

    model = load_state(project.graph, path, strict=strict)
    configuration = {"training": Recipe.read(project.training).settings(), "data": dict(project.data), "weights": str(path.resolve())}
    run = store.new(project, configuration, folder=folder)
    try:
        position = checkpoints.Checkpoint(model.weights, {}, {"epoch": 0, "step": 0, "step_in_epoch": 0})
        checkpoints.save(run.checkpoints / "last", position)
    except BaseException:
        shutil.rmtree(run.folder, ignore_errors=True)
        raise
    return run, model.note
