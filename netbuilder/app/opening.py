"""Opening tensors of a network: a list of them, and copies of one for samples of the data or for random numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from netbuilder.core.errors import NetbuilderError
from netbuilder.layers.declare import show
from netbuilder.net.axes import value_axes
from netbuilder.net.blocks import input_nodes
from netbuilder.probe.places import Entry, Kind, Place, entries
from netbuilder.probe.taking import Taken, take

if TYPE_CHECKING:
    import torch

    from netbuilder.app.training import Training
    from netbuilder.data.dataset import Dataset, Part

Source = Literal["test", "validation", "train", "random"]
INPUT = "input"
"""The `place` of errors about what the network is given."""
MOST_TOKENS = 10
"""Random token numbers stay below this, and below the size of the smallest embedding that they may enter."""


class Feed(Struct, frozen=True):
    """What the network is given: `count` samples of a part from number `index` on, or random numbers drawn from the seed `index`."""

    source: Source = "test"
    index: int = 0
    count: int = 1


class Listed(Struct, frozen=True):
    """What can be opened; `fits` says whether the network takes the samples of the data, `samples` how many each part has."""

    entries: tuple[Entry, ...]
    fits: bool
    samples: Mapping[str, int]


class Shown(Struct, frozen=True):
    """A copy of a tensor, and for how many seconds making it held up training."""

    place: Place
    taken: Taken
    seconds: float


def listed(module: Any, training: Training | None, dataset: Dataset | None) -> Listed:
    """Samples first, when data is loaded, then the tensors of the network."""
    samples = {} if dataset is None else {name: len(getattr(dataset, name)) for name in ("test", "validation", "train")}
    of_data = () if dataset is None else tuple(_of_data(dataset))
    fits = dataset is not None and _shapes(module) == dataset.input_shapes
    return Listed((*of_data, *entries(module, _memory(training))), fits, samples)


def shown(module: Any, training: Training | None, place: Place, feed: Feed, dataset: Dataset | None) -> Shown:
    """Copy what is at a place; raises `NetbuilderError`. `dataset` is needed for samples and what the network makes of them."""
    began = perf_counter()
    if place.kind in ("sample", "target"):
        return Shown(place, _stored(_part(dataset, feed), place, feed), 0.0)
    batch = _batch(module, feed, dataset) if place.kind in ("input", "output") else ()
    taken = take(module, place, batch, _memory(training))
    return Shown(place, taken, perf_counter() - began)


def needs_data(place: Place, feed: Feed) -> bool:
    """Whether opening this takes samples of the data."""
    return place.kind in ("sample", "target") or (place.kind in ("input", "output") and feed.source != "random")


def _memory(training: Training | None) -> Mapping[Any, Mapping[str, Any]]:
    """The optimizer's memory of each parameter."""
    optimizer = getattr(training.engine, "optimizer", None) if training is not None else None
    return {} if optimizer is None else optimizer.state


def _of_data(dataset: Dataset) -> list[Entry]:
    part = dataset.train
    inputs, targets = _inputs(part), {"": part.targets, **part.others}
    titles = ["inputs as stored"] if len(inputs) == 1 else [f"input {n + 1} as stored" for n in range(len(inputs))]
    given = [_stock("sample", str(n), title, array) for n, (title, array) in enumerate(zip(titles, inputs, strict=True))]
    return given + [_stock("target", name, f"targets {name or part.target}".rstrip(), array) for name, array in targets.items()]


def _stock(kind: Kind, name: str, title: str, array: NDArray[np.generic]) -> Entry:
    return Entry(Place(kind, name=name), title, (), (None, *array.shape[1:]), str(array.dtype))


def _inputs(part: Part) -> tuple[NDArray[np.generic], ...]:
    return (part.inputs, *part.more)


def _part(dataset: Dataset | None, feed: Feed) -> Part:
    """The part with the chosen samples only."""
    part: Part | None = None if dataset is None else getattr(dataset, feed.source, dataset.test)
    if part is None or not len(part):
        raise NetbuilderError("This part of the data has no samples.", remedy="Choose another part, or random numbers.")
    chosen = np.arange(feed.index, feed.index + max(1, feed.count)) % len(part)
    return replace(
        part,
        inputs=np.asarray(part.inputs[chosen]),
        targets=np.asarray(part.targets[chosen]),
        index=part.index[chosen],
        weights=None,
        groups=None,
        more=tuple(np.asarray(each[chosen]) for each in part.more),
        others={name: np.asarray(each[chosen]) for name, each in part.others.items()},
    )


def _stored(part: Part, place: Place, feed: Feed) -> Taken:
    from netbuilder.layers.declare import TensorSpec

    values = _inputs(part)[int(place.name)] if place.kind == "sample" else part.others.get(place.name, part.targets)
    axes = value_axes(TensorSpec(values.shape, str(values.dtype)))
    stored = values.view(np.uint8) if values.dtype == np.bool_ else values
    first = f"sample {int(part.index[0]):,} of the source" if feed.count == 1 else ""
    return Taken(stored, ("batch",) if values.ndim == 1 else axes, str(values.dtype), "cpu", first)


def _shapes(module: Any) -> tuple[tuple[int | None, ...], ...]:
    from netbuilder.net.compiled import graph_of

    return tuple(spec.shape[1:] for spec in _specs(graph_of(module)))


def _specs(graph: Any) -> list[Any]:
    from netbuilder.net.analysis import analyze

    answers = analyze(graph).answers
    return [answers[node.id].outputs[0] for node in input_nodes(graph)]


def _batch(module: Any, feed: Feed, dataset: Dataset | None) -> tuple[torch.Tensor, ...]:
    """Inputs as the network takes them, on its device."""
    import torch

    from netbuilder.net.compiled import graph_of

    first = next(iter(module.parameters()), None)
    device = first.device if first is not None else torch.device("cpu")
    if feed.source == "random":
        tables = (len(layer.weight) for layer in module.modules() if isinstance(layer, torch.nn.Embedding))
        drawn = _drawn(_specs(graph_of(module)), feed, min(tables, default=MOST_TOKENS))
        return tuple(tensor.to(device) for tensor in drawn)
    part = _part(dataset, feed)
    given, wanted = tuple(tuple(each.shape[1:]) for each in _inputs(part)), _shapes(module)
    if given != wanted:
        have, take_ = (" and ".join(show((None, *shape)) for shape in shapes) for shapes in (given, wanted))
        refusal = f"The samples are {have}, the network takes {take_}."
        raise NetbuilderError(refusal, place=INPUT, remedy="Choose random numbers as its input.")
    from netbuilder.data.feeder import Feeder

    assert dataset is not None
    x, _ = Feeder(part, dataset.normalisation, len(part), device=device, shuffle=False).gather(torch.arange(len(part), device=device))
    return x if isinstance(x, tuple) else (x,)


def _drawn(specs: list[Any], feed: Feed, tokens: int) -> list[torch.Tensor]:
    import torch

    generator = torch.Generator().manual_seed(feed.index)
    shapes = [(max(1, feed.count), *(size or 1 for size in spec.shape[1:])) for spec in specs]
    drawn = []
    for spec, shape in zip(specs, shapes, strict=True):
        whole = spec.dtype.startswith("int")
        draw = partial(torch.randint, 0, min(tokens, MOST_TOKENS)) if whole else torch.randn
        drawn.append(draw(shape, generator=generator))
    return drawn
