"""Options that change a finished network, so that every template can have them: another activation, another width.

What they leave at its default stays as published, to the last number.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from netbuilder.core.blocks import BLOCK
from netbuilder.core.graph import Graph, Node, Value

CURVES = {"relu": "ReLU", "leakyrelu": "LeakyReLU", "gelu": "GELU", "silu": "SiLU", "tanh": "Tanh"}
"""The activations to choose from, and what blocks that hold them are called after."""

PER_CENT = (25, 50, 75, 100, 150, 200)
"""The widths to choose from."""

_WIDTHS = {
    *("out_channels", "out_features", "channels", "width", "growth"),
    *("ones", "threes_reduced", "threes", "fives_reduced", "fives", "pooled"),
}
"""Settings of layers, and parameters of blocks, that count feature maps or neurons."""


def reactivate(graph: Graph, usual: Value, activation: Value) -> Graph:
    """The network with `activation` wherever it has the `usual` one, in its blocks, too; names follow."""
    old, new = str(usual), str(activation)

    def titled(name: str) -> str:
        return name.replace(CURVES[old], CURVES[new]) if {old, new} <= CURVES.keys() else name

    def change(node: Node) -> Node:
        if node.layer == BLOCK:
            return replace(node, block=titled(node.block))
        return replace(node, layer=new, name=node.name.replace(old, new)) if node.layer == old else node

    return _everywhere(graph, lambda inside: inside.evolve(nodes={id_: change(node) for id_, node in inside.nodes.items()}), titled)


def widen(graph: Graph, usual: Value, per_cent: Value) -> Graph:
    """The network with `per_cent` of the `usual` feature maps and hidden neurons; what it answers keeps its size."""

    def change(node: Node, answers: frozenset[str]) -> Node:
        if node.id in answers:
            return node
        wide = {name: max(1, value * per_cent // usual) for name, value in node.settings.items() if name in _WIDTHS and type(value) is int}
        return replace(node, settings={**node.settings, **wide}) if wide else node

    def level(inside: Graph) -> Graph:
        answers = frozenset(
            source.node
            for target, source in inside.links.items()
            if inside.nodes[target.node].layer == "output" and inside.nodes[source.node].layer == "linear"
        )
        return inside.evolve(nodes={id_: change(node, answers) for id_, node in inside.nodes.items()})

    return _everywhere(graph, level)


def _everywhere(graph: Graph, change: Callable[[Graph], Graph], titled: Callable[[str], str] = str) -> Graph:
    """The graph and those of its blocks changed; blocks are called as `titled` says."""
    blocks = [replace(block, name=titled(block.name), graph=change(block.graph)) for block in graph.blocks.values()]
    return change(graph).evolve(blocks={block.name: block for block in blocks})
