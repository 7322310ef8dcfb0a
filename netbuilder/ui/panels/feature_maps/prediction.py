"""From a network's output to what it says about the sample: probabilities by class. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Graph
from netbuilder.data.dataset import Dataset
from netbuilder.layers.declare import Category
from netbuilder.net.results import Analysis
from netbuilder.ui.plots.bars import Bar


def answer_node(graph: Graph) -> str | None:
    """The node whose output is the network's answer: what feeds the first output node."""
    for id_ in graph.order:
        if graph.nodes[id_].layer == "output":
            source = next(iter(graph.inputs_of.get(id_, {}).values()), None)
            return None if source is None else source.node
    return None


def facing(graph: Graph, dataset: Dataset) -> Dataset:
    """The data with the targets of the first output in front, where it has such."""
    from netbuilder.train import heads

    try:
        return heads.facing(graph, dataset)
    except NetbuilderError:
        return dataset


def probabilities(output: NDArray[np.float32], *, already: bool = False) -> NDArray[np.float64] | None:
    """Softmax of plain scores; `already` when the network ends in softmax. `None` when it is no list of classes."""
    scores = np.asarray(output, np.float64).ravel()
    if len(scores) < 2 or (output.ndim > 1 and max(output.shape) != output.size):
        return None
    if already:
        return scores
    shifted = np.exp(np.nan_to_num(scores - np.nanmax(scores), nan=-np.inf))
    result: NDArray[np.float64] = shifted / max(float(shifted.sum()), 1e-300)
    return result


def bars(shares: NDArray[np.float64], classes: Sequence[str], most: int = 10) -> list[Bar]:
    """The likeliest classes: in their own order when all fit, else the likeliest first."""
    best = int(np.argmax(shares))
    chosen = range(len(shares)) if len(shares) <= most else np.argsort(-shares, kind="stable")[:most]
    return [
        Bar(classes[n] if n < len(classes) else str(n), float(shares[n]), f"{100 * shares[n]:5.1f} %", strong=int(n) == best)
        for n in chosen
    ]


def shown_layers(analysis: Analysis, selected: frozenset[str], most: int = 4) -> list[str]:
    """Layers whose maps to show: the selected ones in order, or the first convolutions, or else whatever gives maps."""
    graph = analysis.graph
    drawable = [id_ for id_ in graph.order if _drawable(analysis, id_)]
    chosen = [id_ for id_ in drawable if id_ in selected]
    if not chosen:
        chosen = [id_ for id_ in drawable if _category(analysis, id_) is Category.CONVOLUTION][:3]
    if not chosen:
        chosen = [id_ for id_ in drawable if analysis.nodes[id_].parameters][:3] or drawable[:3]
    return chosen[:most]


def _drawable(analysis: Analysis, id_: str) -> bool:
    node = analysis.nodes.get(id_)
    return node is not None and bool(node.outputs) and analysis.graph.nodes[id_].layer not in ("input", "output")


def _category(analysis: Analysis, id_: str) -> Category | None:
    layer = analysis.nodes[id_].layer
    return None if layer is None else layer.about.category
