"""What a complexity sweep found: training and validation error of every size, which is best, and which under- or overfit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite, sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from netbuilder.app.series import Figure, figure, number_of
from netbuilder.app.sweep import MEASURED
from netbuilder.core import format

if TYPE_CHECKING:
    from netbuilder.app.runs import Run
    from netbuilder.app.series import Series

State = Literal["unknown", "fits", "underfits", "overfits", "worse"]
_ENDS = ("done", "diverged")
LOSS_NOISE = 0.03
"""Losses that differ by less than this share count as equal when a single seed gives no spread."""


class Point(Struct, frozen=True):
    """One size: mean and deviation over its seeds after the last epoch. `training` is of the same kind as `validation`.

    Both are errors, shares of wrong answers, where there are classes, else losses; `None` until the first training is over.
    """

    level: float
    title: str
    parameters: int
    macs: int
    note: str = ""
    training: Figure | None = None
    validation: Figure | None = None
    accuracy: Figure | None = None
    runs: tuple[Path, ...] = ()
    state: State = "unknown"

    @property
    def gap(self) -> float:
        """By how much the validation error exceeds the training error."""
        return self.validation.mean - self.training.mean if self.validation and self.training else float("nan")

    @property
    def known(self) -> bool:
        """Whether both errors are known."""
        return self.validation is not None and self.training is not None


class Findings(Struct, frozen=True):
    """All sizes from the smallest level up; `best` is the number of that with the least validation error.

    `kind` is `error` or `loss`; `noise` is how far apart two values must be to be told as different.
    """

    points: tuple[Point, ...] = ()
    kind: Literal["error", "loss"] = "error"
    best: int | None = None
    noise: float = 0.0
    sentence: str = ""
    trained: int = 0
    count: int = 0

    @property
    def accuracy(self) -> Figure | None:
        """The validation accuracy of the best size at its last epoch."""
        return None if self.best is None else self.points[self.best].accuracy

    def verdict(self, number: int) -> str:
        """The verdict on a size in a word; empty while it is unknown."""
        state = self.points[number].state
        return "best" if number == self.best else "" if state == "unknown" else state

    def say(self, value: float) -> str:
        """An error in per cent, a loss in digits."""
        if self.kind == "loss":
            return f"{value:.3g}"
        return f"{100 * value:.1f} %" if abs(value) >= 0.01 else f"{100 * value:.2g} %"

    def tell(self, value: Figure | None) -> str:
        """Mean, and the deviation where there are several: `16.6 ± 1.0 %`."""
        if value is None:
            return "–"
        if value.count == 1:
            return self.say(value.mean)
        if self.kind == "loss":
            return f"{value.mean:.3g} ± {value.deviation:.2g}"
        return f"{100 * value.mean:.1f} ± {100 * value.deviation:.1f} %"


def findings(series: Series) -> Findings:
    """Read a sweep from its folder, as far as it has come."""
    about = series.about
    listed: Sequence[Mapping[str, Any]] = about.get("points", ())
    found: list[list[_Trained]] = [[] for _ in listed]
    for run in series.runs:
        place, number = number_of(run.folder.name) - 1, _trained(run)
        if number is not None and listed and place >= 0:
            found[place % len(listed)].append(number)
    known = [each for runs in found for each in runs]
    error = bool(known) and all(each.accuracy is not None and each.train_accuracy is not None for each in known)
    points = tuple(_point(entry, runs, error) for entry, runs in zip(listed, found, strict=True))
    samples = min((each.samples for each in known), default=0)
    return judged(points, "error" if error or not known else "loss", samples, len(known), int(about.get("count", 0)))


def judged(points: Sequence[Point], kind: Literal["error", "loss"], samples: int, trained: int = 0, count: int = 0) -> Findings:
    """Tell the sizes apart: those with a high training error underfit, those larger than the best whose gap has grown overfit.

    A training error is high beside the lowest of all. What does not differ from the best validation error by more than the
    noise fits. `samples` judged each of them.
    """
    told = [number for number, point in enumerate(points) if point.known]
    if not told:
        return Findings(tuple(points), kind, None, 0.0, "", trained, count)
    best = min(told, key=lambda number: (points[number].validation.mean, points[number].parameters))  # type: ignore[union-attr]
    noise = _noise(points, points[best], kind, samples)
    lowest = min(point.training.mean for point in points if point.training)
    settled = tuple(_with_state(point, points[best], lowest, noise) for point in points)
    result = Findings(settled, kind, best, noise, "", trained, count)
    sentence = "" if len(told) < 2 else _sentence(result, partly=0 < trained < count)
    return Findings(settled, kind, best, noise, sentence, trained, count)


class _Trained(Struct, frozen=True):
    """The last epoch of one training; `samples` of the validation part judged it."""

    folder: Path
    loss: float | None
    accuracy: float | None
    train_loss: float | None
    train_accuracy: float | None
    samples: int


def _trained(run: Run) -> _Trained | None:
    """The last epoch of a run; `None` for a training that has not come to its end."""
    try:
        measured = json.loads((run.folder / MEASURED).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    summary = run.summary
    if summary["status"] not in _ENDS or not isinstance(measured, dict):
        return None
    loss, train = _finite(summary["validation_loss"]), _finite(measured.get("train_loss"))
    samples = int(measured.get("validation_samples") or 0)
    return _Trained(run.folder, loss, _finite(summary["validation_accuracy"]), train, _finite(measured.get("train_accuracy")), samples)


def _finite(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and isfinite(value) else None


def _point(entry: Mapping[str, Any], runs: Sequence[_Trained], error: bool) -> Point:
    accuracy = figure([each.accuracy for each in runs])
    if error:
        pair = figure([_wrong(each.train_accuracy) for each in runs]), figure([_wrong(each.accuracy) for each in runs])
    else:
        pair = figure([each.train_loss for each in runs]), figure([each.loss for each in runs])
    return Point(
        float(entry.get("level", 0)),
        str(entry.get("title", "")),
        int(entry.get("parameters", 0)),
        int(entry.get("macs", 0)),
        str(entry.get("note", "")),
        *pair,
        accuracy,
        tuple(each.folder for each in runs),
    )


def _wrong(accuracy: float | None) -> float | None:
    return None if accuracy is None else 1 - accuracy


def _noise(points: Sequence[Point], best: Point, kind: str, samples: int) -> float:
    """Twice the standard error of the best value: from the spread over seeds, and of an error from the number of samples."""
    assert best.validation is not None
    spreads = [p.validation.deviation / sqrt(p.validation.count) for p in points if p.validation and p.validation.count > 1]
    over_seeds = sqrt(sum(each**2 for each in spreads) / len(spreads)) if spreads else 0.0
    if kind == "error":
        chance = sqrt(max(best.validation.mean * (1 - best.validation.mean), 0.0) / max(samples, 1))
        return max(2 * over_seeds, chance if spreads else 2 * chance, 1e-9)
    return max(2 * over_seeds, 0.0 if spreads else LOSS_NOISE * abs(best.validation.mean), 1e-9)


def _with_state(point: Point, best: Point, lowest: float, noise: float) -> Point:
    """The point with its state. Smaller than the best and worse: it underfits. Larger and worse: it overfits, or is trained too little."""
    from msgspec.structs import replace

    if not (point.known and point.validation and point.training and best.validation):
        return point
    state: State = "worse"
    if point.validation.mean <= best.validation.mean + noise:
        state = "fits"
    elif _capacity(point) > _capacity(best) and point.gap > max(best.gap, 0.0) + noise:
        state = "overfits"
    elif point.training.mean > lowest + noise:
        state = "underfits"
    return replace(point, state=state)


def _capacity(point: Point) -> tuple[int, float]:
    return point.parameters, point.level


def _sentence(found: Findings, *, partly: bool) -> str:
    assert found.best is not None
    points, best = found.points, found.points[found.best]
    assert best.validation is not None
    assert best.training is not None
    words = [
        f"{'So far the best' if partly else 'Best'}: {best.title}, {format.count(best.parameters)} parameters, validation {found.kind} "
        f"{found.tell(best.validation)}, training {found.kind} {found.tell(best.training)}."
    ]
    words += _about(
        found, "underfits", "underfit", f"even the training {found.kind} is high", lambda p: p.training.mean if p.training else 0.0
    )
    words += _about(found, "overfits", "overfit", "the gap between training and validation has grown", lambda p: p.gap)
    enough = [p for p in points if p.state == "fits" and p.parameters < best.parameters]
    if enough:
        small = min(enough, key=lambda p: p.parameters)
        words.append(_begun(f"{small.title} does as well within the noise, with {format.count(small.parameters)} parameters."))
    elif best is max(points, key=lambda p: p.parameters) and not partly:
        words.append("No size overfits; a larger one may do better still.")
    elif best is min(points, key=lambda p: p.parameters) and not partly:
        words.append("The smallest is enough; a smaller one may do as well.")
    return " ".join(words)


def _about(found: Findings, state: State, verb: str, why: str, value: Any) -> Iterable[str]:
    """The sizes in one state, with the figure that says so."""
    those = [point for point in found.points if point.state == state]
    if not those:
        return []
    names = [point.title for point in those]
    who = f"{', '.join(names[:-1])} and {names[-1]} {verb}" if len(names) > 1 else f"{names[0]} {verb}s"
    figures = sorted(value(point) for point in those)
    low, high = found.say(figures[0]), found.say(figures[-1])
    return [_begun(f"{who}: {why} ({low if low == high else f'{low} to {high}'}).")]


def _begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
