"""Classifiers without a network, to know what a network must beat: nearest neighbours and logistic regression (scikit-learn)."""

from __future__ import annotations

import importlib
import math
import warnings
from abc import abstractmethod
from collections.abc import Generator, Iterator
from time import perf_counter
from typing import Annotated, Any, Literal

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from netbuilder.data.dataset import Dataset, Normalisation, Part
from netbuilder.train.declare import Declared, Family
from netbuilder.train.errors import TrainingError
from netbuilder.train.evaluation.metrics import Metrics, Sums
from netbuilder.train.events import EpochDone, Event, Finished, Started, StepsLogged, Validating

Table = NDArray[np.float32]
SLICE = 5
"""Iterations of an optimizer between two events."""
SAMPLE = 512
"""How many training samples are used to judge the classifier while it learns."""
SMALLEST = 1e-6
"""The least probability that counts, so that the loss stays finite for a class without any near neighbour."""


class Baseline(Declared, frozen=True):
    """Base of all classifiers that take samples as rows of numbers."""

    @property
    def rounds(self) -> int:
        """How many passes over the training samples come before the first answers."""
        return 0

    @abstractmethod
    def learn(self, x: Table, y: NDArray[np.int64]) -> Generator[tuple[int, Any], None, Any]:
        """Learn from rows and classes, yielding the rounds done and the state so far; returns an estimator with `predict_proba`."""


BASELINES: Family[Baseline] = Family("baseline")


@BASELINES.declare(
    "nearest-neighbours",
    "k-nearest neighbours",
    "Says what most of the nearest training samples are. Learns nothing; asking takes long.",
    formula="ŷ = mode { yᵢ : xᵢ among the k nearest to x }",
    paper="Cover and Hart, Nearest neighbor pattern classification, 1967",
)
class NearestNeighbours(Baseline, frozen=True):
    """Distances in the space of all input numbers."""

    neighbours: Annotated[int, Meta(ge=1, le=10_000, description="k: how many neighbours have a say.")] = 3
    weighted: Annotated[bool, Meta(description="Near ones have more to say than far ones.")] = True
    metric: Annotated[Literal["euclidean", "manhattan", "cosine"], Meta(description="How distance is measured.")] = "euclidean"

    def learn(self, x: Table, y: NDArray[np.int64]) -> Generator[tuple[int, Any], None, Any]:
        if self.neighbours > len(x):
            text = f"{self.neighbours:,} neighbours cannot be found among {len(x):,} training samples."
            raise TrainingError(text, place="baseline.neighbours", remedy=f"Give at most {len(x):,}.")
        kind = _of_sklearn("neighbors").KNeighborsClassifier
        model = kind(self.neighbours, weights="distance" if self.weighted else "uniform", algorithm="brute", metric=self.metric).fit(x, y)
        yield 0, model
        return model


@BASELINES.declare(
    "logistic-regression",
    "Logistic regression",
    "One linear score for each class and softmax: a network without hidden layers, solved to the optimum.",
    formula="p = softmax(Wx + b)",
    paper="Cox, The regression analysis of binary sequences, 1958",
)
class LogisticRegression(Baseline, frozen=True):
    """Fitted by L-BFGS with an L2 penalty."""

    iterations: Annotated[int, Meta(ge=1, le=100_000, description="Steps of the optimizer at most.")] = 100
    strength: Annotated[float, Meta(gt=0.0, le=1e9, description="C: the smaller, the more large weights are held back.")] = 0.1

    @property
    def rounds(self) -> int:
        return self.iterations

    def learn(self, x: Table, y: NDArray[np.int64]) -> Generator[tuple[int, Any], None, Any]:
        kind = _of_sklearn("linear_model").LogisticRegression
        model = kind(C=self.strength, max_iter=min(SLICE, self.iterations), warm_start=True)
        for done in range(SLICE, self.iterations + SLICE, SLICE):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                model.fit(x, y)
            yield min(done, self.iterations), model
            if int(np.max(model.n_iter_)) < SLICE:
                break
        return model


class BaselineEngine:
    """Learns and predicts in slices, as a generator of the same events as a network's training.

    `batch` is how many samples are classified at a time.
    """

    def __init__(self, baseline: Baseline, dataset: Dataset, batch: int = 256) -> None:
        self.baseline = baseline
        self.dataset = dataset
        self.single_step = False
        self.module: Any = None
        self._batch = batch

    def request_stop_after_epoch(self) -> None:
        """Does nothing: there is only one epoch."""

    def run(self) -> Iterator[Event]:
        """Learn, then evaluate on the validation part and on the test part. Raises `TrainingError`."""
        start = perf_counter()
        data = self.dataset
        check(data)
        x, y = rows(data.train, data), np.asarray(data.train.targets, np.int64)
        each = math.ceil(len(x) / self._batch)
        yield Started("CPU, scikit-learn", max(1, self.baseline.rounds * each), 1, notes=(self.baseline.about.title, *_learned(data)))
        steps = self.baseline.learn(x, y)
        while True:
            try:
                done, model = next(steps)
            except StopIteration as finished:
                model = finished.value
                break
            sums, speed = _judged(model, x[:SAMPLE], y[:SAMPLE]), done * len(x) / max(perf_counter() - start, 1e-9)
            yield StepsLogged(done * each, 1, sums.loss, sums.accuracy, 0.0, speed)
        learned = perf_counter() - start
        taught = _judged(model, x[:SAMPLE], y[:SAMPLE])
        found = yield from self._ask(model, data.validation)
        loss, accuracy = (found.loss, found.accuracy) if found.count else (None, None)
        speed, seconds = len(x) / max(learned, 1e-9), perf_counter() - start
        yield EpochDone(1, self.baseline.rounds * each, taught.loss, taught.accuracy, loss, accuracy, 0.0, seconds, speed, True)
        test = yield from self._ask(model, data.test)
        seconds = perf_counter() - start
        told = f"Test accuracy {test.accuracy:.2%}. " if test.accuracy is not None and test.count else ""
        yield Finished("done", f"{told}Learning took {learned:.1f} s, all in all {seconds:.1f} s.", 1, 1, seconds)

    def _ask(self, model: Any, part: Part) -> Generator[Event, None, Metrics]:
        """Classify a part piece by piece; returns its loss and accuracy."""
        sums = Sums()
        for start in range(0, len(part), self._batch):
            cut = slice(start, start + self._batch)
            piece = Part(part.inputs[cut], part.targets[cut], part.index[cut], more=tuple(each[cut] for each in part.more))
            found = _judged(model, rows(piece, self.dataset), np.asarray(piece.targets, np.int64))
            sums.add(Sums(found.loss * found.count, (found.accuracy or 0.0) * found.count, found.count))
            yield Validating(1, sums.count, len(part))
        return sums.means(True)


def _judged(model: Any, x: Table, y: NDArray[np.int64]) -> Metrics:
    """Loss and accuracy on rows; a class that the training part did not contain is never predicted."""
    names = np.asarray(model.classes_)
    chances = np.asarray(model.predict_proba(x))
    right = (chances * (names[None, :] == y[:, None])).sum(1)
    return Metrics(float(-np.log(np.maximum(right, SMALLEST)).mean()), float((names[chances.argmax(1)] == y).mean()), len(y))


def rows(part: Part, dataset: Dataset) -> Table:
    """Samples as normalised rows of numbers, those of several inputs one after another."""
    norm = dataset.normalisation
    pairs = zip((part.inputs, *part.more), (norm, *norm.others), strict=True)
    return np.concatenate([_table(inputs, each) for inputs, each in pairs], axis=1)


def _table(inputs: NDArray[np.generic], norm: Normalisation) -> Table:
    shape = (1, -1, *(1,) * (inputs.ndim - 2))
    mean, deviation = (np.asarray(values, np.float32).reshape(shape) for values in (norm.mean, norm.std))
    table: Table = ((np.asarray(inputs, np.float32) * np.float32(norm.scale) - mean) / deviation).reshape(len(inputs), -1)
    return table


def _learned(dataset: Dataset) -> tuple[str, ...]:
    """The number of the targets to learn, where there are several."""
    return (f"learns “{dataset.names[0]}”, the first of {len(dataset.names)} targets",) if dataset.names else ()


def check(dataset: Dataset) -> None:
    """Raise `TrainingError` for data that has no classes to tell apart."""
    targets = dataset.train.targets
    if targets.dtype.kind not in "iu" or targets.ndim != 1 or len(np.unique(targets)) < 2:
        which = f"“{dataset.names[0]}”, the first targets of “{dataset.name}”," if dataset.names else f"the targets of “{dataset.name}”"
        first = "Name targets with classes first in the Data tab, or choose" if dataset.names else "Choose"
        raise TrainingError(
            f"Baselines tell classes apart, but {which} are no classes, or all of one.",
            place="data",
            remedy=f"{first} data with at least two classes.",
        )


def _of_sklearn(module: str) -> Any:
    try:
        return importlib.import_module(f"sklearn.{module}")
    except ImportError:
        raise TrainingError(
            "Baselines need scikit-learn, which is not installed.", remedy="Install it with: pip install scikit-learn"
        ) from None
