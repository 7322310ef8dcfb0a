"""What the engine tells of its steps and epochs: events made of the sums that a training has gathered."""

from __future__ import annotations

from netbuilder.train.checkpointing.progress import Progress
from netbuilder.train.evaluation.metrics import Metrics, Sums
from netbuilder.train.events import EpochDone, StepsLogged
from netbuilder.train.setup import Setup


def steps_logged(setup: Setup, progress: Progress, sums: Sums, seconds: float) -> StepsLogged:
    """Means over the steps behind `sums`, which took so many seconds."""
    means = sums.means(setup.objective.classes)
    return StepsLogged(
        progress.step,
        progress.epoch,
        means.loss,
        means.accuracy,
        setup.rate(),
        sums.count / max(seconds, 1e-9),
        setup.memory(),
        setup.stepper.penalties.value(),
    )


def epoch_done(setup: Setup, progress: Progress, train: Metrics, validation: Metrics | None, *, best: bool) -> EpochDone:
    """The epoch that has just ended; `validation` is `None` when the data has no such part."""
    return EpochDone(
        progress.epoch,
        progress.step,
        train.loss,
        train.accuracy,
        validation.loss if validation else None,
        validation.accuracy if validation else None,
        setup.rate(),
        progress.epoch_seconds,
        train.count / max(progress.epoch_seconds, 1e-9),
        best,
        setup.objective.done(train, validation),
    )
