"""The edit that brings a block into a network: its definition, those inside it, and one use."""

from __future__ import annotations

from msgspec.structs import replace

from netbuilder.core.blocks import BLOCK, set_block
from netbuilder.core.clipboard import merge_blocks
from netbuilder.core.edits import Edit, add_node
from netbuilder.core.graph import Block, Graph, Node, fresh_id, fresh_name


def place_block(block: Block, position: tuple[float, float] = (0.0, 0.0)) -> Edit:
    """Define `block` where it is not defined yet and put one use of it on the canvas.

    Definitions inside it become definitions of the network; one that differs from a namesake gets a new name.
    """

    def edit(graph: Graph) -> Graph:
        blocks, called = merge_blocks(graph.blocks, _flat(block))
        name = called.get(block.name, block.name)
        set_block(blocks[name])(graph.evolve(blocks=blocks))
        node = Node(fresh_id(graph.nodes), BLOCK, fresh_name(graph, name), position=position, block=name)
        return add_node(node)(graph.evolve(blocks=blocks))

    return edit


def _flat(block: Block) -> dict[str, Block]:
    """The definition and all inside it by name, none inside another any more."""
    found: dict[str, Block] = {}
    for inner in block.graph.blocks.values():
        found |= _flat(inner)
    return {**found, block.name: replace(block, graph=block.graph.evolve(blocks={})) if block.graph.blocks else block}
