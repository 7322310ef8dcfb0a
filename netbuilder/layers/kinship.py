"""The family a node belongs to: that of its layer, or of what a block mostly is made of."""

from __future__ import annotations

from collections import Counter

from netbuilder.core.graph import Graph, Node
from netbuilder.layers.declare import Category, find

_COMPUTING = (Category.CONVOLUTION, Category.DENSE, Category.ATTENTION)
_QUIET = (Category.SHAPE,)


def category_of(node: Node, graph: Graph) -> Category | None:
    """The family whose colour a node has; a block has that of most of its computing layers. `None` when unknown."""
    kind = find(node.layer)
    if kind is not None:
        return kind.about.category
    block = graph.blocks.get(node.block)
    if block is None:
        return None
    known: dict[str, Category | None] = graph.__dict__.setdefault("families", {})
    if node.block not in known:
        known[node.block] = None
        known[node.block] = _foremost(block.graph, graph)
    return known[node.block]


def _foremost(inside: Graph, around: Graph) -> Category | None:
    """The most frequent family, computing layers before others before those that only change a shape."""
    seen = inside.evolve(blocks={**around.blocks, **inside.blocks})
    if not inside.blocks:
        seen.__dict__["families"] = around.__dict__["families"]
    found = Counter(category_of(node, seen) for node in inside.nodes.values())
    for wanted in (_COMPUTING, tuple(each for each in Category if each not in _QUIET), _QUIET):
        some = {category: found[category] for category in wanted if found[category]}
        if some:
            return max(some, key=lambda category: some[category])
    return None
