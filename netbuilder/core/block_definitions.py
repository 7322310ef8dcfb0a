"""One block definition: edits of its graph and its name, and where it is defined and used."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from netbuilder.core.blocks import BLOCK, set_block
from netbuilder.core.edits import Edit
from netbuilder.core.errors import GraphError
from netbuilder.core.graph import Block, Graph, Node, Port

_LONGEST_NAME = 256


def graph_at(graph: Graph, path: Sequence[str]) -> Graph:
    """The graph of the definition at `path` (block names, the outermost first), as edits `within` that path see it.

    Its `blocks` are all that may be used there, including those of the surrounding graphs. Raises `GraphError`.
    """
    for name in path:
        inner = find_block(graph, name).graph
        graph = inner.evolve(blocks={**graph.blocks, **inner.blocks})
    return graph


def within(path: Sequence[str], edit: Edit) -> Edit:
    """Turn an edit of the graph inside a block's definition into an edit of the whole; every use changes with it.

    New and changed definitions go where the edited one is defined. Wires at the uses follow renamed inputs and outputs.
    A block that would contain itself is refused.
    """
    if not path:
        return edit

    def whole(graph: Graph) -> Graph:
        name, *rest = path
        block = find_block(graph, name)
        own, shown = block.graph.blocks, graph_at(graph, [name])
        after = within(rest, edit)(shown)
        if after is shown:
            return graph
        local = {key: after.blocks[key] for key in own if key in after.blocks}
        outer = {key: graph.blocks[key] if key in own else after.blocks[key] for key in graph.blocks if key in own or key in after.blocks}
        outer |= {key: added for key, added in after.blocks.items() if key not in graph.blocks and key not in own}
        changed = replace(outer.get(name, block), graph=after.evolve(blocks=local))
        called = tuple(_renamed_ends(block.graph, after, layer) for layer in ("input", "output"))
        result = _checked(graph.evolve(blocks={**outer, name: changed}), graph.blocks)
        return _rewired(result, name, *called) if any(called) else result

    return whole


def way_to(graph: Graph, name: str) -> tuple[str, ...] | None:
    """Ids of the block nodes, the outermost first, that lead into the definition `name`; `None` when nothing uses it."""
    queue: list[tuple[tuple[str, ...], Graph]] = [((), graph)]
    seen: set[str] = set()
    for way, at in queue:
        for node in at.nodes.values():
            if node.layer != BLOCK or node.block in seen or node.block not in at.blocks:
                continue
            if node.block == name:
                return (*way, node.id)
            seen.add(node.block)
            queue.append(((*way, node.id), graph_at(at, [node.block])))
    return None


def home(graph: Graph, path: Sequence[str], name: str) -> tuple[str, ...]:
    """Where the definition `name`, seen from inside `path`, is defined: the part of `path` whose graph holds it."""
    for depth in range(len(path), 0, -1):
        if name in find_block(graph_at(graph, path[: depth - 1]), path[depth - 1]).graph.blocks:
            return tuple(path[:depth])
    return ()


def times_used(graph: Graph, name: str) -> int:
    """How many nodes use the definition `name`, including those inside other definitions."""
    own = sum(node.layer == BLOCK and node.block == name for node in graph.nodes.values())
    return own + sum(times_used(block.graph, name) for block in graph.blocks.values() if name not in block.graph.blocks)


def rename_block(old: str, new: str) -> Edit:
    """Give a definition another name; its uses follow."""

    def edit(graph: Graph) -> Graph:
        find_block(graph, old)
        if new == old:
            return graph
        check_block_name(graph, new)
        called = each_use(graph, old, lambda node: replace(node, block=new))
        renamed = replace(called.blocks[old], name=new)
        return called.evolve(blocks={(new if key == old else key): (renamed if key == old else b) for key, b in called.blocks.items()})

    return edit


def find_block(graph: Graph, name: str) -> Block:
    """The definition called `name`; raises `GraphError`."""
    try:
        return graph.blocks[name]
    except KeyError:
        raise GraphError(f"There is no block “{name}” here.", remedy="Choose one that is defined in this project.") from None


def check_block_name(graph: Graph, name: str) -> None:
    """Raise `GraphError` unless a new definition may be called `name`."""
    if not name.strip() or len(name) > _LONGEST_NAME:
        raise GraphError("A block needs a name.", remedy=f"Type one of at most {_LONGEST_NAME} characters.")
    if name in graph.blocks:
        raise GraphError(f"There is already a block “{name}”.", remedy="Choose a different name.")


def each_use(graph: Graph, name: str, change: Callable[[Node], Node]) -> Graph:
    """The graph with every use of a definition changed, in all other definitions too; namesakes further in are left alone."""
    nodes = {id_: change(node) if node.layer == BLOCK and node.block == name else node for id_, node in graph.nodes.items()}
    blocks = {
        key: block if name in block.graph.blocks else replace(block, graph=each_use(block.graph, name, change))
        for key, block in graph.blocks.items()
    }
    return graph.evolve(nodes=nodes, blocks=blocks)


def _checked(graph: Graph, before: Mapping[str, Block]) -> Graph:
    """The graph, unless one of its changed definitions contains itself."""
    for name, block in graph.blocks.items():
        if before.get(name) is not block:
            set_block(block)(graph)
    return graph


def _renamed_ends(before: Graph, after: Graph, layer: str) -> dict[str, str]:
    """Old name -> new name of those inputs or outputs of a definition that have been renamed."""
    old = {id_: node.name for id_, node in before.nodes.items() if node.layer == layer}
    now = {id_: after.nodes[id_].name for id_ in old if id_ in after.nodes and after.nodes[id_].layer == layer}
    return {old[id_]: name for id_, name in now.items() if old[id_] != name}


def _rewired(graph: Graph, name: str, inputs: Mapping[str, str], outputs: Mapping[str, str]) -> Graph:
    """The graph with the wires at every use of a definition moved to its renamed ports; namesakes further in are left alone."""
    uses = {id_ for id_, node in graph.nodes.items() if node.layer == BLOCK and node.block == name}
    blocks = {
        key: block if name in block.graph.blocks else replace(block, graph=_rewired(block.graph, name, inputs, outputs))
        for key, block in graph.blocks.items()
    }
    if not uses:
        return graph.evolve(blocks=blocks)

    def led(port: Port, called: Mapping[str, str]) -> Port:
        return Port(port.node, called.get(port.name, port.name)) if port.node in uses else port

    return graph.evolve(blocks=blocks, links={led(t, inputs): led(s, outputs) for t, s in graph.links.items()})
