"""Evaluating a network on a part of the data: mean loss and accuracy."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING

from netbuilder.data.feeder import Feeder
from netbuilder.train.evaluation.metrics import Metrics, Totals
from netbuilder.train.heads import Head
from netbuilder.train.losses import Auto, Loss
from netbuilder.train.objective import Objective

if TYPE_CHECKING:
    import torch

    from netbuilder.data.dataset import Normalisation, Part
    from netbuilder.train.distributed import Team

BATCH = 128
SLICE = 1 / 30
"""Seconds of work between two yields."""


@contextmanager
def evaluating(module: torch.nn.Module) -> Iterator[None]:
    """Evaluation mode without gradients; the former mode returns afterwards. Uses no random numbers, changes no statistics."""
    import torch

    training = module.training
    module.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        module.train(training)


def evaluation(module: torch.nn.Module, objective: Objective, feeder: Feeder, team: Team | None = None) -> Generator[int, None, Metrics]:
    """Go through a part in slices, yielding how many samples are done; returns the metrics, which may be infinite or NaN.

    The processes of a team take turns with the batches, and all get the metrics of the whole part.
    """
    totals = Totals(feeder.device, len(objective.losses))
    done, since = 0, perf_counter()
    batches = feeder.indices(0)
    for index in batches if team is None else batches[team.rank :: team.size]:
        with evaluating(module), objective.precision(feeder.device):
            x, target = feeder.gather(index)
            loss, correct = objective(module(x), target)
        totals.add(loss, correct, len(index))
        done += len(index)
        if perf_counter() - since >= SLICE and done < feeder.count:
            yield done
            since = perf_counter()
    sums = totals.take() if team is None else team.total(totals.take())
    return objective.means(sums)


def evaluate(
    module: torch.nn.Module,
    part: Part,
    normalisation: Normalisation | None,
    loss: Loss | None = None,
    device: str | torch.device = "cpu",
    *,
    heads: Sequence[Head] = (),
    batch_size: int = BATCH,
) -> Metrics:
    """Mean loss and accuracy of `module` (on `device`) over a whole part; raises `TrainingError` when network and data do not fit."""
    feeder = Feeder(part, normalisation, batch_size, device=device, shuffle=False)
    objective = Objective.fitting(loss or Auto(), output_shapes(module, feeder), (part,), heads)
    steps = evaluation(module, objective, feeder)
    while True:
        try:
            next(steps)
        except StopIteration as finished:
            metrics: Metrics = finished.value
            return metrics


def output_shapes(module: torch.nn.Module, feeder: Feeder) -> tuple[tuple[int, ...], ...]:
    """Shapes of the network's outputs for one sample, found by running two samples, or one where there is only one."""
    import torch

    from netbuilder.train.errors import TrainingError

    index = torch.zeros(2, dtype=torch.int64, device=feeder.inputs.device)
    x, _ = feeder.gather(index)
    message = ""
    try:
        with evaluating(module):
            outputs = module(x)
    except (RuntimeError, ValueError, TypeError, IndexError) as error:
        message = str(error).strip().partition("\n")[0]
    if message:
        shape = " and ".join("×".join(map(str, each.shape[1:])) for each in (x if isinstance(x, tuple) else (x,)))
        raise TrainingError(
            f"The network cannot take the samples of this data set, which have the shape {shape}: {message}.",
            place="data",
            remedy="Set the Input layer to that shape.",
        )
    many = outputs if isinstance(outputs, tuple) else (outputs,)
    return tuple(tuple(output.shape[1:]) for output in many)
