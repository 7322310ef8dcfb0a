"""Small graphs and data sets for the tests of training."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from netbuilder.core.build import Builder, chain
from netbuilder.core.graph import Graph
from netbuilder.data.dataset import Dataset, Normalisation, Part
from netbuilder.train.engine import Engine
from netbuilder.train.events import Event, StepsLogged
from netbuilder.train.recipe import Recipe

CLASSES = 3


def part(inputs: Any, targets: Any) -> Part:
    return Part(inputs, targets, np.arange(len(inputs)))


def images(count: int = 120, *, seed: int = 0, held_out: int = 30) -> Dataset:
    """Three classes of 8×8 pictures: a bright row at the top, in the middle or at the bottom."""
    random = np.random.default_rng(seed)
    total = count + 2 * held_out
    labels = random.integers(0, CLASSES, total)
    pictures = random.integers(0, 120, (total, 1, 8, 8)).astype(np.uint8)
    for picture, label in zip(pictures, labels, strict=True):
        picture[0, 1 + 3 * label] = 255
    cut = (slice(0, count), slice(count, count + held_out), slice(count + held_out, total))
    parts = [part(pictures[where], labels[where].astype(np.int64)) for where in cut]
    return Dataset("bars", *parts, ("top", "middle", "bottom"), Normalisation(1 / 255, (0.3,), (0.3,)))


def values(count: int = 64, *, outputs: int = 1) -> Dataset:
    """A linear function of two numbers."""
    random = np.random.default_rng(3)
    x = random.normal(size=(count, 2)).astype(np.float32)
    y = (x @ np.arange(1.0, 1.0 + 2 * outputs).reshape(2, outputs)).astype(np.float32)
    whole = part(x, y[:, 0] if outputs == 1 else y)
    return Dataset("plane", whole, whole, whole, (), Normalisation(1.0, (0.0, 0.0), (1.0, 1.0)))


def points(count: int = 96) -> Dataset:
    """Two classes of points, left and right of a line."""
    random = np.random.default_rng(4)
    x = random.normal(size=(count, 2)).astype(np.float32)
    whole = part(x, (x.sum(1) > 0).astype(np.int64))
    return Dataset("halves", whole, whole, whole, ("below", "above"), Normalisation(1.0, (0.0,), (1.0,)))


def small_cnn(*, norm: bool = False, dropout: bool = False, outputs: int = CLASSES) -> Graph:
    layers: list[Any] = [("input", {"shape": (1, 8, 8)}), ("conv2d", {"out_channels": 4, "kernel_size": 3, "padding": 1})]
    layers += [("batchnorm2d", {})] if norm else []
    layers += ["relu", ("maxpool2d", {"kernel_size": 2}), "flatten"]
    layers += [("dropout", {"p": 0.3})] if dropout else []
    return chain([*layers, ("linear", {"out_features": outputs}), "output"])


def linear(outputs: int = 1, task: str = "values") -> Graph:
    return chain([("input", {"shape": (2,)}), ("linear", {"out_features": outputs}), ("output", {"task": task})])


def two_heads() -> Graph:
    build = Builder()
    trunk = build.add("flatten", build.add("input", shape=(1, 8, 8)))
    for _ in range(2):
        build.add("output", build.add("linear", trunk, out_features=CLASSES))
    return build.graph()


def recipe(**settings: Any) -> Recipe:
    return Recipe.read({"batch_size": 16, "epochs": 3, "device": "cpu", **settings})


def train(
    graph: Graph, data: Dataset, folder: Any = None, *, engine: dict[str, Any] | None = None, **settings: Any
) -> tuple[Engine, list[Event]]:
    """A finished run and its events."""
    run = Engine(graph, data, recipe(**settings), folder, **(engine or {}))
    return run, list(run.run())


def of(kind: type[Any], events: Iterable[Event]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


def stepwise(engine: Engine) -> Iterable[Event]:
    """The events with one report for every step."""
    engine.single_step = True
    return engine.run()


def losses(events: Iterable[Event]) -> list[float]:
    return [event.loss for event in of(StepsLogged, events)]


def same_weights(first: Any, second: Any) -> bool:
    one, two = first.state_dict(), second.state_dict()
    return one.keys() == two.keys() and all(bool((one[name] == two[name]).all()) for name in one)
