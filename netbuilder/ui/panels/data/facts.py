"""What the Data tab tells of a loaded data set, and how pictures are brought to what the network takes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from netbuilder.core.format import count
from netbuilder.core.graph import Graph, Value
from netbuilder.data.dataset import Dataset, Part
from netbuilder.data.label_maps import shares
from netbuilder.data.sources.base import catalogue
from netbuilder.ui.plots.bars import Bar

MOST_COUNTED = 500
"""Label maps whose pixels are counted."""
PARTS = (("train", "Training"), ("validation", "Validation"), ("test", "Test"))


def class_balance(dataset: Dataset) -> list[Bar]:
    """How many training samples each class has; the rarest stands out when it has less than half of the most frequent."""
    targets = np.asarray(dataset.train.targets)
    if not dataset.classes or not len(targets) or targets.dtype.kind not in "iu":
        return []
    if targets.ndim > 1:
        found = shares(targets[:MOST_COUNTED], len(dataset.classes))
        return [Bar(name, float(share / found.max()), f"{share:.1%}") for name, share in zip(dataset.classes, found, strict=False)]
    counts = np.bincount(targets.astype(np.int64), minlength=len(dataset.classes))
    most = max(1, int(counts.max()))
    return [
        Bar(name, int(counts[n]) / most, count(int(counts[n])), strong=2 * int(counts[n]) < most) for n, name in enumerate(dataset.classes)
    ]


def label_picture(dataset: Dataset | None, target: NDArray[np.generic]) -> NDArray[np.float32] | None:
    """The class of every pixel as a picture, from dark to light; nothing for other targets."""
    if dataset is None or target.ndim != 2 or target.dtype.kind not in "iu":
        return None
    return np.asarray(target, np.float32)[None]


def facts(dataset: Dataset) -> str:
    """What a loaded data set is, in lines of text."""
    shape = "×".join(str(size) for size in dataset.input_shape)
    sizes = " · ".join(f"{count(len(getattr(dataset, key)))} {title.lower()}" for key, title in PARTS)
    norm = dataset.normalisation
    means = ", ".join(f"{m:.4f}" for m in norm.mean[:3])
    deviations = ", ".join(f"{s:.4f}" for s in norm.std[:3])
    more = ", …" if len(norm.mean) > 3 else ""
    kind = f"{len(dataset.classes)} classes" if dataset.classes else "values to predict"
    kind += " for each pixel" if dataset.classes and dataset.train.targets.ndim > 1 else ""
    lines = [
        f"{dataset.name}: {shape}, {kind}",
        sizes,
        f"Normalised with mean {means}{more} and deviation {deviations}{more}",
        *_several(dataset),
        *_beside(dataset.train),
        *dataset.notes,
    ]
    if dataset.licence:
        lines.append(f"Licence: {dataset.licence}")
    return "\n".join(lines)


def _several(dataset: Dataset) -> list[str]:
    """What each of several targets is, where there are several."""
    kinds = {dataset.train.target: dataset.classes, **dataset.others}
    told = (f"{name} ({f'{len(classes)} classes' if classes else 'values'})" for name, classes in kinds.items())
    if not dataset.names:
        return []
    leading = (
        f"Splits, balanced batches and baselines go by “{dataset.names[0]}”, the first in “targets”; name another one first to choose it"
    )
    return [f"Targets: {', '.join(told)}", leading]


def _beside(part: Part) -> list[str]:
    """Weights and groups of samples, where there are any."""
    lines = [] if part.weights is None else [f"Samples have weights from {part.weights.min():.3g} to {part.weights.max():.3g}"]
    return lines if part.groups is None else [*lines, f"Samples belong to {count(len(np.unique(part.groups)))} groups in the training part"]


def sample_name(dataset: Dataset | None, part: Part, number: int) -> str:
    """A sample's class, where it has one, and its number in the source."""
    target = part.targets[number]
    if dataset is not None and dataset.classes and np.ndim(target) == 0:
        return f"{dataset.classes[int(target)]} · #{int(part.index[number])}"
    return f"#{int(part.index[number])}"


def as_the_network_takes(graph: Graph, source: str) -> dict[str, Value]:
    """Settings with which a source of pictures of any size makes them as large, and in as many colours, as the only input expects."""
    inputs = [node.settings.get("shape", ()) for node in graph.nodes.values() if node.layer == "input"]
    if len(inputs) != 1 or len(inputs[0]) != 3 or not {"size", "colour"} <= set(catalogue()[source].__struct_fields__):
        return {}
    channels, height, width = inputs[0]
    size = {"size": height if height == width else (height, width)}
    return {**size, "colour": "grey" if channels == 1 else "rgb"} if channels in (1, 3) else size
