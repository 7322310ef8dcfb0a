"""Scores of predictions, class by class and threshold by threshold. Pure NumPy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Counts:
    """Right and wrong answers to a yes-or-no question: true and false positives and negatives."""

    true_positive: int
    false_positive: int
    false_negative: int
    true_negative: int

    @property
    def sensitivity(self) -> float:
        """Share of the positives that are found: recall, true positive rate."""
        return _share(self.true_positive, self.true_positive + self.false_negative)

    @property
    def specificity(self) -> float:
        """Share of the negatives that are left alone: true negative rate."""
        return _share(self.true_negative, self.true_negative + self.false_positive)

    @property
    def precision(self) -> float:
        """Share of the alarms that are right."""
        return _share(self.true_positive, self.true_positive + self.false_positive)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and sensitivity."""
        return _share(2 * self.true_positive, 2 * self.true_positive + self.false_positive + self.false_negative)

    @property
    def support(self) -> int:
        """How many positives there are."""
        return self.true_positive + self.false_negative


@dataclass(frozen=True)
class Tradeoff:
    """A curve over thresholds: `x` and `y` at each of `thresholds`, which fall; `area` below it."""

    x: Floats
    y: Floats
    thresholds: Floats
    area: float


def confusion(targets: NDArray[np.int64], predicted: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    """(classes, classes) counts: true classes in rows, predicted ones in columns."""
    cells = np.bincount(targets * classes + predicted, minlength=classes * classes)
    return cells.reshape(classes, classes).astype(np.int64)


def counts(said: Bools, positive: Bools) -> Counts:
    """Compare yes-or-no answers with the truth."""
    hits, alarms, positives = int((said & positive).sum()), int(said.sum()), int(positive.sum())
    return Counts(hits, alarms - hits, positives - hits, len(positive) - alarms - positives + hits)


def roc(scores: Floats, positive: Bools) -> Tradeoff:
    """Sensitivity (y) over 1 − specificity (x), from the highest threshold down; the area is the AUC, nan without both kinds."""
    hits, alarms, thresholds = _cumulated(scores, positive)
    misses = alarms - hits
    with np.errstate(invalid="ignore", divide="ignore"):
        x, y = np.r_[0, misses] / misses[-1:], np.r_[0, hits] / hits[-1:]
    return Tradeoff(x, y, np.r_[np.inf, thresholds], float(np.trapezoid(y, x)))


def macro(curves: list[Tradeoff]) -> Tradeoff | None:
    """The mean ROC curve of those classes that have one, at all their x; the area is the mean of theirs."""
    known = [curve for curve in curves if np.isfinite(curve.area)]
    if not known:
        return None
    x = np.unique(np.concatenate([curve.x for curve in known]))
    y = np.mean([np.interp(x, curve.x, curve.y) for curve in known], axis=0)
    y[0] = 0.0
    return Tradeoff(x, y, np.full(len(x), np.nan), float(np.mean([curve.area for curve in known])))


def precision_recall(scores: Floats, positive: Bools) -> Tradeoff:
    """Precision (y) over recall (x); the area is the average precision, Σ (Rₙ − Rₙ₋₁)·Pₙ, nan without positives."""
    hits, alarms, thresholds = _cumulated(scores, positive)
    with np.errstate(invalid="ignore", divide="ignore"):
        precision, recall = hits / alarms, hits / hits[-1:]
    area = float((np.diff(np.r_[0.0, recall]) * precision).sum())
    return Tradeoff(np.r_[0.0, recall], np.r_[1.0, precision], np.r_[np.inf, thresholds], area)


def mean_absolute_error(targets: Floats, outputs: Floats) -> float:
    """Mean of |ŷ − y| over everything."""
    return float(np.abs(outputs - targets).mean())


def r_squared(targets: Floats, outputs: Floats) -> float:
    """Share of the targets' variance that is explained, mean over columns of (n, d); nan where targets do not vary."""
    spread = ((targets - targets.mean(0)) ** 2).sum(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return float(np.mean(1 - ((outputs - targets) ** 2).sum(0) / np.where(spread > 0, spread, np.nan)))


def _cumulated(scores: Floats, positive: Bools) -> tuple[Floats, Floats, Floats]:
    """Hits and alarms at every threshold that occurs, from the highest down."""
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    last = np.r_[np.flatnonzero(np.diff(ordered)), len(ordered) - 1]
    return np.cumsum(positive[order])[last].astype(np.float64), last + 1.0, ordered[last]


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
