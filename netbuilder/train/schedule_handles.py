"""Points of a learning-rate curve that can be taken hold of, and what a recipe becomes when one is moved. Pure functions."""

from __future__ import annotations

import math
from dataclasses import dataclass

from msgspec.structs import replace

from netbuilder.core.graph import Value
from netbuilder.train.recipe import Recipe
from netbuilder.train.schedules import Cosine, Drawn, Exponential, Inverse, Linear, Memory, OneCycle, Polynomial, Schedule, Step

PEAK, END, MIDDLE, START, CUT, POINT = "rate", "end", "middle", "start", "cut", "point"
Changes = dict[str, Value]


@dataclass(frozen=True)
class Handle:
    """A point on the curve: where it is, in epochs and as a rate, and what moving it changes."""

    name: str
    epoch: float
    rate: float
    tip: str


def handles(recipe: Recipe) -> tuple[Handle, ...]:
    """All handles of a recipe's curve from left to right."""
    rate, epochs, schedule = recipe.optimizer.learning_rate, recipe.epochs, recipe.schedule
    found: list[Handle] = []
    match schedule:
        case OneCycle():
            found.append(Handle(START, 0.0, rate / schedule.start, "first rate"))
            found.append(Handle(PEAK, schedule.rise * epochs, rate, "highest rate, and when it is reached"))
        case Drawn():
            found += [
                Handle(f"{POINT}{n}", t * epochs, f * rate, "point of the curve; double-click adds one, Delete removes it")
                for n, (t, f) in enumerate(zip(schedule.times, schedule.factors, strict=True))
            ]
        case _:
            start = min(_warmup(recipe), epochs)
            found.append(Handle(PEAK, start, _at(recipe, start), "learning rate, and how long it warms up"))
    match schedule:
        case Step() if schedule.every < epochs:
            found.append(Handle(CUT, schedule.every, rate * schedule.gamma, "first cut: when, and how deep"))
        case Exponential() | Inverse():
            found.append(Handle(MIDDLE, _middle(recipe), _at(recipe, _middle(recipe)), "how fast the rate falls"))
        case Polynomial():
            found.append(Handle(MIDDLE, _middle(recipe), _at(recipe, _middle(recipe)), "power"))
            found.append(Handle(END, epochs, rate * schedule.end, "last rate"))
        case Linear():
            found.append(Handle(END, epochs, rate * schedule.end, "last rate"))
        case Cosine():
            found.append(Handle(END, epochs, rate * schedule.minimum, "last rate"))
        case _:
            pass
    return tuple(found)


def moved(recipe: Recipe, name: str, epoch: float, rate: float) -> Changes:
    """The settings of the recipe that change when a handle is moved there, as far as they can go."""
    epoch, rate = min(max(epoch, 0.0), recipe.epochs), max(rate, 0.0)
    if name == PEAK:
        return _peak(recipe, epoch, rate)
    if name.startswith(POINT):
        return _point(recipe, int(name.removeprefix(POINT)), epoch, rate)
    return {"schedule": _shaped(recipe, name, epoch, rate / recipe.optimizer.learning_rate).settings()}


def with_point(recipe: Recipe, epoch: float, rate: float) -> Changes:
    """A drawn curve with one more point; nothing for other schedules, and where a point is already."""
    schedule = recipe.schedule
    time = round(min(max(epoch / recipe.epochs, 0.0), 1.0), 4)
    if not isinstance(schedule, Drawn) or any(abs(time - other) < 1e-3 for other in schedule.times) or len(schedule.times) >= 200:
        return {}
    points = sorted([*zip(schedule.times, schedule.factors, strict=True), (time, _factor(recipe, rate))])
    return {"schedule": Drawn(tuple(t for t, _ in points), tuple(f for _, f in points)).settings()}


def without_point(recipe: Recipe, name: str) -> Changes:
    """A drawn curve with one point less; the last one stays."""
    schedule = recipe.schedule
    if not isinstance(schedule, Drawn) or not name.startswith(POINT) or len(schedule.times) == 1:
        return {}
    gone = int(name.removeprefix(POINT))
    points = [point for n, point in enumerate(zip(schedule.times, schedule.factors, strict=True)) if n != gone]
    return {"schedule": Drawn(tuple(t for t, _ in points), tuple(f for _, f in points)).settings()}


def _peak(recipe: Recipe, epoch: float, rate: float) -> Changes:
    schedule = recipe.schedule
    now = next(handle.rate for handle in handles(recipe) if handle.name == PEAK)
    wanted = recipe.optimizer.learning_rate * (rate / now if now else 1.0)
    changes: Changes = {"optimizer": replace(recipe.optimizer, learning_rate=_round(min(max(wanted, 1e-8), 1000.0))).settings()}
    if isinstance(schedule, OneCycle):
        share = round(epoch / recipe.epochs, 3)
        return {**changes, "schedule": replace(schedule, rise=min(max(share, 0.01), 0.99)).settings()}
    start = round(epoch, 1) if epoch >= 0.05 * recipe.epochs**0.5 else 0.0
    if isinstance(schedule, Cosine) and schedule.warmup:
        return {**changes, "schedule": replace(schedule, warmup=start).settings()}
    return {**changes, "warmup": start}


def _point(recipe: Recipe, number: int, epoch: float, rate: float) -> Changes:
    schedule = recipe.schedule
    if not isinstance(schedule, Drawn) or number >= len(schedule.times):
        return {}
    times, factors = list(schedule.times), list(schedule.factors)
    low = times[number - 1] + 1e-3 if number else 0.0
    high = times[number + 1] - 1e-3 if number + 1 < len(times) else 1.0
    times[number] = round(min(max(epoch / recipe.epochs, low), high), 4)
    factors[number] = _factor(recipe, rate)
    return {"schedule": Drawn(tuple(times), tuple(factors)).settings()}


def _shaped(recipe: Recipe, name: str, epoch: float, share: float) -> Schedule:
    """The schedule when a handle other than the peak lies at `share` of the rate."""
    schedule, middle = recipe.schedule, _middle(recipe)
    part = min(max(share, 0.0), 1.0)
    match schedule, name:
        case Step(), "cut":
            return replace(schedule, every=max(1, min(round(epoch), recipe.epochs - 1)), gamma=_round(max(part, 1e-3)))
        case Exponential(), "middle":
            return replace(schedule, gamma=_round(max(part, 1e-9) ** (1 / middle), 4))
        case Inverse(), "middle":
            return replace(schedule, decay=_round(min(max((1 / max(part, 1e-6) - 1) / middle, 1e-6), 1e6)))
        case Polynomial(), "middle":
            left = min(max((part - schedule.end) / max(1 - schedule.end, 1e-9), 1e-6), 0.9999)
            return replace(schedule, power=_round(min(max(math.log(left) / math.log(0.5), 0.05), 20.0)))
        case ((Polynomial() | Linear()), "end"):
            return replace(schedule, end=_round(part))
        case Cosine(), "end":
            return replace(schedule, minimum=_round(part))
        case OneCycle(), "start":
            return replace(schedule, start=_round(min(max(1 / max(part, 1e-6), 1.0), 1e6)))
    return schedule


def _warmup(recipe: Recipe) -> float:
    """Epochs that the rate rises at first, by the recipe or by the schedule itself."""
    return max(recipe.warmup, recipe.schedule.warmup if isinstance(recipe.schedule, Cosine) else 0.0)


def _middle(recipe: Recipe) -> float:
    return max(1, recipe.epochs // 2) if not isinstance(recipe.schedule, Polynomial) else recipe.epochs / 2


def _at(recipe: Recipe, epoch: float, steps: int = 1000) -> float:
    """The rate after so many epochs."""
    return recipe.rate(min(math.ceil(epoch * steps), recipe.epochs * steps - 1), steps, Memory())


def _factor(recipe: Recipe, rate: float) -> float:
    return _round(min(rate / recipe.optimizer.learning_rate, 1000.0))


def _round(value: float, digits: int = 3) -> float:
    return float(f"{value:.{digits}g}")
