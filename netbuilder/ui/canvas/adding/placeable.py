"""What can be put on the canvas by a key: layers by name, the project's blocks (`block:Stem`), and the library's (`library:inception`)."""

from __future__ import annotations

from typing import NamedTuple

from netbuilder.core.block_placement import block_node, define
from netbuilder.core.edits import Edit, add_node, compound, new_node
from netbuilder.core.graph import Block, Graph, Node
from netbuilder.layers.declare import About, Category, find
from netbuilder.layers.kinship import category_of

OWN, LIBRARY = "block:", "library:"
_FIRST_OF_A_FAMILY = 10


class Stocked(NamedTuple):
    """A node ready to be placed: the graph with the definitions that it needs, and the edit that makes these known and adds it."""

    graph: Graph
    edit: Edit
    node: Node


def take(graph: Graph, key: str, position: tuple[float, float] = (0.0, 0.0)) -> Stocked:
    """What `key` stands for, for a place in `graph`."""
    block = block_of(graph, key)
    if block is None:
        node = new_node(graph, key, position=position)
        return Stocked(graph, add_node(node), node)
    if key.startswith(OWN):
        node = block_node(graph, block, position)
        return Stocked(graph, add_node(node), node)
    node = block_node(graph, block, position)
    return Stocked(define(block)(graph), compound(define(block), add_node(node)), node)


def block_of(graph: Graph, key: str) -> Block | None:
    """The definition that `key` stands for; nothing for a layer, and for a block that is no longer there."""
    if key.startswith(OWN):
        return graph.blocks.get(key.removeprefix(OWN))
    if key.startswith(LIBRARY):
        from netbuilder.templates.blocks import library

        entry = library().get(key.removeprefix(LIBRARY))
        return entry.block if entry is not None else None
    return None


def title_of(graph: Graph, key: str) -> str:
    """The title of what `key` stands for."""
    block, kind = block_of(graph, key), find(key)
    return block.name if block is not None else kind.about.title if kind is not None else key


def passes_on(graph: Graph, key: str) -> bool:
    """Whether it has an input and an output, so that it can stand in a wire."""
    block, kind = block_of(graph, key), find(key)
    if block is not None:
        return {"input", "output"} <= {node.layer for node in block.graph.nodes.values()}
    return kind is not None and bool(kind.about.outputs) and bool(kind.about.inputs or kind.about.variadic)


def blocks_in_stock(graph: Graph, *, library: bool = True) -> list[About]:
    """Blocks as entries of a catalogue, named by their keys: the project's own first, then those of the library that it lacks."""
    found = [_about(OWN + name, block, "A block of this project.", graph, main=True) for name, block in sorted(graph.blocks.items())]
    if library:
        from netbuilder.templates.blocks import library as shelf

        found += [
            _about(LIBRARY + each.name, each.block, each.tip, each.block.graph, main=each.rank % _FIRST_OF_A_FAMILY == 0)
            for each in shelf().values()
            if each.title not in graph.blocks
        ]
    return found


def _about(key: str, block: Block, tip: str, around: Graph, *, main: bool) -> About:
    use = Node("use", "block", "use", block=block.name)
    family = category_of(use, around.evolve(blocks={**around.blocks, block.name: block}))
    return About(key, block.name, family or Category.SHAPE, "block", tip, main=main, keywords=("block", block.name))
