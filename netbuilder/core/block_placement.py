"""The edits that bring a block into a network: its definition, those inside it, and one use."""

from __future__ import annotations

from msgspec.structs import replace

from netbuilder.core.blocks import BLOCK, set_block
from netbuilder.core.clipboard import merge_blocks
from netbuilder.core.edits import Edit, add_node
from netbuilder.core.graph import Block, Graph, Node, fresh_id, fresh_name


def define(block: Block) -> Edit:
    """Add a definition and those inside it; one that differs from an existing block of the same name gets a new name."""

    def edit(graph: Graph) -> Graph:
        blocks, called = merge_blocks(graph.blocks, _flat(block))
        return set_block(blocks[called.get(block.name, block.name)])(graph.evolve(blocks=blocks))

    return edit


def block_node(graph: Graph, block: Block, position: tuple[float, float] = (0.0, 0.0)) -> Node:
    """A node that uses the block, ready for `add_node` after `define`, with a free id and a free name."""
    _, called = merge_blocks(graph.blocks, _flat(block))
    name = called.get(block.name, block.name)
    return Node(fresh_id(graph.nodes), BLOCK, fresh_name(graph, name), position=position, block=name)


def place_block(block: Block, position: tuple[float, float] = (0.0, 0.0)) -> Edit:
    """Define `block` where it is not defined yet and put one use of it on the canvas."""
    return lambda graph: add_node(block_node(graph, block, position))(define(block)(graph))


def _flat(block: Block) -> dict[str, Block]:
    """The definition and all definitions inside it, by name, side by side instead of nested."""
    found: dict[str, Block] = {}
    for inner in block.graph.blocks.values():
        found |= _flat(inner)
    return {**found, block.name: replace(block, graph=block.graph.evolve(blocks={})) if block.graph.blocks else block}
