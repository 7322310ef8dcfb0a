"""Learning-rate schedules: pure functions of the step, so that a form can draw what will happen."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, NamedTuple

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from netbuilder.train.declare import Declared, Family
from netbuilder.train.errors import RecipeError

if TYPE_CHECKING:
    from netbuilder.train.recipe import Recipe


class Memory(NamedTuple):
    """What a schedule remembers of the epochs behind it. Only plateau does; it is saved in checkpoints."""

    factor: float = 1.0
    best: float = math.inf
    waited: int = 0
    resting: int = 0


class Schedule(Declared, frozen=True):
    """Base of all schedules: the optimizer's rate times its `multiplier`."""

    @abstractmethod
    def multiplier(self, step: int, steps_per_epoch: int, epochs: int, memory: Memory) -> float:
        """What the rate is multiplied by in step `step`, counted from 0 over the whole run."""

    def after_epoch(self, memory: Memory, loss: float) -> Memory:
        """Take note of an epoch's loss (validation, or training when there is none)."""
        return memory


SCHEDULES: Family[Schedule] = Family("schedule")


@SCHEDULES.declare("constant", "Constant", "The same rate in every step.", formula="η(t) = η₀")
class Constant(Schedule, frozen=True):
    """No change."""

    def multiplier(self, step: int, steps_per_epoch: int, epochs: int, memory: Memory) -> float:
        return 1.0


@SCHEDULES.declare("step", "Step", "Multiplies the rate by gamma every few epochs.", formula="η(e) = η₀·γ^⌊e / every⌋")
class Step(Schedule, frozen=True):
    """A staircase in epochs."""

    every: Annotated[int, Meta(ge=1, le=100_000, description="Epochs between two cuts.", extra={"unit": "epochs"})] = 10
    gamma: Annotated[float, Meta(gt=0.0, le=1.0, description="What the rate is multiplied by at each cut.")] = 0.1

    def multiplier(self, step: int, steps_per_epoch: int, epochs: int, memory: Memory) -> float:
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

    def multiplier(self, step: int, steps_per_epoch: int, epochs: int, memory: Memory) -> float:
        rising = min(self.warmup, epochs) * steps_per_epoch
        if step < rising:
            return (step + 1) / (rising + 1)
        done = (step - rising) / max(steps_per_epoch * epochs - rising, 1)
        return self.minimum + (1 - self.minimum) * (1 + math.cos(math.pi * min(done, 1.0))) / 2


@SCHEDULES.declare(
    "plateau",
    "Plateau",
    "Cuts the rate when the validation loss stops falling.",
    formula="η ← η·factor after more than “patience” epochs without a better loss",
)
class Plateau(Schedule, frozen=True):
    """Reduction on a plateau of the validation loss."""

    formerly: ClassVar[Mapping[str, str]] = {"gamma": "factor"}

    factor: Annotated[float, Meta(gt=0.0, lt=1.0, description="What the rate is multiplied by at each cut.")] = 0.1
    patience: Annotated[int, Meta(ge=0, le=10_000, description="Epochs without a better loss to wait.", extra={"unit": "epochs"})] = 5
    threshold: Annotated[float, Meta(ge=0.0, lt=1.0, description="Relative fall of the loss that counts as better.")] = 1e-4
    cooldown: Annotated[int, Meta(ge=0, le=10_000, description="Epochs to rest after a cut.", extra={"unit": "epochs"})] = 0

    def multiplier(self, step: int, steps_per_epoch: int, epochs: int, memory: Memory) -> float:
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
            factor, waited, resting = factor * self.factor, 0, self.cooldown
        return Memory(factor, best, waited, resting)


def _done(step: int, steps_per_epoch: int, epochs: int) -> float:
    """Share of the run that lies behind the step, 0 to 1."""
    return min(step / max(steps_per_epoch * epochs, 1), 1.0)


@SCHEDULES.declare("linear", "Linear", "Falls in a straight line to the end.", formula="η(t) = η₀·(1 − (1 − e)·t / T)")
class Linear(Schedule, frozen=True):
    """A straight line from the full rate to a share of it."""

    end: Annotated[float, Meta(ge=0.0, le=1.0, description="Share of the rate that is left at the end.")] = 0.0

    def multiplier(self, step: int, steps_per_epoch: int, epochs: int, memory: Memory) -> float:
        return 1 - (1 - self.end) * _done(step, steps_per_epoch, epochs)


@SCHEDULES.declare(
    "exponential", "Exponential", "Multiplies the rate by gamma over every epoch.", formula="η(t) = η₀·γᵉ, e = t / steps per epoch"
)
class Exponential(Schedule, frozen=True):
    """A constant relative fall; `smooth` spreads it over the steps of an epoch."""

    gamma: Annotated[float, Meta(gt=0.0, le=1.0, description="What is left of the rate after an epoch.")] = 0.95
    smooth: Annotated[bool, Meta(description="A little in every step, instead of once an epoch.")] = False

    def multiplier(self, step: int, steps_per_epoch: int, epochs: int, memory: Memory) -> float:
        return float(self.gamma ** (step / steps_per_epoch if self.smooth else step // steps_per_epoch))


@SCHEDULES.declare(
    "polynomial", "Polynomial", "Falls to the end as a power of the time left.", formula="η(t) = η₀·(e + (1 − e)·(1 − t / T)ᵖ)"
)
class Polynomial(Schedule, frozen=True):
    """A power of the share of the run that is left."""

    power: Annotated[float, Meta(gt=0.0, le=20.0, description="1 is a straight line; more falls early.")] = 2.0
    end: Annotated[float, Meta(ge=0.0, le=1.0, description="Share of the rate that is left at the end.")] = 0.0

    def multiplier(self, step: int, steps_per_epoch: int, epochs: int, memory: Memory) -> float:
        return float(self.end + (1 - self.end) * (1 - _done(step, steps_per_epoch, epochs)) ** self.power)


@SCHEDULES.declare(
    "one-cycle",
    "One cycle",
    "Rises along a cosine to the full rate, then falls along another to almost nothing.",
    formula="η₀/d → η₀ → η₀/(d·f)",
    paper="Smith and Topin, Super-convergence: very fast training of neural networks using large learning rates, 2018",
)
class OneCycle(Schedule, frozen=True):
    """The optimizer's rate is the peak."""

    rise: Annotated[float, Meta(gt=0.0, lt=1.0, description="Share of the run in which the rate rises.")] = 0.3
    start: Annotated[float, Meta(ge=1.0, le=1e6, description="The peak is so many times the first rate (d).")] = 25.0
    finish: Annotated[float, Meta(ge=1.0, le=1e9, description="The first rate is so many times the last (f).")] = 10_000.0

    def multiplier(self, step: int, steps_per_epoch: int, epochs: int, memory: Memory) -> float:
        last = max(steps_per_epoch * epochs - 1, 1)
        peak = self.rise * (last + 1) - 1
        first, end = 1 / self.start, 1 / (self.start * self.finish)
        low, high, share = (first, 1.0, step / peak) if peak > 0 and step <= peak else (1.0, end, (step - peak) / (last - peak))
        return high + (low - high) * (1 + math.cos(math.pi * min(share, 1.0))) / 2


@SCHEDULES.declare(
    "inverse",
    "1/k",
    "Falls so slowly that any place can be reached, and so fast that noise dies out.",
    formula="η(k) = η₀ / (1 + d·k): Σ η = ∞, Σ η² < ∞",
    paper="Robbins and Monro, A stochastic approximation method, 1951",
)
class Inverse(Schedule, frozen=True):
    """One over the number of epochs; Robbins and Monro's conditions hold."""

    decay: Annotated[float, Meta(gt=0.0, le=1e6, description="How much the divisor grows in an epoch (d).")] = 1.0

    def multiplier(self, step: int, steps_per_epoch: int, epochs: int, memory: Memory) -> float:
        return 1 / (1 + self.decay * step / steps_per_epoch)


Points = Annotated[tuple[Annotated[float, Meta(ge=0.0, le=1000.0)], ...], Meta(min_length=1, max_length=200)]


@SCHEDULES.declare(
    "drawn", "Drawn by hand", "Straight lines between points that you place.", formula="η(t) = η₀·f(t / T), f piecewise linear"
)
class Drawn(Schedule, frozen=True):
    """Points (`times`, `factors`): shares of the run in rising order, and what the rate is multiplied by there."""

    times: Annotated[Points, Meta(description="Shares of the run, rising from 0 to 1.")] = (0.0, 0.2, 1.0)
    factors: Annotated[Points, Meta(description="What the rate is multiplied by at each of them.")] = (0.1, 1.0, 0.0)

    def __post_init__(self) -> None:
        if len(self.times) != len(self.factors):
            text = f"The drawn schedule has {len(self.times)} times, but {len(self.factors)} factors."
            raise RecipeError(text, place="schedule.factors", remedy="Give one factor for each time.")
        if any(later <= earlier for earlier, later in zip(self.times, self.times[1:], strict=False)) or self.times[-1] > 1:
            raise RecipeError("The times of the drawn schedule must rise and end by 1.", place="schedule.times", remedy="Sort the points.")

    def multiplier(self, step: int, steps_per_epoch: int, epochs: int, memory: Memory) -> float:
        return float(np.interp(_done(step, steps_per_epoch, epochs), self.times, self.factors))


def curve(recipe: Recipe, steps_per_epoch: int, points: int = 1000) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(epochs, learning rates) of `preview`, for a plot."""
    rates = preview(recipe, steps_per_epoch, points)
    total = max(steps_per_epoch * recipe.epochs, 1)
    steps = np.unique(np.linspace(0, total - 1, min(total, points)).astype(np.int64))
    return steps / max(steps_per_epoch, 1), rates


def preview(recipe: Recipe, steps_per_epoch: int, points: int = 1000) -> NDArray[np.float64]:
    """Learning rates at up to `points` steps spread evenly over the run; plateau shows as constant."""
    total = steps_per_epoch * recipe.epochs
    steps = np.unique(np.linspace(0, max(total - 1, 0), min(max(total, 1), points)).astype(np.int64))
    memory = Memory()
    return np.array([recipe.rate(int(step), steps_per_epoch, memory) for step in steps])
