"""The column of each node: after all that feed it, and no further from its neighbours than necessary."""

from __future__ import annotations

from netbuilder.core.graph import Graph


def columns_of(graph: Graph) -> dict[str, int]:
    """The length of the longest path to each node; nodes on a loop come first.

    A node that feeds more than it is fed by stands just before what it feeds, so that fewer long wires remain.
    """
    columns = dict.fromkeys(graph.nodes, 0)
    feeds = {id_: {port.node for port in ports.values()} for id_, ports in graph.inputs_of.items()}
    for id_ in graph.order:
        columns[id_] = max((columns[source] + 1 for source in feeds.get(id_, ()) if source in columns), default=0)
    for id_ in reversed(graph.order):
        followers = {link.target.node for link in graph.outputs_of.get(id_, ())} & columns.keys()
        if followers and len(followers) > len(feeds.get(id_, ())):
            columns[id_] = max(columns[id_], min(columns[follower] for follower in followers) - 1)
    least = min(columns.values(), default=0)
    return {id_: column - least for id_, column in columns.items()}
