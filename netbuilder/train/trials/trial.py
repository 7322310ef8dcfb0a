"""Short trials before a training: they work on a network of their own and leave no trace."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from netbuilder.core.graph import Graph
from netbuilder.data.dataset import Dataset
from netbuilder.train.failures import explained
from netbuilder.train.recipe import Recipe
from netbuilder.train.setup import Setup, prepare

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Tick:
    """How far a trial is, and the newest point of its curve."""

    done: int
    total: int
    x: float
    y: float


@dataclass(frozen=True)
class Outcome:
    """What a trial found, in a sentence; `good` is `None` where it cannot tell. `evidence` holds the numbers behind it."""

    good: bool | None
    message: str
    remedy: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    curve: tuple[tuple[float, float], ...] = ()


Trial = Generator[Tick, None, Outcome]


@contextmanager
def prepared(graph: Graph, dataset: Dataset, recipe: Recipe) -> Iterator[Setup]:
    """A network ready to learn, in training mode; threads are joined and their number is put back. Raises `TrainingError`."""
    import torch

    threads = torch.get_num_threads()
    setup = prepare(graph, dataset, recipe)
    setup.module.train()
    try:
        yield setup
    finally:
        setup.stepper.close()
        torch.set_num_threads(threads)


def batches(setup: Setup) -> Iterator[torch.Tensor]:
    """Batch after batch, epoch after epoch, without end."""
    epoch = 0
    while True:
        epoch += 1
        yield from setup.feeder.indices(epoch)


def learned(setup: Setup, index: torch.Tensor, rate: float) -> tuple[float, float | None] | None:
    """Loss and accuracy of one step at a learning rate; `None` when something was not finite. Raises `TrainingError`."""
    setup.stepper.set_rate(rate)
    failure = None
    try:
        finite = setup.stepper.step(index) and setup.stepper.finite()
    except (RuntimeError, ValueError, MemoryError) as error:
        failure = explained(error, len(index))
        if failure is None:
            raise
    if failure is not None:
        raise failure
    means = setup.stepper.totals.take().means(setup.objective.classes)
    return (means.loss, means.accuracy) if finite and means.count else None
