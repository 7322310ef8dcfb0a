"""The same network with more or fewer layers: a block repeated, or a chain of layers copied or left out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec.structs import replace

from netbuilder.core.blocks import BLOCK, set_repeat
from netbuilder.core.clipboard import duplicate
from netbuilder.core.edits import move
from netbuilder.core.errors import GraphError
from netbuilder.core.graph import Graph, Port
from netbuilder.core.layout import arrange
from netbuilder.net.analysis import analyze
from netbuilder.net.widening import widenable

_MOST_TRIED = 40


def repeated(graph: Graph, names: Sequence[str], times: int) -> Graph:
    """The network with `times` copies, one after another, of the chain of layers called `names`, arranged anew; 0 leaves it out.

    A single block is repeated. Raises `GraphError` when the layers are no chain.
    """
    ids = _known(graph, names)
    if times > 0 and len(ids) == 1 and graph.nodes[ids[0]].layer == BLOCK:
        return set_repeat(ids[0], times)(graph)
    enters, leaves = _ends(graph, ids)
    if times == 0:
        links = {t: enters if s == leaves else s for t, s in graph.links.items() if t.node not in ids}
        return graph.evolve(nodes={id_: node for id_, node in graph.nodes.items() if id_ not in ids}, links=links)
    result = graph
    after = [target for target, source in graph.links.items() if source == leaves and target.node not in ids]
    inner = [target for target, source in graph.links.items() if source == enters and target.node in ids]
    for number in range(1, times):
        edit, copies = duplicate(graph, ids)
        result = _named(graph, edit(result), ids, copies, number)
        new = dict(zip((id_ for id_ in graph.nodes if id_ in ids), copies, strict=True))
        previous, leaves = leaves, Port(new[_ends(graph, ids)[1].node], leaves.name)
        fed = {Port(new[target.node], target.name): previous for target in inner}
        result = result.evolve(links={**result.links, **fed, **dict.fromkeys(after, leaves)})
    return move(arrange(result))(result) if times > 1 else result


def chains(graph: Graph) -> tuple[tuple[str, ...], ...]:
    """The chains that can be copied so that the network still works: blocks, and hidden layers with the element-wise layers behind them."""
    found: list[tuple[str, ...]] = []
    for name in widenable(graph)[:_MOST_TRIED]:
        chain = _with_followers(graph, graph.by_name[name].id)
        try:
            twice = repeated(graph, chain, 2)
        except GraphError:
            continue
        if not analyze(twice).errors:
            found.append(chain)
    return tuple(found)


def _with_followers(graph: Graph, id_: str) -> tuple[str, ...]:
    """A layer and those behind it, as long as there is one way on and they leave the shape as it is."""
    answers = analyze(graph).answers
    names = [graph.nodes[id_].name]
    if graph.nodes[id_].layer == BLOCK:
        return tuple(names)
    while len(links := graph.outputs_of.get(id_, ())) == 1:
        id_ = links[0].target.node
        answer = answers.get(id_)
        if answer is None or len(graph.inputs_of[id_]) != 1 or graph.nodes[id_].layer in ("output", BLOCK):
            break
        if answer.macs or [spec.shape for spec in answer.inputs] != [spec.shape for spec in answer.outputs]:
            break
        names.append(graph.nodes[id_].name)
    return tuple(names)


def _known(graph: Graph, names: Sequence[str]) -> tuple[str, ...]:
    for name in names:
        if name not in graph.by_name:
            raise GraphError(f"There is no layer “{name}”.", remedy=f"There are: {', '.join(graph.by_name)}.")
    if not names:
        raise GraphError("No layer is chosen to be repeated.", remedy="Choose a block, or layers that follow each other.")
    return tuple(graph.by_name[name].id for name in names)


def _ends(graph: Graph, ids: Collection[str]) -> tuple[Port, Port]:
    """What feeds the chain, and the port at which it ends."""
    enters = {source for target, source in graph.links.items() if target.node in ids and source.node not in ids}
    leaves = {source for target, source in graph.links.items() if source.node in ids and target.node not in ids}
    if len(enters) != 1 or len(leaves) != 1 or any(graph.nodes[id_].layer in ("input", "output") for id_ in ids):
        names = ", ".join(graph.nodes[id_].name for id_ in ids)
        raise GraphError(
            f"{names}: these layers are no chain with one way in and one way out, so copies cannot follow each other.",
            place=next(iter(ids)),
            remedy="Choose layers that follow each other, without the input and the output.",
        )
    return enters.pop(), leaves.pop()


def _named(before: Graph, after: Graph, ids: Collection[str], copies: Sequence[str], number: int) -> Graph:
    """The copies, named after their originals: `hidden1_copy1`."""
    nodes = dict(after.nodes)
    for old, new in zip((id_ for id_ in before.nodes if id_ in ids), copies, strict=True):
        name = f"{before.nodes[old].name}_copy{number}"
        if name not in after.by_name:
            nodes[new] = replace(nodes[new], name=name)
    return after.evolve(nodes=nodes)
