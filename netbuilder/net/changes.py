"""What an edit can have changed for the analysis, and which of the graph's cached views it left valid."""

from __future__ import annotations

from netbuilder.core.graph import Graph, Link, Node, Port


def means_the_same(a: Node, b: Node) -> bool:
    """Whether two versions of a node compute the same: they differ in position or unknown fields at most."""
    return (
        a.layer == b.layer
        and a.name == b.name
        and (a.settings is b.settings or a.settings == b.settings)
        and a.block == b.block
        and a.repeat == b.repeat
        and a.linked == b.linked
    )


def changed_wires(before: Graph, after: Graph) -> set[Port]:
    """Input ports that are now fed by another port or by none."""
    if before.links is after.links:
        return set()
    old, new = before.links, after.links
    return {t for t, s in new.items() if old.get(t) != s} | (old.keys() - new.keys())


def changed_nodes(before: Graph, after: Graph) -> tuple[set[str], bool]:
    """Nodes that are new, gone or mean something else, with those behind renamed ones; and whether any name changed."""
    if before.nodes is after.nodes:
        return set(), False
    changed: set[str] = set()
    renamed = False
    old = before.nodes
    for id_, node in after.nodes.items():
        earlier = old.get(id_)
        if earlier is node:
            continue
        if earlier is None or not means_the_same(earlier, node):
            changed.add(id_)
            if earlier is not None and earlier.name != node.name:
                renamed = True
                changed.update(link.target.node for link in after.outputs_of.get(id_, ()))
    for id_ in old.keys() - after.nodes.keys():
        changed.update(link.target.node for link in after.outputs_of.get(id_, ()))
    return changed, renamed


def inherit(before: Graph, after: Graph, wires: set[Port], same_ids: bool) -> None:
    """Give `after` those cached views of `before` that are still right, so that they need not be built again."""
    known = after.__dict__
    if not wires:
        known.setdefault("inputs_of", before.inputs_of)
        known.setdefault("outputs_of", before.outputs_of)
        if same_ids:
            known.setdefault("order", before.order)
        return
    fed = {target.node for target in wires}
    feeding = {p for t in wires for p in (_feeder(before, t), _feeder(after, t)) if p}
    inputs = {id_: ports for id_, ports in before.inputs_of.items() if id_ not in fed}
    outputs = {id_: links for id_, links in before.outputs_of.items() if id_ not in feeding}
    for target, source in after.links.items():
        if target.node in fed:
            inputs[target.node] = {**inputs.get(target.node, {}), target.name: source}
        if source.node in feeding:
            outputs[source.node] = (*outputs.get(source.node, ()), Link(source, target))
    known.setdefault("inputs_of", inputs)
    known.setdefault("outputs_of", outputs)


def _feeder(graph: Graph, target: Port) -> str | None:
    source = graph.links.get(target)
    return source.node if source else None
