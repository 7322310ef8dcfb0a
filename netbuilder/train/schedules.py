"""Learning-rate schedules: pure functions of the step, so that a form can draw what will happen."""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, NamedTuple

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from netbuilder.train.declare import Declared, Family

if TYPE_CHECKING:
    from netbuilder.train.recipe import Recipe


class Memory(NamedTuple):
    """What a schedule remembers of the epochs behind it. Only plateau does; it is saved in checkpoints."""

    factor: float = 1.0
    best: float = math.inf
    waited: int = 0
    resting: int = 0


class Schedule(Declared, frozen=True):
    """Base of all schedules: the optimizer's rate times `factor`."""

    @abstractmethod
    def factor(self, step: int, steps_per_epoch: int, epochs: int, memory: Memory) -> float:
        """What the rate is multiplied by in step `step`, counted from 0 over the whole run."""

    def after_epoch(self, memory: Memory, loss: float) -> Memory:
        """Take note of an epoch's loss (validation, or training when there is none)."""
        return memory


SCHEDULES: Family[Schedule] = Family("schedule")


@SCHEDULES.declare("constant", "Constant", "The same rate in every step.", formula="η(t) = η₀")
class Constant(Schedule, frozen=True):
    """No change."""

    def factor(self, step: int, steps_per_epoch: int, epochs: int, memory: Memory) -> float:
        return 1.0


@SCHEDULES.declare("step", "Step", "Multiplies the rate by gamma every few epochs.", formula="η(e) = η₀·γ^⌊e / every⌋")
class Step(Schedule, frozen=True):
    """A staircase in epochs."""

    every: Annotated[int, Meta(ge=1, le=100_000, description="Epochs between two cuts.", extra={"unit": "epochs"})] = 10
    gamma: Annotated[float, Meta(gt=0.0, le=1.0, description="What the rate is multiplied by at each cut.")] = 0.1

    def factor(self, step: int, steps_per_epoch: int, epochs: int, memory: Memory) -> float:
        return float(self.gamma ** (step // steps_per_epoch // self.every))


@SCHEDULES.declare(
    "cosine",
    "Cosine",
    "Falls along half a cosine to the minimum, a little in every step; can warm up first.",
    formula="η(t) = η₀·(m + (1 − m)·(1 + cos(π·t / T)) / 2)",
    paper="Loshchilov and Hutter, SGDR: Stochastic gradient descent with warm restarts, 2017",
)
class Cosine(Schedule, frozen=True):
    """Cosine annealing per step, without restarts."""

    minimum: Annotated[float, Meta(ge=0.0, le=1.0, description="Share of the rate that is left at the end.")] = 0.0
    warmup: Annotated[float, Meta(ge=0.0, le=100_000.0, description="Rise in a straight line first.", extra={"unit": "epochs"})] = 0.0

    def factor(self, step: int, steps_per_epoch: int, epochs: int, memory: Memory) -> float:
        rising = min(self.warmup, epochs) * steps_per_epoch
        if step < rising:
            return (step + 1) / (rising + 1)
        done = (step - rising) / max(steps_per_epoch * epochs - rising, 1)
        return self.minimum + (1 - self.minimum) * (1 + math.cos(math.pi * min(done, 1.0))) / 2


@SCHEDULES.declare(
    "plateau",
    "Plateau",
    "Cuts the rate when the validation loss stops falling.",
    formula="η ← η·γ after “patience” epochs without a better loss",
)
class Plateau(Schedule, frozen=True):
    """Reduction on a plateau of the validation loss."""

    gamma: Annotated[float, Meta(gt=0.0, lt=1.0, description="What the rate is multiplied by at each cut.")] = 0.1
    patience: Annotated[int, Meta(ge=0, le=10_000, description="Epochs without a better loss to wait.", extra={"unit": "epochs"})] = 5
    threshold: Annotated[float, Meta(ge=0.0, lt=1.0, description="Relative fall of the loss that counts as better.")] = 1e-4
    cooldown: Annotated[int, Meta(ge=0, le=10_000, description="Epochs to rest after a cut.", extra={"unit": "epochs"})] = 0

    def factor(self, step: int, steps_per_epoch: int, epochs: int, memory: Memory) -> float:
        return memory.factor

    def after_epoch(self, memory: Memory, loss: float) -> Memory:
        factor, best, waited, resting = memory
        if loss < best * (1 - self.threshold) or not math.isfinite(best):
            best, waited = loss, 0
        else:
            waited += 1
        if resting > 0:
            resting, waited = resting - 1, 0
        if waited > self.patience:
            factor, waited, resting = factor * self.gamma, 0, self.cooldown
        return Memory(factor, best, waited, resting)


def preview(recipe: Recipe, steps_per_epoch: int, points: int = 1000) -> NDArray[np.float64]:
    """Learning rates at up to `points` steps spread evenly over the run; plateau shows as constant."""
    total = steps_per_epoch * recipe.epochs
    steps = np.unique(np.linspace(0, max(total - 1, 0), min(max(total, 1), points)).astype(np.int64))
    memory = Memory()
    return np.array(
        [recipe.optimizer.learning_rate * recipe.schedule.factor(int(step), steps_per_epoch, recipe.epochs, memory) for step in steps]
    )
