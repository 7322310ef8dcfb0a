"""The analysis of a graph: shapes, costs and problems of every node, working out anew only what an edit can have changed."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from netbuilder.core.graph import Graph, Node, Port
from netbuilder.layers.declare import Category, Layer, LayerError, TensorSpec
from netbuilder.layers.ports import input_ports, output_ports
from netbuilder.layers.settings import resolve
from netbuilder.net import problems as say
from netbuilder.net.analysis_state import Known, Remembered, Run
from netbuilder.net.block_flow import block_flow
from netbuilder.net.blocks import definition
from netbuilder.net.changes import changed_nodes, changed_wires, inherit
from netbuilder.net.flow import Flow, flow
from netbuilder.net.loops import find_loop
from netbuilder.net.results import Analysis, Problem, Severity

Ports = tuple[str, ...]
Found = list[Problem]
Sources = tuple[tuple[TensorSpec, ...], list[Known]]


def analyze(graph: Graph, previous: Analysis | None = None) -> Analysis:
    """Everything about `graph`. Nodes that an edit since `previous` cannot have changed keep their answers as they are."""
    return _Pass(graph, previous).run()


def analyze_inside(graph: Graph, previous: Analysis | None = None) -> Analysis:
    """The analysis of what a block computes: its outputs are wires to the outside, so what they are learned from is no matter here."""
    return _Pass(graph, previous, inside=True).run()


class _Pass:
    """One analysis in the making."""

    def __init__(self, graph: Graph, earlier: Analysis | None, *, inside: bool = False) -> None:
        self.graph = graph
        self.previous = previous = earlier if isinstance(earlier, Remembered) else None
        self.inside = inside or (previous is not None and previous.inside)
        self.old: Mapping[str, Known] = previous.answers if previous else {}
        self.same_ids = previous is not None and (previous.graph.nodes is graph.nodes or previous.graph.nodes.keys() == graph.nodes.keys())
        self.wires: set[Port] = set()
        if previous is not None:
            self.wires = changed_wires(previous.graph, graph)
            inherit(previous.graph, graph, self.wires, self.same_ids)
        untouched = previous is not None and self.same_ids and not self.wires
        self.leaves = previous.leaves if previous and untouched else frozenset(graph.nodes.keys() - graph.outputs_of.keys())
        self.ended = any(node.layer == "output" for node in reversed(tuple(graph.nodes.values())))
        self.known: dict[str, Known] = dict(self.old) if self.same_ids else {}

    def run(self) -> Analysis:
        graph, previous, known, old = self.graph, self.previous, self.known, self.old
        dirty = self._dirty()
        whole = len(graph.order) == len(graph.nodes)
        if previous is not None and not dirty and not self.wires and self.same_ids and whole:
            return replace(previous, graph=graph)
        for id_ in graph.order:
            if id_ in dirty:
                answer = known[id_] = self._judge(graph.nodes[id_])
            else:
                if not self.same_ids:
                    known[id_] = old[id_]
                continue
            if previous is not None:
                before = old.get(id_)
                if before is None or _differs(before, answer):
                    dirty.update(link.target.node for link in graph.outputs_of.get(id_, ()))
        if not whole:
            self._loops()
        return self._total()

    def _dirty(self) -> set[str]:
        """Nodes to judge again: changed ones, ends of changed wires, and those whose problems depend on the whole."""
        graph, previous = self.graph, self.previous
        if previous is None:
            return set(graph.nodes)
        dirty, renamed = changed_nodes(previous.graph, graph)
        dirty.update(target.node for target in self.wires)
        dirty |= self.leaves ^ previous.leaves
        if graph.blocks is not previous.graph.blocks:
            dirty.update(id_ for id_, node in graph.nodes.items() if node.layer == "block")
        if self.ended != previous.ended:
            dirty |= self.leaves
        if renamed or self.wires or self.leaves != previous.leaves:
            dirty.update(id_ for id_, answer in self.old.items() if answer.open)
        at_fault = (self.old.get(problem.node or "") for problem in previous.problems)
        dirty.update([answer.id for answer in at_fault if answer is not None and not answer.behind.isdisjoint(dirty)])
        return dirty & graph.nodes.keys()

    def _judge(self, node: Node) -> Known:
        """One node's answer, from the answers of those that feed it."""
        if node.layer == "block":
            return self._judge_block(node)
        try:
            layer = self._layer(node)
        except LayerError as error:
            return Known(node.id, problems=(say.refused(node, error),))
        about = layer.about
        ports = self._variadic_ports(node) if about.variadic else about.inputs
        if about.optional:
            wired = self.graph.inputs_of.get(node.id, {})
            ports = tuple(name for name in ports if name in wired or name not in about.optional)
        found: list[Problem] = []
        sources = self._sources(node, ports, found)
        if sources is None:
            return Known(node.id, layer, problems=tuple(found), open=bool(found))
        inputs, _ = sources
        answer = flow(layer, inputs)
        if isinstance(answer, LayerError):
            runs = self._runs(node, ports) if len(inputs) > 1 else []
            found.append(say.refused(node, answer, layer, inputs, ports, runs))
            behind = frozenset(before.id for run in runs for before, _ in run)
            return Known(node.id, layer, inputs, problems=tuple(found), behind=behind)
        return self._answered(node, layer, sources, answer, ports, found)

    def _answered(self, node: Node, layer: Layer, sources: Sources, answer: Flow, ports: Ports, found: Found) -> Known:
        inputs, feeders = sources
        shaped, cost, reach, memory = answer
        ends = node.layer == "output"
        if shaped.warning and not (ends and self.inside):
            found.append(say.cautioned(node, shaped.warning, layer, inputs, ports))
        linear = self._linear(node, layer, answer, feeders, ports, found)
        if ends and not self.inside:
            self._check_end(layer, feeders[0], found)
        elif self.ended and not ends and node.id in self.leaves:
            found.append(say.dangling(node))
        return Known(
            node.id,
            layer,
            inputs,
            shaped.outputs,
            cost.parameters,
            cost.macs,
            memory,
            tuple(found),
            shaped.why,
            cost.why,
            tuple([feeder.id for feeder in feeders]),
            reach,
            linear=linear,
        )

    def _runs(self, node: Node, ports: Ports) -> list[Run]:
        """The layers that lead to each input, which may be at fault."""
        from netbuilder.net.upstream import run_before

        wired = self.graph.inputs_of.get(node.id, {})
        return [run_before(self.graph, self.known, wired.get(port)) for port in ports]

    def _layer(self, node: Node) -> Layer:
        earlier = self.old.get(node.id)
        if earlier is not None and earlier.layer is not None and self.previous is not None:
            before = self.previous.graph.nodes[node.id]
            if before.layer == node.layer and (before.settings is node.settings or before.settings == node.settings):
                return earlier.layer
        return resolve(node)

    def _variadic_ports(self, node: Node) -> tuple[str, ...]:
        names = input_ports(node, self.graph)
        wired = self.graph.inputs_of.get(node.id, {})
        used = tuple(name for name in names if name in wired)
        return used if len(used) >= 2 else (*used, *(name for name in names if name not in wired))[:2]

    def _sources(self, node: Node, ports: Ports, found: Found) -> Sources | None:
        """What arrives at each port and from where; `None` when something is missing, with its problem unless told elsewhere."""
        wired = self.graph.inputs_of.get(node.id, {})
        for name in wired:
            if name not in ports:
                found.append(say.no_such_port(node, name, ports))
        inputs: list[TensorSpec] = []
        feeders: list[Known] = []
        for port in ports:
            source = wired.get(port)
            if source is None:
                found.append(say.no_wire(node, port, len(ports) > 1, self._spare(node)))
                continue
            feeder = self.known.get(source.node)
            if feeder is not None and not feeder.outputs:
                continue
            spec = _spec(self.graph, source, feeder)
            if spec is None or feeder is None:
                found.append(say.no_such_source(node, port, source, self.graph.nodes.get(source.node)))
                continue
            inputs.append(spec)
            feeders.append(feeder)
        return (tuple(inputs), feeders) if len(inputs) == len(ports) else None

    def _spare(self, node: Node) -> Node | None:
        """The only other layer whose result nobody uses yet, if it is the only one."""
        if len(self.leaves) > 2:
            return None
        others = [self.graph.nodes[id_] for id_ in self.leaves if id_ != node.id and self.graph.nodes[id_].layer != "output"]
        if len(others) != 1 or others[0].id in self.graph.downstream([node.id]):
            return None
        return others[0]

    def _linear(self, node: Node, layer: Layer, answer: Flow, feeders: list[Known], ports: Ports, found: Found) -> str:
        """Which linear layer this is still a linear map of; adds a warning where two follow each other."""
        category = layer.about.category
        if category in (Category.CONVOLUTION, Category.DENSE) and answer.cost.macs:
            if getattr(layer, "groups", 1) != 1:
                return ""
            if feeders[0].linear:
                found.append(say.linear_run(node, ports[0], feeders[0].linear))
            return node.name
        return feeders[0].linear if category is Category.SHAPE and len(feeders) == 1 else ""

    def _check_end(self, layer: Layer, feeder: Known, found: Found) -> None:
        before = self.graph.nodes[feeder.id]
        task = "" if getattr(layer, "loss", "") else getattr(layer, "task", "")
        if (task == "classes" and before.layer == "softmax") or (task == "labels" and before.layer == "sigmoid"):
            found.append(say.double_squash(before))

    def _judge_block(self, node: Node) -> Known:
        try:
            definition(self.graph, node)
        except LayerError as error:
            return Known(node.id, problems=(say.refused(node, error),))
        found: list[Problem] = []
        sources = self._sources(node, input_ports(node, self.graph), found)
        if sources is None:
            return Known(node.id, problems=tuple(found), open=bool(found))
        inputs, feeders = sources
        answer = block_flow(self.graph, node, inputs, analyze_inside)
        if isinstance(answer, LayerError):
            found.append(say.refused(node, answer))
            return Known(node.id, inputs=inputs, problems=tuple(found))
        shaped, cost, reach, memory = answer.flow
        if answer.caution is not None:
            found.append(replace(answer.caution, node=node.id))
        if self.ended and node.id in self.leaves:
            found.append(say.dangling(node))
        return Known(
            node.id,
            None,
            inputs,
            shaped.outputs,
            cost.parameters,
            cost.macs,
            memory,
            tuple(found),
            shaped.why,
            cost.why,
            tuple([feeder.id for feeder in feeders]),
            reach,
            layers=answer.layers,
        )

    def _loops(self) -> None:
        """Nodes on a loop, or fed by one, have no shapes; one problem names the loop."""
        ordered = set(self.graph.order)
        left = [id_ for id_ in self.graph.nodes if id_ not in ordered]
        path = find_loop(self.graph, left)
        for id_ in left:
            problems = (say.loop(self.graph, path),) if id_ == path[0] else ()
            self.known[id_] = Known(id_, problems=problems)

    def _total(self) -> Analysis:
        parameters = macs = memory = 0
        errors: list[Problem] = say.missing_ends(self.graph, self.leaves)
        warnings: list[Problem] = []
        for answer in self.known.values():
            parameters += answer.parameters
            macs += answer.macs
            memory += answer.memory
            if answer.problems:
                for problem in answer.problems:
                    (errors if problem.severity is Severity.ERROR else warnings).append(problem)
        return Remembered(self.graph, self.known, parameters, macs, memory, (*errors, *warnings), self.leaves, self.ended, self.inside)


def _spec(graph: Graph, source: Port, feeder: Known | None) -> TensorSpec | None:
    """What leaves the port `source`; nothing when there is no such port."""
    if feeder is None:
        return None
    node = graph.nodes[source.node]
    names = output_ports(node, graph) if node.layer == "block" else feeder.layer.output_names() if feeder.layer else ()
    return feeder.outputs[names.index(source.name)] if source.name in names else None


def _differs(before: Known, after: Known) -> bool:
    """Whether followers must be judged again."""
    return before.outputs != after.outputs or before.linear != after.linear or type(before.layer) is not type(after.layer)
