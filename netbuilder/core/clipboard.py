"""Copy and paste: layers as readable JSON text, and the edit that puts them back with fresh ids and names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from netbuilder.core.blocks import BLOCK, blocks_used, uses
from netbuilder.core.edits import Edit
from netbuilder.core.errors import GraphError
from netbuilder.core.graph import MOST_NODES, Block, Frame, Graph, Node, Port, fresh_id
from netbuilder.core.names import LONGEST
from netbuilder.core.reading import Misfit, read_graph
from netbuilder.core.strict_json import StrictError, line, parse
from netbuilder.core.writing import write_graph

FORMAT = "netbuilder-layers"
VERSION = 1
Offset = tuple[float, float]


def copy_text(graph: Graph, ids: Iterable[str]) -> str:
    """The chosen nodes and frames, the wires among them and the blocks they use, as text for the clipboard."""
    chosen = frozenset(ids)
    return f'{{\n"format": {line(FORMAT)},\n"version": {VERSION},\n"graph": {write_graph(_part(graph, chosen))}\n}}\n'


def paste_edit(text: str, offset: Offset = (0.0, 0.0)) -> tuple[Edit, tuple[str, ...]]:
    """The edit that adds what `text` holds, moved by `offset`, and the ids that its nodes will have.

    Raises `GraphError` when the text is not a copy of layers.
    """
    try:
        raw = parse(text.encode("utf-8", "surrogatepass"))
        if not isinstance(raw, dict) or raw.get("format") != FORMAT or not isinstance(raw.get("graph"), dict):
            raise StrictError("it is something else")
        if raw.get("version") != VERSION:
            raise Misfit("they come from a newer version of Netbuilder")
        return _paste(read_graph(raw["graph"]), offset)
    except StrictError:
        raise GraphError(
            "The clipboard holds no layers.", remedy="Copy layers on a canvas, or a PyTorch nn.Sequential(...), then paste."
        ) from None
    except Misfit as error:
        raise GraphError(f"The layers on the clipboard cannot be pasted: {error.message}.", remedy=error.remedy or None) from None


def duplicate(graph: Graph, ids: Iterable[str], offset: Offset = (24.0, 24.0)) -> tuple[Edit, tuple[str, ...]]:
    """The edit that adds a copy of the chosen nodes and frames, moved by `offset`, and the ids of the copied nodes."""
    return _paste(_part(graph, frozenset(ids)), offset)


def duplicate_connected(graph: Graph, ids: Iterable[str], offset: Offset = (24.0, 24.0)) -> tuple[Edit, tuple[str, ...]]:
    """Like `duplicate`, but what feeds the chosen nodes from outside also feeds their copies."""
    chosen = [id_ for id_ in graph.nodes if id_ in frozenset(ids)]
    edit, copies = _paste(_part(graph, frozenset(chosen)), offset)
    new = dict(zip(chosen, copies, strict=True))
    fed = {Port(new[t.node], t.name): s for t, s in graph.links.items() if t.node in new and s.node not in new}
    return (lambda before: (after := edit(before)).evolve(links={**after.links, **fed})), copies


def paste(nodes: Iterable[Node], links: Mapping[Port, Port], offset: Offset = (0.0, 0.0)) -> tuple[Edit, tuple[str, ...]]:
    """The edit that adds copies of these nodes and of the wires among them, and the new ids in the same order."""
    return _paste(_part(Graph({node.id: node for node in nodes}, links), None), offset)


def _part(graph: Graph, chosen: frozenset[str] | None) -> Graph:
    nodes = {id_: node for id_, node in graph.nodes.items() if chosen is None or id_ in chosen}
    links = {target: source for target, source in graph.links.items() if target.node in nodes and source.node in nodes}
    frames = {id_: frame for id_, frame in graph.frames.items() if chosen is None or id_ in chosen}
    return Graph(nodes, links, blocks_used(graph, frozenset(node.block for node in nodes.values() if node.layer == BLOCK)), frames)


def _paste(part: Graph, offset: Offset) -> tuple[Edit, tuple[str, ...]]:
    new = _new_ids(part.nodes, "n")
    frames = _new_ids(part.frames, "f")

    def edit(graph: Graph) -> Graph:
        if len(graph.nodes) + len(new) > MOST_NODES:
            raise GraphError(f"A network can have at most {MOST_NODES:,} layers.", remedy="Paste fewer layers.")
        if graph.nodes.keys() & new.values() or graph.frames.keys() & frames.values():
            raise GraphError("These layers have been pasted already.", remedy="Paste once more.")
        blocks, called = merge_blocks(graph.blocks, part.blocks)
        nodes = dict(graph.nodes)
        names = _free_names(graph, part)
        for id_, node in part.nodes.items():
            block = called.get(node.block, node.block)
            nodes[new[id_]] = replace(node, id=new[id_], name=names[id_], position=_moved(node, offset), block=block)
        links = {Port(new[t.node], t.name): Port(new[s.node], s.name) for t, s in part.links.items()}
        copies = {frames[id_]: replace(frame, id=frames[id_], position=_moved(frame, offset)) for id_, frame in part.frames.items()}
        return graph.evolve(nodes=nodes, links={**graph.links, **links}, blocks=blocks, frames={**graph.frames, **copies})

    return edit, tuple(new.values())


def _new_ids(ids: Iterable[str], prefix: str) -> dict[str, str]:
    """Old id -> new id, long enough not to clash with any in the graph they go to."""
    taken: dict[str, str] = {}
    for id_ in ids:
        taken[fresh_id(taken, prefix, letters=7)] = id_
    return {id_: new for new, id_ in taken.items()}


def _moved(item: Node | Frame, offset: Offset) -> tuple[float, float]:
    return item.position[0] + offset[0], item.position[1] + offset[1]


def _free_names(graph: Graph, part: Graph) -> dict[str, str]:
    """A name for each pasted node: its own where that is free, otherwise its stem with the next free number."""
    taken = set(graph.by_name)
    numbers: dict[str, int] = {}
    names: dict[str, str] = {}
    for id_, node in part.nodes.items():
        name = node.name
        stem = re.sub(r"_\d+$", "", name)[: LONGEST - 6]
        while name in taken:
            numbers[stem] = numbers.get(stem, 0) + 1
            name = f"{stem}_{numbers[stem]}"
        taken.add(name)
        names[id_] = name
    return names


def merge_blocks(present: Mapping[str, Block], pasted: Mapping[str, Block]) -> tuple[Mapping[str, Block], dict[str, str]]:
    """All definitions, and the new name of each pasted one: it changes only where a different block already has that name."""
    clashes = {name for name, block in pasted.items() if name in present and present[name] != block}
    while more := {name for name in pasted.keys() & present.keys() - clashes if uses(pasted[name].graph) & clashes}:
        clashes |= more
    if not pasted.keys() - present.keys() and not clashes:
        return present, {}
    called: dict[str, str] = {}
    for name in pasted:
        number = 2
        called[name] = name
        while name in clashes and (called[name] in present or called[name] in pasted):
            called[name] = f"{name} {number}"
            number += 1
    added = {called[name]: Block(called[name], _recalled(b.graph, called), b.parameters, b.extra) for name, b in pasted.items()}
    return {**present, **{name: block for name, block in added.items() if name not in present}}, called


def _recalled(graph: Graph, called: Mapping[str, str]) -> Graph:
    """Another block's graph, in which uses of renamed blocks follow."""
    nodes = {id_: replace(node, block=called.get(node.block, node.block)) for id_, node in graph.nodes.items()}
    return graph.evolve(nodes=nodes)
