"""The order of computation: which layer takes which values. The compiler and the source writer both follow it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Graph, Node, Port
from netbuilder.layers.declare import Passthrough, Target, TensorSpec
from netbuilder.layers.ports import input_ports, output_ports
from netbuilder.net.analysis import analyze
from netbuilder.net.blocks import input_nodes, instantiate, output_nodes
from netbuilder.net.results import Analysis


class CompileError(NetbuilderError):
    """A network that cannot be made into a module. `place` is a node id."""


class Ref(NamedTuple):
    """A value: what a node gives, or one of several things it gives when `part` is a number."""

    node: str
    part: int | None = None


@dataclass(frozen=True)
class Step:
    """One computation. `live` steps lead to an output.

    `target` is `None` for a block, whose repeats are `parts`, or the only one when they share their weights.
    """

    node: Node
    target: Target | None
    arguments: tuple[Ref, ...]
    outputs: tuple[TensorSpec, ...]
    live: bool
    parts: tuple[Plan, ...] = ()

    @property
    def shared(self) -> bool:
        """Whether the only part stands for all repeats, which share its weights."""
        return self.node.linked and bool(self.parts)


@dataclass(frozen=True)
class Plan:
    """A whole network: inputs by node, steps in order, and the values to return. `aliases` are nodes that compute nothing."""

    graph: Graph
    analysis: Analysis
    inputs: tuple[Node, ...]
    steps: tuple[Step, ...]
    outputs: tuple[Ref, ...]
    aliases: dict[str, Ref]


def plan(graph: Graph) -> Plan:
    """Lay out the computation; raises `CompileError` with the first problem that keeps the network from running."""
    analysis = analyze(graph)
    if analysis.errors:
        first = analysis.errors[0]
        where = f"“{graph.nodes[first.node].name}”: " if first.node and graph.nodes[first.node].name not in first.message else ""
        raise CompileError(f"{where}{first.message}", place=first.node, remedy=first.remedy or None)
    aliases: dict[str, Ref] = {}
    live = _reaching(graph)
    steps = []
    for id_ in _branch_by_branch(graph):
        node, known = graph.nodes[id_], analysis.nodes[id_]
        if node.layer == "input":
            continue
        arguments = tuple(
            _ref(graph, graph.inputs_of[id_][port], aliases) for port in input_ports(node, graph) if port in graph.inputs_of[id_]
        )
        target = known.layer.target(known.inputs) if known.layer else None
        if isinstance(target, Passthrough):
            aliases[id_] = arguments[0]
            continue
        parts = () if known.layer else _parts(graph, node, known.inputs)
        steps.append(Step(node, target, arguments, known.outputs, id_ in live, parts))
    outputs = tuple(aliases[node.id] for node in output_nodes(graph))
    return Plan(graph, analysis, input_nodes(graph), tuple(steps), outputs, aliases)


def _ref(graph: Graph, source: Port, aliases: dict[str, Ref]) -> Ref:
    if source.node in aliases:
        return aliases[source.node]
    names = output_ports(graph.nodes[source.node], graph)
    return Ref(source.node, names.index(source.name) if len(names) > 1 else None)


def _reaching(graph: Graph) -> set[str]:
    """Nodes from which an output can be reached."""
    queue = [node.id for node in output_nodes(graph)]
    seen = set(queue)
    while queue:
        for port in graph.inputs_of.get(queue.pop(), {}).values():
            if port.node not in seen:
                seen.add(port.node)
                queue.append(port.node)
    return seen


def _branch_by_branch(graph: Graph) -> list[str]:
    """All nodes, each after those that feed it, one branch finished before the next begins: how a person writes it down."""
    order: list[str] = []
    seen: set[str] = set()
    ends = [node.id for node in (*input_nodes(graph), *output_nodes(graph))]
    for end in (*ends, *graph.order):
        stack = [(end, False)]
        while stack:
            id_, ready = stack.pop()
            if ready:
                order.append(id_)
            elif id_ not in seen:
                seen.add(id_)
                stack.append((id_, True))
                stack.extend((port.node, False) for port in reversed(list(graph.inputs_of.get(id_, {}).values())))
    return order


def _parts(graph: Graph, node: Node, inputs: tuple[TensorSpec, ...]) -> tuple[Plan, ...]:
    """The plan of each repeat of a block; repeats that get the same shapes share one."""
    parts: list[Plan] = []
    for _ in range(1 if node.linked else node.repeat):
        if parts and _results(parts[-1]) == inputs and _takes(parts[-1]) == inputs:
            parts.append(parts[-1])
            continue
        inputs = _results(parts[-1]) if parts else inputs
        parts.append(plan(instantiate(graph, node, inputs)))
    return tuple(parts)


def _results(part: Plan) -> tuple[TensorSpec, ...]:
    return tuple(part.analysis.nodes[node.id].inputs[0] for node in output_nodes(part.graph))


def _takes(part: Plan) -> tuple[TensorSpec, ...]:
    return tuple(part.analysis.nodes[node.id].outputs[0] for node in part.inputs)
