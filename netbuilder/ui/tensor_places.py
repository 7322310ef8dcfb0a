"""Which tensor “Open tensor…” means, judged by what is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netbuilder.layers.ports import output_ports
from netbuilder.probe.places import Place, Uses

if TYPE_CHECKING:
    from netbuilder.core.graph import Graph
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
    return _place(level.graph, node, port, tuple((id_, 0) for id_ in level.uses))


def whole_output(context: UiContext, node: str) -> Place | None:
    """What a layer of the whole network gives, whatever graph is on show."""
    return _place(context.session.document.graph, node, "", ())


def _place(graph: Graph, node: str | None, port: str, uses: Uses) -> Place | None:
    if node is None or node not in graph.nodes:
        return None
    ports = output_ports(graph.nodes[node], graph)
    if port or ports:
        return Place("output", node, port or ports[0], uses)
    fed = next(iter(graph.inputs_of.get(node, {})), "")
    return Place("input", node, fed, uses) if fed else None
