"""What can be wrong with a network, in words, and the edits that mend it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from netbuilder.core.edits import Edit, connect
from netbuilder.core.graph import Graph, Node, Port
from netbuilder.layers.declare import Layer, LayerError, TensorSpec, find
from netbuilder.net.analysis_state import Run
from netbuilder.net.block_flow import InsideError
from netbuilder.net.repairs import append_after, drop_wires, exchange, insert_before, prepend, searched_fixes, settings_fixes
from netbuilder.net.results import Fix, Problem, Severity

Specs = Sequence[TensorSpec]


def title(node: Node) -> str:
    """A node as messages name it: `Conv2d “C3”`."""
    kind = find(node.layer)
    kind_title = kind.about.title if kind else "Block" if node.layer == "block" else node.layer
    return f"{kind_title} “{node.name}”"


def refused(
    node: Node, error: LayerError, layer: Layer | None = None, inputs: Specs = (), ports: Sequence[str] = (), runs: Sequence[Run] = ()
) -> Problem:
    """A layer that cannot work with its settings or with what arrives, by `runs` of layers where several inputs do."""
    if isinstance(error, InsideError):
        return replace(error.problem, node=node.id)
    fixes = (*settings_fixes(node, error), *(searched_fixes(node, layer, inputs, ports, error) if layer else ()))
    if layer is not None and runs:
        from netbuilder.net.upstream import upstream_fixes

        sizes, channels = upstream_fixes(layer, inputs, runs)
        fixes = (*sizes, *fixes, *channels)
    remedy = error.remedy or ""
    if layer is None and find(node.layer) is None and node.layer != "block":
        remedy = f"The network cannot run with it. {remedy}"
    return Problem(Severity.ERROR, node.id, error.message, remedy, error.setting, fixes, error.inside)


def cautioned(node: Node, text: str, layer: Layer, inputs: Specs, ports: Sequence[str]) -> Problem:
    """A layer that works, though probably not as meant."""
    return Problem(Severity.WARNING, node.id, text, fixes=searched_fixes(node, layer, inputs, ports))


def no_wire(node: Node, port: str, several: bool, spare: Node | None) -> Problem:
    """An input that nothing feeds. `spare` is the one layer whose output is not used yet."""
    which = f" at “{port}”" if several else ""
    fixes = (Fix(f"Connect “{spare.name}” to it", _connection(spare, node, port)),) if spare else ()
    return Problem(Severity.ERROR, node.id, f"{title(node)} has no input{which}.", "Connect a layer to it.", fixes=fixes)


def no_such_port(node: Node, port: str, ports: Sequence[str]) -> Problem:
    """A wire that ends at an input this layer does not have."""
    known = ", ".join(f"“{name}”" for name in ports) or "none"
    fix = Fix("Remove the wire", drop_wires(Port(node.id, port)))
    return Problem(Severity.ERROR, node.id, f"{title(node)} has no input “{port}”.", f"Its inputs: {known}. Remove the wire.", fixes=(fix,))


def no_such_source(node: Node, port: str, source: Port, feeder: Node | None) -> Problem:
    """A wire that begins at nothing."""
    where = f"{title(feeder)} has no output “{source.name}”" if feeder else "The layer where this wire begins is not there"
    fix = Fix("Remove the wire", drop_wires(Port(node.id, port)))
    return Problem(Severity.ERROR, node.id, f"{where}, but {title(node)} is wired to it.", "Remove the wire.", fixes=(fix,))


def loop(graph: Graph, path: Sequence[str]) -> Problem:
    """Layers that feed each other in a circle; `path` lists each once."""
    names = " → ".join(graph.nodes[id_].name for id_ in (*path, path[0]))
    closing = [target for target, source in graph.links.items() if source.node == path[-1] and target.node == path[0]]
    label = f"Remove the wire from “{graph.nodes[path[-1]].name}” to “{graph.nodes[path[0]].name}”"
    fix = Fix(label, drop_wires(*closing))
    return Problem(
        Severity.ERROR, path[0], f"These layers feed each other in a loop: {names}.", "Data must flow one way; remove a wire.", fixes=(fix,)
    )


def dangling(node: Node) -> Problem:
    """A layer whose result nobody uses."""
    fix = Fix(f"Add an output after “{node.name}”", append_after(Port(node.id, "out"), "output"))
    text = f"The result of {title(node)} is not used: no output is reached from here."
    return Problem(Severity.WARNING, node.id, text, "Connect it, or delete this branch.", fixes=(fix,))


def linear_run(node: Node, port: str, first: str) -> Problem:
    """Two linear maps with no bend between them."""
    text = (
        f"“{first}” and “{node.name}” follow each other with nothing nonlinear between: W₂(W₁x) = (W₂W₁)x, so one layer could do the same."
    )
    fix = Fix("Insert a ReLU between them", insert_before(Port(node.id, port), "relu"))
    return Problem(Severity.WARNING, node.id, text, "Put an activation between them.", fixes=(fix,))


def double_squash(node: Node) -> Problem:
    """Probabilities where the loss expects scores: softmax or sigmoid right before the cross-entropy."""
    kind = title(node)
    text = f"{kind} before cross-entropy: the loss applies it itself, so it acts twice; the loss cannot come near 0 and gradients shrink."
    fix = Fix(f"Replace “{node.name}” by Identity", exchange(node.id, "identity", {}))
    return Problem(Severity.WARNING, node.id, text, "Give the output the scores and leave this layer out.", fixes=(fix,))


def missing_ends(graph: Graph, leaves: frozenset[str]) -> list[Problem]:
    """No layers at all, no input, or no output."""
    if not graph.nodes:
        return [Problem(Severity.ERROR, None, "The network is empty.", "Drag an input and a first layer from the palette.")]
    layers = {node.layer for node in graph.nodes.values()}
    problems = []
    if "input" not in layers:
        problems.append(
            Problem(Severity.ERROR, None, "The network has no input.", "Add an Input layer and connect it.", fixes=_add_input(graph))
        )
    if "output" not in layers:
        problems.append(
            Problem(
                Severity.ERROR, None, "The network has no output.", "Add an Output after the last layer.", fixes=_add_output(graph, leaves)
            )
        )
    return problems


def _add_input(graph: Graph) -> tuple[Fix, ...]:
    open_ = [node for id_, node in graph.nodes.items() if id_ not in graph.inputs_of]
    kinds = [(node, find(node.layer)) for node in sorted(open_, key=lambda node: node.position)]
    first = [node for node, kind in kinds if kind is not None and kind.about.inputs == ("in",)][:3]
    return tuple(Fix(f"Add an input before “{node.name}”", prepend(Port(node.id, "in"), "input")) for node in first)


def _add_output(graph: Graph, leaves: frozenset[str]) -> tuple[Fix, ...]:
    last = [graph.nodes[id_] for id_ in leaves if graph.nodes[id_].layer != "input"]
    last.sort(key=lambda node: node.position, reverse=True)
    return tuple(Fix(f"Add an output after “{node.name}”", append_after(Port(node.id, "out"), "output")) for node in last[:3])


def _connection(spare: Node, node: Node, port: str) -> Edit:
    return connect(Port(spare.id, "out"), Port(node.id, port))
