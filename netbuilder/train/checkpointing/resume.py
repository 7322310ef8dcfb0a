"""Continuing from a checkpoint: what is put back, and what to tell when not everything can be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netbuilder.train.checkpointing.checkpoints import Checkpoint
from netbuilder.train.checkpointing.progress import Progress
from netbuilder.train.checkpointing.snapshot import restore
from netbuilder.train.errors import CheckpointError
from netbuilder.train.events import Warned
from netbuilder.train.speed.tuning import Execution

if TYPE_CHECKING:
    from netbuilder.train.recipe import Recipe
    from netbuilder.train.setup import Setup


@dataclass(frozen=True)
class Resumed:
    """Where the run stands now, and what to tell about it."""

    progress: Progress
    notes: tuple[str, ...] = ()
    warnings: list[Warned] = field(default_factory=list)


def saved_execution(checkpoint: Checkpoint | None) -> Execution | None:
    """The thread count and memory layout of the run so far: another choice would change the last digits."""
    return Execution.read(checkpoint.state.get("execution")) if checkpoint is not None else None


def reopen(checkpoint: Checkpoint, setup: Setup, recipe: Recipe) -> Resumed:
    """Put weights, optimizer memory, random state and position back; raises `CheckpointError` when it is of another kind."""
    try:
        progress = Progress.read(dict(checkpoint.state))
    except (KeyError, TypeError, ValueError):
        raise CheckpointError(
            "The checkpoint does not say where its run stood, so it cannot be continued.", remedy="Start a new run."
        ) from None
    fresh = restore(checkpoint, setup.module, setup.optimizer, setup.device)
    warnings = [Warned(_edited(fresh))] if fresh else []
    if checkpoint.state.get("optimizer") != type(setup.optimizer).__name__:
        warnings.append(Warned("The optimizer is another one than before, so its running averages start afresh."))
    if recipe.early_stopping and progress.waited >= recipe.early_stopping:
        progress.waited = 0
    if progress.epoch_done:
        progress.next_epoch()
    elif progress.step_in_epoch and not _same_batches(checkpoint, setup, recipe):
        progress.step -= progress.step_in_epoch
        progress.step_in_epoch = 0
        progress.restart_epoch()
        warnings.append(Warned(f"Batches are cut differently than before, so epoch {progress.epoch} begins anew."))
    return Resumed(progress, (f"continued at epoch {progress.epoch}, step {progress.step_in_epoch + 1}",), warnings)


def _same_batches(checkpoint: Checkpoint, setup: Setup, recipe: Recipe) -> bool:
    state = checkpoint.state
    now = (recipe.batch_size, recipe.seed, setup.feeder.count)
    return (state.get("batch_size"), state.get("seed"), state.get("samples")) == now


def _edited(fresh: list[str]) -> str:
    layers = list(dict.fromkeys(name.rpartition(".")[0] or name for name in fresh))
    return f"The network was edited: these layers start with new weights, all others go on with theirs: {', '.join(layers)}."
