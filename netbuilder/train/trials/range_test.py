"""The learning-rate range test: raise the rate step by step and see how far the loss falls (Smith, 2017)."""

from __future__ import annotations

from collections.abc import Sequence

from netbuilder.core.graph import Graph
from netbuilder.data.dataset import Dataset
from netbuilder.train.recipe import Recipe
from netbuilder.train.trials.trial import Outcome, Tick, Trial, batches, learned, prepared

STEPS = 100
SMOOTHING = 0.9
"""Share of the running mean that stays at each step."""
EXPLODED = 4.0
"""The test ends once the smoothed loss is so many times its lowest, which is well behind every useful rate."""
SKIPPED = 10
"""First steps, in which the running mean is still made of a few losses."""


def range_test(graph: Graph, dataset: Dataset, recipe: Recipe, *, low: float = 1e-6, high: float = 10.0, steps: int = STEPS) -> Trial:
    """Yield the smoothed loss at each rate from `low` to `high`; the outcome's evidence has `suggestion`, the rate to take.

    Raises `TrainingError`. Source: Smith, Cyclical learning rates for training neural networks, 2017.
    """
    rates: list[float] = []
    losses: list[float] = []
    mean = 0.0
    with prepared(graph, dataset, recipe) as setup:
        for number, index in zip(range(steps), batches(setup), strict=False):
            rate = low * (high / low) ** (number / max(steps - 1, 1))
            found = learned(setup, index, rate)
            if found is None:
                break
            mean = SMOOTHING * mean + (1 - SMOOTHING) * found[0]
            rates.append(rate)
            losses.append(mean / (1 - SMOOTHING ** (number + 1)))
            yield Tick(number + 1, steps, rate, losses[-1])
            if number > SKIPPED and losses[-1] > EXPLODED * min(losses):
                break
    return _outcome(rates, losses)


def suggestion(rates: Sequence[float], losses: Sequence[float]) -> float | None:
    """A tenth of the rate at which the loss is lowest; nothing when it never falls."""
    if len(rates) <= SKIPPED:
        return None
    lowest = min(range(SKIPPED, len(losses)), key=lambda n: losses[n])
    return _round(rates[lowest] / 10) if losses[lowest] < 0.97 * losses[SKIPPED] else None


def _round(rate: float) -> float:
    """To two digits, as people write rates."""
    return float(f"{rate:.1e}")


def _outcome(rates: Sequence[float], losses: Sequence[float]) -> Outcome:
    curve = tuple(zip(rates, losses, strict=True))
    found = suggestion(rates, losses)
    if found is None:
        text = "The loss did not fall at any learning rate."
        return Outcome(False, text, "Check the labels, the loss and the initial weights; overfit one batch first.", {}, curve)
    lowest = _round(10 * found)
    text = f"The loss falls until a rate of {lowest:g}; a tenth of that, {found:g}, is a good rate to begin with."
    return Outcome(True, text, "", {"suggestion": found, "lowest": lowest}, curve)
