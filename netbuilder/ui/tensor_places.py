"""Which tensor is meant by what is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netbuilder.layers.ports import output_ports
from netbuilder.probe.places import Place

if TYPE_CHECKING:
    from netbuilder.ui.context import UiContext
    from netbuilder.ui.main_window import MainWindow


def selected_place(window: MainWindow) -> Place | None:
    """The tensor of the selected wire, else what the selected layer gives; nothing when neither is selected."""
    wire = next(iter(window.canvas.selected_wires), None)
    graph = window.session.level.graph
    if wire is not None and wire in graph.links:
        source = graph.links[wire]
        return output_place(window.context, source.node, source.name)
    return output_place(window.context, window.context.selection.only)


def output_place(context: UiContext, node: str | None, port: str = "") -> Place | None:
    """What a layer of the graph on show gives, in the first repeat of the blocks around it; what it gets where it gives nothing."""
    level = context.session.level
    if node is None or node not in level.graph.nodes:
        return None
    uses = tuple((id_, 0) for id_ in level.uses)
    ports = output_ports(level.graph.nodes[node], level.graph)
    if port or ports:
        return Place("output", node, port or ports[0], uses)
    fed = next(iter(level.graph.inputs_of.get(node, {})), "")
    return Place("input", node, fed, uses) if fed else None
