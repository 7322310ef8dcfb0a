"""`netbuilder summary FILE`: every layer with its shape and cost. Needs no torch."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from netbuilder.cli import sources
from netbuilder.cli.command import Answer, command, table
from netbuilder.core import format

if TYPE_CHECKING:
    from netbuilder.core.graph import Node
    from netbuilder.net.results import Analysis, NodeAnalysis


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a project file, a run's folder or a template")


@command("summary", "Show every layer with its output shape, parameters and multiply–accumulates.", _arguments)
def run(arguments: Namespace) -> Answer:
    """One line for each layer in the order in which data passes; totals below."""
    from netbuilder.net.analysis import analyze

    project = sources.project(arguments.file)
    analysis = analyze(project.graph)
    order = dict.fromkeys([*project.graph.order, *project.graph.nodes])
    found = problems(analysis)
    values = {
        "name": project.name,
        "parameters": analysis.parameters,
        "macs": analysis.macs,
        "memory_bytes": analysis.memory,
        "layers": [_layer(project.graph.nodes[id_], analysis.nodes[id_]) for id_ in order],
        "problems": found,
    }
    rows = [("layer", "kind", "output", "parameters", "MACs"), *(_row(project.graph.nodes[id_], analysis.nodes[id_]) for id_ in order)]
    memory = f"{format.size(analysis.memory)} of activations for one sample"
    total = f"{format.count(analysis.parameters)} parameters · {format.macs(analysis.macs)} · {memory}"
    return Answer(values, "\n".join([table(rows, frozenset({3, 4})), "", total, *map(line, found)]))


def problems(analysis: Analysis) -> list[dict[str, Any]]:
    """Problems as plain values."""
    nodes = analysis.graph.nodes
    return [
        {
            "severity": problem.severity.value,
            "node": problem.node,
            "name": nodes[problem.node].name if problem.node is not None and problem.node in nodes else None,
            "message": problem.message,
            "remedy": problem.remedy,
            "setting": problem.setting,
        }
        for problem in analysis.problems
    ]


def line(problem: Mapping[str, Any]) -> str:
    """A problem in one line."""
    return f"{problem['severity']}: {problem['name'] or 'network'}: {problem['message']} {problem['remedy']}".rstrip()


def _layer(node: Node, found: NodeAnalysis) -> dict[str, Any]:
    return {
        "id": node.id,
        "name": node.name,
        "layer": node.layer,
        "settings": dict(node.settings),
        "output_shapes": found.output_shapes,
        "parameters": found.parameters,
        "macs": found.macs,
        "memory_bytes": found.memory,
        "explanation": found.explanation,
    }


def _row(node: Node, found: NodeAnalysis) -> tuple[str, str, str, str, str]:
    from netbuilder.layers.declare import show

    shapes = ", ".join(show(shape) for shape in found.output_shapes) or "?"
    parameters = format.count(found.parameters) if found.parameters else "–"
    return node.name, node.layer, shapes, parameters, format.compact(found.macs) if found.macs else "–"
