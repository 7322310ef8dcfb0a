"""The analysis of a single node, from the answers of the nodes that feed it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from netbuilder.core.graph import Graph, Node, Port
from netbuilder.layers.declare import Category, Layer, LayerError, TensorSpec
from netbuilder.layers.ports import input_ports, output_ports
from netbuilder.layers.settings import resolve
from netbuilder.net import problems as say
from netbuilder.net.analysis_state import Known, Remembered, Run
from netbuilder.net.block_flow import block_flow
from netbuilder.net.blocks import definition
from netbuilder.net.flow import Flow, flow
from netbuilder.net.results import Analysis, Problem

Ports = tuple[str, ...]
Found = list[Problem]
Inputs = tuple[TensorSpec, ...]
Sources = tuple[Inputs, list[Known]]


class NodeAnalyser:
    """Answers for the nodes of one graph; `known` must hold the answers of all that feed a node before it is asked about.

    `previous` is an earlier analysis whose layers are used again, `leaves` are the nodes that feed nobody, `ended` tells whether the
    graph has an output, and `inside` whether it is the inside of a block, which is analysed by `analyze`.
    """

    def __init__(
        self,
        graph: Graph,
        known: Mapping[str, Known],
        previous: Remembered | None,
        *,
        leaves: frozenset[str],
        ended: bool,
        inside: bool,
        analyze: Callable[[Graph], Analysis],
    ) -> None:
        self.graph, self.known, self.previous = graph, known, previous
        self.leaves, self.ended, self.inside = leaves, ended, inside
        self._analyze = analyze

    def answer(self, node: Node) -> Known:
        """Shape, cost and problems of one node."""
        if node.layer == "block":
            return self._block(node)
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
        inputs, feeders = sources
        answer = flow(layer, inputs)
        if isinstance(answer, LayerError):
            return self._refused(node, layer, inputs, answer, ports, found)
        ends = node.layer == "output"
        if answer.shaped.warning and not (ends and self.inside):
            found.append(say.cautioned(node, answer.shaped.warning, layer, inputs, ports))
        linear = self._linear(node, layer, answer, feeders, ports, found)
        if ends and not self.inside:
            self._check_end(layer, feeders[0], found)
        elif self.ended and not ends and node.id in self.leaves:
            found.append(say.dangling(node))
        return _known(node, layer, sources, answer, found, linear=linear)

    def _block(self, node: Node) -> Known:
        try:
            definition(self.graph, node)
        except LayerError as error:
            return Known(node.id, problems=(say.refused(node, error),))
        found: list[Problem] = []
        sources = self._sources(node, input_ports(node, self.graph), found)
        if sources is None:
            return Known(node.id, problems=tuple(found), open=bool(found))
        inputs, _ = sources
        answer = block_flow(self.graph, node, inputs, self._analyze)
        if isinstance(answer, LayerError):
            found.append(say.refused(node, answer))
            return Known(node.id, inputs=inputs, problems=tuple(found))
        if answer.caution is not None:
            found.append(replace(answer.caution, node=node.id))
        if self.ended and node.id in self.leaves:
            found.append(say.dangling(node))
        return _known(node, None, sources, answer.flow, found, layers=answer.layers)

    def _refused(self, node: Node, layer: Layer, inputs: Inputs, error: LayerError, ports: Ports, found: Found) -> Known:
        runs = self._runs(node, ports) if len(inputs) > 1 else []
        found.append(say.refused(node, error, layer, inputs, ports, runs))
        behind = frozenset(before.id for run in runs for before, _ in run)
        return Known(node.id, layer, inputs, problems=tuple(found), behind=behind)

    def _runs(self, node: Node, ports: Ports) -> list[Run]:
        """The layers that lead to each input, which may be at fault."""
        from netbuilder.net.upstream import run_before

        wired = self.graph.inputs_of.get(node.id, {})
        return [run_before(self.graph, self.known, wired.get(port)) for port in ports]

    def _layer(self, node: Node) -> Layer:
        """The node's layer with its settings; that of the earlier analysis where these are the same."""
        earlier = self.previous.answers.get(node.id) if self.previous is not None else None
        if earlier is not None and earlier.layer is not None and self.previous is not None:
            before = self.previous.graph.nodes[node.id]
            if before.layer == node.layer and (before.settings is node.settings or before.settings == node.settings):
                return earlier.layer
        return resolve(node)

    def _variadic_ports(self, node: Node) -> tuple[str, ...]:
        """The wired ports of a layer that takes any number of inputs, and free ones up to two."""
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
        """The only other layer whose result nobody uses yet, if there is exactly one."""
        if len(self.leaves) > 2:
            return None
        others = [self.graph.nodes[id_] for id_ in self.leaves if id_ != node.id and self.graph.nodes[id_].layer != "output"]
        if len(others) != 1 or others[0].id in self.graph.downstream([node.id]):
            return None
        return others[0]

    def _linear(self, node: Node, layer: Layer, answer: Flow, feeders: list[Known], ports: Ports, found: Found) -> str:
        """The name of the linear layer of which this node's output is still a linear map; warns where two follow each other."""
        category = layer.about.category
        if category in (Category.CONVOLUTION, Category.DENSE) and answer.cost.macs:
            if getattr(layer, "groups", 1) != 1:
                return ""
            if feeders[0].linear:
                found.append(say.linear_run(node, ports[0], feeders[0].linear))
            return node.name
        return feeders[0].linear if category is Category.SHAPE and len(feeders) == 1 else ""

    def _check_end(self, layer: Layer, feeder: Known, found: Found) -> None:
        """Warn about probabilities at an output whose loss expects scores."""
        before = self.graph.nodes[feeder.id]
        task = "" if getattr(layer, "loss", "") else getattr(layer, "task", "")
        if (task == "classes" and before.layer == "softmax") or (task == "labels" and before.layer == "sigmoid"):
            found.append(say.double_squash(before))


def _known(node: Node, layer: Layer | None, sources: Sources, answer: Flow, found: Found, *, linear: str = "", layers: int = 1) -> Known:
    inputs, feeders = sources
    shaped, cost, reach, memory = answer
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
        layers=layers,
    )


def _spec(graph: Graph, source: Port, feeder: Known | None) -> TensorSpec | None:
    """What leaves the port `source`; nothing when there is no such port."""
    if feeder is None:
        return None
    node = graph.nodes[source.node]
    names = output_ports(node, graph) if node.layer == "block" else feeder.layer.output_names() if feeder.layer else ()
    return feeder.outputs[names.index(source.name)] if source.name in names else None
