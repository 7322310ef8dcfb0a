"""Finding a loop in a graph: files may contain one, though edits never make any."""

from __future__ import annotations

from collections.abc import Sequence

from netbuilder.core.graph import Graph


def find_loop(graph: Graph, candidates: Sequence[str]) -> tuple[str, ...]:
    """Ids along one loop, each once and in the direction of the data. Every candidate is on a loop or fed by one."""
    inside = set(candidates)
    at = candidates[0]
    walked: dict[str, int] = {}
    path: list[str] = []
    while at not in walked:
        walked[at] = len(path)
        path.append(at)
        at = next(port.node for port in graph.inputs_of[at].values() if port.node in inside)
    return tuple(reversed(path[walked[at] :]))
