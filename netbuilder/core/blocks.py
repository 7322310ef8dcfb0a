"""Blocks: edits that define and remove them or repeat a use, and which blocks need which."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from netbuilder.core.edits import Edit
from netbuilder.core.errors import GraphError
from netbuilder.core.graph import MOST_REPEATS, Block, Graph, Node

BLOCK = "block"
"""The `layer` of every node that uses a block."""


def set_block(block: Block) -> Edit:
    """Define a block, or replace the definition with the same name. One that would contain itself is refused."""

    def edit(graph: Graph) -> Graph:
        if not block.name:
            raise GraphError("A block needs a name.", remedy="Type one.")
        blocks = {**graph.blocks, block.name: block}
        path = _way(blocks, block.name, block.name)
        if path:
            chain = " → ".join(f"“{name}”" for name in path)
            raise GraphError(
                f"The block “{block.name}” would contain itself: {chain}.", remedy="Remove that use of it from inside the block."
            )
        return graph.evolve(blocks=blocks)

    return edit


def remove_block(name: str) -> Edit:
    """Take a definition away; refused while something uses it."""

    def edit(graph: Graph) -> Graph:
        if name not in graph.blocks:
            raise GraphError(f"There is no block “{name}”.")
        users = [f"“{node.name}”" for node in graph.nodes.values() if node.layer == BLOCK and node.block == name]
        users += [f"the block “{other.name}”" for other in graph.blocks.values() if name in uses(other.graph)]
        if users:
            raise GraphError(f"The block “{name}” is still used by {', '.join(users[:3])}.", remedy="Remove these first.")
        return graph.evolve(blocks={key: block for key, block in graph.blocks.items() if key != name})

    return edit


def set_repeat(id_: str, times: int) -> Edit:
    """Let a block's node stand for `times` copies in a row."""

    def edit(graph: Graph) -> Graph:
        node = _use(graph, id_, "can be repeated")
        if type(times) is not int or not 1 <= times <= MOST_REPEATS:
            raise GraphError(
                f"A block cannot be repeated {times} times.", place=id_, remedy=f"Choose a whole number from 1 to {MOST_REPEATS:,}."
            )
        return graph.evolve(nodes={**graph.nodes, id_: replace(node, repeat=times)})

    return edit


def set_linked(id_: str, linked: bool) -> Edit:
    """Let all repeats of a block share one set of weights, or give each its own."""

    def edit(graph: Graph) -> Graph:
        node = _use(graph, id_, "can share weights")
        return graph.evolve(nodes={**graph.nodes, id_: replace(node, linked=bool(linked))})

    return edit


def blocks_used(graph: Graph, roots: frozenset[str]) -> dict[str, Block]:
    """The definitions that the named blocks need, themselves included."""
    found: dict[str, Block] = {}
    queue = sorted(roots)
    while queue:
        name = queue.pop()
        if name in graph.blocks and name not in found:
            found[name] = graph.blocks[name]
            queue.extend(sorted(uses(found[name].graph)))
    return {name: block for name, block in graph.blocks.items() if name in found}


def uses(graph: Graph) -> frozenset[str]:
    """Names of the blocks that nodes of this graph, or of definitions inside it, use from outside."""
    used = {node.block for node in graph.nodes.values() if node.layer == BLOCK}
    for inner in graph.blocks.values():
        used |= uses(inner.graph)
    return frozenset(used - graph.blocks.keys())


def _use(graph: Graph, id_: str, ability: str) -> Node:
    """The node `id_`, which must use a block; `ability` says what only blocks can do."""
    node = graph.nodes.get(id_)
    if node is None:
        raise GraphError("This layer is no longer in the network.", place=id_)
    if node.layer != BLOCK:
        raise GraphError(f"Only blocks {ability}; “{node.name}” is a layer.", place=id_, remedy="Make a block of it first.")
    return node


def _way(blocks: Mapping[str, Block], start: str, goal: str) -> list[str]:
    """Block names along which `start` contains `goal`, or nothing."""
    came: dict[str, str] = {}
    queue = [start]
    while queue:
        at = queue.pop()
        for inner in sorted(uses(blocks[at].graph)) if at in blocks else ():
            if inner == goal:
                path = [goal, at]
                while path[-1] != start:
                    path.append(came[path[-1]])
                return path[::-1]
            if inner not in came:
                came[inner] = at
                queue.append(inner)
    return []
