"""Transfer to other data: which layers are the head, freezing the others, and a head for another number of classes."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from netbuilder.core.edits import Edit, compound, set_setting, set_training
from netbuilder.core.graph import Node
from netbuilder.layers.declare import TensorSpec
from netbuilder.net.analysis import analyze
from netbuilder.net.results import Analysis
from netbuilder.train.errors import TrainingError

WIDTHS = ("out_features", "out_channels")
"""Settings that say how many numbers a layer gives for a sample."""


def head_layers(analysis: Analysis) -> tuple[str, ...]:
    """The last layers (or blocks) with weights before each output, in the order of the network."""
    graph = analysis.graph
    waiting = [node.id for node in graph.nodes.values() if node.layer == "output"]
    seen, found = set(waiting), set()
    while waiting:
        for source in graph.inputs_of.get(waiting.pop(), {}).values():
            if source.node in seen:
                continue
            seen.add(source.node)
            if analysis.answers[source.node].parameters:
                found.add(source.node)
            else:
                waiting.append(source.node)
    return tuple(id_ for id_ in graph.nodes if id_ in found)


def freeze_all_but(analysis: Analysis, free: Collection[str]) -> Edit:
    """Let only these layers learn. Raises `TrainingError` when then none could, or when none is left to be frozen."""
    learning = [id_ for id_, answer in analysis.answers.items() if answer.parameters]
    frozen = [id_ for id_ in learning if id_ not in free]
    if len(frozen) == len(learning):
        raise TrainingError("None of these layers has weights, so nothing would be left to learn.", remedy="Select one that has.")
    if not frozen:
        raise TrainingError("There are no other layers with weights to freeze.")
    return compound(set_training(frozen, "frozen", True), set_training([id_ for id_ in learning if id_ in free], "frozen", None))


def frozen_layers(analysis: Analysis) -> tuple[str, ...]:
    """The layers that keep their weights as they are."""
    return tuple(id_ for id_, node in analysis.graph.nodes.items() if node.training.get("frozen"))


def thaw(analysis: Analysis) -> Edit:
    """Let every layer learn again."""
    return set_training(frozen_layers(analysis), "frozen", None)


def ending_in(analysis: Analysis, end: str, numbers: int) -> tuple[str, str, Edit] | None:
    """The last layer with a width of its own before the output `end`, that setting, and the edit that makes it end in so many numbers.

    Of a block it is a parameter that has the present number of them.
    """
    graph, at = analysis.graph, end
    while len(graph.inputs_of.get(at, {})) == 1:
        (source,) = graph.inputs_of[at].values()
        at = source.node
        found = _widths(analysis, graph.nodes[at], analysis.answers[end].inputs)
        for name in found:
            edit = set_setting(at, name, numbers)
            after = analyze(edit(graph), analysis)
            arriving = after.answers[end].inputs
            if len(after.errors) <= len(analysis.errors) and arriving and arriving[0].shape[1] == numbers:
                return at, name, edit
        if found:
            return None
    return None


def _widths(analysis: Analysis, node: Node, arriving: Sequence[TensorSpec]) -> list[str]:
    """Settings of a layer or a block that may say how many numbers it gives."""
    layer, block = analysis.answers[node.id].layer, analysis.graph.blocks.get(node.block)
    if block is not None:
        values = {**{parameter.name: parameter.default for parameter in block.parameters}, **node.settings}
        return [name for name, value in values.items() if arriving and value == arriving[0].shape[1]]
    return [name for name in WIDTHS if layer is not None and name in layer.settings()]


def new_head(analysis: Analysis, classes: int) -> Edit:
    """Let every output end in so many scores; layers that change in size begin with fresh weights. Raises `TrainingError`."""
    edits: list[Edit] = []
    for node in analysis.graph.nodes.values():
        if node.layer == "output":
            found = ending_in(analysis, node.id, classes)
            if found is None:
                raise TrainingError(
                    f"“{node.name}” cannot be made to end in {classes:,} scores: no layer before it has a number of outputs to set.",
                    place=node.id,
                    remedy="Replace its last layers by hand.",
                )
            edits.append(found[2])
    if not edits:
        raise TrainingError("The network has no output.", remedy="Add an Output after the last layer.")
    return compound(*edits)
