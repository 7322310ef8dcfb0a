"""Layers whose weights can be drawn, and what is said and told of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netbuilder.core.graph import Graph
from netbuilder.layers.declare import Category
from netbuilder.layers.kernels import kernel_of
from netbuilder.net.results import Analysis
from netbuilder.probe.filters import order

MOST_WATCHED = 300_000
"""Numbers copied from the device for one preview, at most."""


@dataclass(frozen=True)
class Filtered:
    """A layer with filters: node id, what it is called, how many weights, and the picture shape of a dense layer's inputs.

    A `transposed` one keeps for each input what it paints on every map of the output.
    """

    node: str
    title: str
    name: str
    parameters: int
    picture: tuple[int, ...] | None = None
    transposed: bool = False

    @property
    def kinds(self) -> tuple[str, str]:
        """What the first two axes of the weight count."""
        return ("input", "map") if self.transposed else ("filter", "channel")

    def size_of(self, weight: NDArray[np.float32]) -> str:
        """`6 filters 5×5`, with the channels when each filter has several that are drawn apart."""
        if weight.ndim == 2:
            return f"{len(weight)} units"
        size = "×".join(str(n) for n in weight.shape[2:])
        outer, inner = self.kinds
        deep = f" × {weight.shape[1]}{f' {inner}s' if self.transposed else ''}" if weight.shape[1] not in (1, 3) else ""
        return f"{len(weight)} {outer}{'s' if len(weight) != 1 else ''} {size}{deep}"


def filtered_layers(analysis: Analysis) -> list[Filtered]:
    """Layers whose weights can be drawn, from the input on."""
    found = []
    for id_ in analysis.graph.order:
        node = analysis.nodes.get(id_)
        if node is None or node.layer is None or not node.parameters:
            continue
        about = node.layer.about
        if about.category in (Category.CONVOLUTION, Category.DENSE):
            kernel = kernel_of(node.layer, node.inputs)
            transposed = kernel is not None and kernel.transposed
            name = analysis.graph.nodes[id_].name
            found.append(Filtered(id_, about.title, name, node.parameters, _picture(analysis, id_), transposed))
    return found


def _picture(analysis: Analysis, id_: str) -> tuple[int, ...] | None:
    """The (C, H, W) that was flattened into a dense layer, when there is one."""
    graph: Graph = analysis.graph
    source = next(iter(graph.inputs_of.get(id_, {}).values()), None)
    if source is None or source.node not in graph.nodes or graph.nodes[source.node].layer != "flatten":
        return None
    inputs = analysis.nodes[source.node].inputs
    shape = inputs[0].shape[1:] if inputs else ()
    return tuple(size for size in shape if size is not None) if len(shape) == 3 else None


def filter_values(weight: NDArray[np.float32], images: NDArray[np.uint8], by_norm: bool) -> NDArray[np.float32]:
    """The numbers behind `filter_images`, in the same arrangement."""
    sorted_ = weight[order(weight, "norm" if by_norm else None)]
    if images.ndim == 4:
        return sorted_.reshape(len(images), 3, *images.shape[1:3]).transpose(0, 2, 3, 1)
    return sorted_.reshape(images.shape)


def watched(layers: Iterable[Filtered], chosen: str) -> frozenset[str]:
    """The chosen layer, and others too while their weights are few."""
    wanted, room = {chosen} - {""}, MOST_WATCHED
    for layer in sorted(layers, key=lambda layer: layer.parameters):
        room -= layer.parameters
        if room > 0:
            wanted.add(layer.node)
    return frozenset(wanted)
