"""Sanity checks: does it begin by guessing, can it learn a single batch by heart, does it learn nothing from nonsense?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace as changed
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from netbuilder.core.graph import Graph
from netbuilder.data.dataset import Dataset
from netbuilder.data.load import select
from netbuilder.train.evaluation.evaluate import evaluating, evaluation, output_shapes
from netbuilder.train.evaluation.metrics import Metrics, Totals
from netbuilder.train.heads import facing
from netbuilder.train.losses import BinaryCrossEntropy, CrossEntropy, parts_of
from netbuilder.train.optimizers import Optimizer
from netbuilder.train.recipe import Recipe
from netbuilder.train.trials.trial import Outcome, Tick, Trial, batches, learned, prepared

if TYPE_CHECKING:
    from collections.abc import Callable

    from netbuilder.train.setup import Setup

Labels = NDArray[np.generic]
STEPS = 300
SECONDS = 30.0
"""No check works longer than this on learning."""
NEAR = 0.35
"""An initial loss this much off, in proportion, is no longer even guessing."""


def initial_loss(graph: Graph, dataset: Dataset, recipe: Recipe) -> Trial:
    """The loss before anything is learned against that of guessing evenly: ln K for K classes; and how much is right by luck."""
    with prepared(graph, dataset, replace(recipe, epochs=1)) as setup:
        found, (expected, words) = _untaught(setup), _of_guessing(setup)
        yield Tick(1, 1, 0.0, found.loss)
    loss, accuracy = found.loss, found.accuracy
    evidence = {"initial_loss": loss, "expected": expected, "accuracy": accuracy, "samples": found.count}
    luck = "" if accuracy is None else f" Untrained it has {accuracy:.0%} of {found.count} samples right."
    if expected is None:
        return Outcome(None, f"Initial loss {loss:.3g}. For this loss there is no figure to expect.{luck}", evidence=evidence)
    says = f"Initial loss {loss:.2f}, expected {words} = {expected:.2f}"
    if abs(loss - expected) <= NEAR * expected:
        return Outcome(True, f"{says}.{luck}", evidence=evidence)
    remedy = "Check the normalisation of the data and how weights are initialised."
    return Outcome(False, f"{says}: the network begins with strong opinions instead of guessing evenly.", remedy, evidence)


def overfit_one_batch(graph: Graph, dataset: Dataset, recipe: Recipe, *, steps: int = STEPS) -> Trial:
    """Learn one batch by heart, without dropout and weight decay, at the recipe's rate."""
    plain = replace(recipe, optimizer=_undecayed(recipe), sampling="shuffled")
    curve: list[tuple[float, float]] = []
    accuracy: float | None = None
    with prepared(graph, dataset, plain) as setup:
        _without_dropout(setup)
        index, begun = setup.feeder.indices(1)[0], perf_counter()
        for number in range(1, steps + 1):
            found = learned(setup, index, recipe.optimizer.learning_rate)
            if found is None:
                return _broke_off(number, curve)
            curve.append((number, found[0]))
            accuracy = found[1]
            yield Tick(number, steps, number, found[0])
            if _by_heart(curve, accuracy) or perf_counter() - begun > SECONDS:
                break
        count = len(index)
    return _memorised(count, curve, accuracy)


def shuffled_labels(graph: Graph, dataset: Dataset, recipe: Recipe, *, steps: int = STEPS) -> Trial:
    """Learn from targets that were dealt out at random: on other samples nothing better than guessing may come of it."""
    random = np.random.default_rng(recipe.seed)
    dataset = facing(graph, dataset)
    others = {name: random.permutation(targets) for name, targets in dataset.train.others.items()}
    mixed = changed(dataset.train, targets=random.permutation(dataset.train.targets), others=others)
    held = dataset.validation if len(dataset.validation) else dataset.test
    if held.targets.dtype.kind not in "iu" or held.targets.ndim != 1 or not len(held):
        yield Tick(1, 1, 0.0, 0.0)
        return Outcome(None, "Shuffled labels tell something about classes only, and need a validation part.")
    curve: list[tuple[float, float]] = []
    with prepared(graph, changed(dataset, train=mixed, validation=held), recipe) as setup:
        begun = perf_counter()
        for number, index in zip(range(1, steps + 1), batches(setup), strict=False):
            found = learned(setup, index, recipe.optimizer.learning_rate)
            if found is None:
                return _broke_off(number, curve)
            curve.append((number, found[0]))
            yield Tick(number, steps, number, found[0])
            if perf_counter() - begun > SECONDS:
                break
        accuracy = _validated(setup)
    return _nonsense(accuracy, held.targets, dataset.train.targets, curve)


CHECKS: Mapping[str, tuple[str, str, Callable[[Graph, Dataset, Recipe], Trial]]] = {
    "initial-loss": ("Initial loss", "Before learning a network should guess evenly: the loss is ln K for K classes.", initial_loss),
    "one-batch": ("Overfit one batch", "A network that works can learn one batch by heart: loss to 0, accuracy to 1.", overfit_one_batch),
    "shuffled-labels": (
        "Shuffled labels",
        "From labels dealt at random nothing can be learned for other samples; if it can, parts of the data leak.",
        shuffled_labels,
    ),
}
"""Name -> title, what it asks, and the trial."""


def few(dataset: Dataset, most: int = 2_048) -> Dataset:
    """At most so many samples of each part, for checks that need no more."""
    train, validation, test = (select(part, np.arange(min(most, len(part)))) for part in (dataset.train, dataset.validation, dataset.test))
    return changed(dataset, train=train, validation=validation, test=test)


def _untaught(setup: Setup) -> Metrics:
    """Loss and accuracy of the first batch before anything is learned."""
    index, totals = setup.feeder.indices(1)[0], Totals(setup.device, len(setup.objective.losses))
    with evaluating(setup.module), setup.objective.precision(setup.device):
        x, target = setup.feeder.gather(index)
        totals.add(*setup.objective(setup.module(x), target), len(index))
    return totals.take().means(setup.objective.classes)


def _of_guessing(setup: Setup) -> tuple[float | None, str]:
    """The loss of even guesses, and its formula."""
    parts = [part for loss in setup.objective.losses for part in parts_of(loss)]
    if len(parts) > 1 or setup.feeder.weights is not None:
        return None, ""
    (loss,) = parts
    if type(loss) is CrossEntropy and not loss.class_weights:
        classes = output_shapes(setup.module, setup.feeder)[0][0]
        return math.log(classes), f"ln {classes}"
    return (math.log(2), "ln 2") if isinstance(loss, BinaryCrossEntropy) else (None, "")


def _undecayed(recipe: Recipe) -> Optimizer:
    optimizer = recipe.optimizer
    return replace(optimizer, weight_decay=0.0) if hasattr(optimizer, "weight_decay") else optimizer


def _without_dropout(setup: Setup) -> None:
    from torch.nn.modules.dropout import _DropoutNd

    for layer in setup.module.modules():
        if isinstance(layer, _DropoutNd):
            layer.p = 0.0


def _by_heart(curve: list[tuple[float, float]], accuracy: float | None) -> bool:
    fallen = curve[-1][1] < 0.05 * curve[0][1]
    settled = len(curve) > 20 and curve[-1][1] > 0.99 * curve[-20][1]
    return fallen if accuracy is None else accuracy == 1.0 and (fallen or settled)


def _memorised(count: int, curve: list[tuple[float, float]], accuracy: float | None) -> Outcome:
    first, last, steps = curve[0][1], curve[-1][1], len(curve)
    evidence = {"first": first, "last": last, "accuracy": accuracy, "steps": steps, "samples": count}
    share = "" if accuracy is None else f" and {accuracy:.0%} of {count} samples are right"
    text = f"After {steps} steps on one batch the loss went from {first:.3g} to {last:.3g}{share}"
    if _by_heart(curve, accuracy) or accuracy == 1.0:
        return Outcome(True, f"{text}: network, loss and optimizer work together.", "", evidence, tuple(curve))
    remedy = "Try the learning-rate range test, check the labels, and look for layers whose gradients vanish."
    return Outcome(False, f"{text}: it cannot even learn one batch by heart.", remedy, evidence, tuple(curve))


def _nonsense(accuracy: float, held: Labels, seen: Labels, curve: list[tuple[float, float]]) -> Outcome:
    shares = np.bincount(held) / len(held)
    chance = float(shares.max())
    margin = 3 * math.sqrt(chance * (1 - chance) / len(held))
    evidence = {"accuracy": accuracy, "chance": chance, "margin": margin, "samples": len(held), "classes": len(np.unique(seen))}
    text = (
        f"Taught with shuffled labels, {accuracy:.1%} of {len(held):,} other samples are right; always saying the most frequent class gives"
    )
    if accuracy <= chance + margin:
        return Outcome(True, f"{text} {chance:.1%}. Nothing leaks.", "", evidence, tuple(curve))
    remedy = "Look for samples that are in both parts, and for the label in the inputs."
    return Outcome(False, f"{text} only {chance:.1%}: something about the labels leaks.", remedy, evidence, tuple(curve))


def _broke_off(number: int, curve: list[tuple[float, float]]) -> Outcome:
    return Outcome(False, f"In step {number} the loss is no longer finite.", "Lower the learning rate.", {"step": number}, tuple(curve))


def _validated(setup: Setup) -> float:
    assert setup.validation is not None
    steps = evaluation(setup.module, setup.objective, setup.validation)
    while True:
        try:
            next(steps)
        except StopIteration as finished:
            return float(finished.value.accuracy or 0.0)
