"""What a node shows, decided from its layer and its analysis, as a plain value."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct

from netbuilder.core.format import count
from netbuilder.core.graph import Graph, Node
from netbuilder.core.names import automatic
from netbuilder.layers.declare import Category, LayerError, find, show
from netbuilder.layers.ports import input_ports, output_ports
from netbuilder.layers.settings import resolve
from netbuilder.net.results import NodeAnalysis, Severity


class Outline(NamedTuple):
    """What can be told of a node without its analysis: names of its ports, top to bottom, and its family."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    category: Category | None


class NodeLook(Struct, frozen=True):
    """Everything a node item paints. Two equal looks are the same picture.

    `name` is empty while the node carries its automatic name; `category` is `None` for an unknown layer.
    """

    title: str
    name: str = ""
    settings: str = ""
    shape: str = ""
    parameters: str = ""
    category: Category | None = None
    glyph: str = "identity"
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    severity: Severity | None = None
    messages: tuple[str, ...] = ()


def look(node: Node, graph: Graph, answer: NodeAnalysis | None) -> NodeLook:
    """The picture of `node`; without an answer its shape and count stay empty."""
    kind = find(node.layer)
    title = kind.about.title if kind else (node.block or node.layer)
    if node.repeat > 1:
        title = f"{title} ×{node.repeat}"
    shapes = answer.output_shapes if answer else ()
    problems = answer.problems if answer else ()
    severities = {problem.severity for problem in problems}
    return NodeLook(
        title=title,
        name="" if automatic(node.name, node.layer) else node.name,
        settings=_settings(node, answer),
        shape=show(shapes[0]) if shapes else "",
        parameters=count(answer.parameters) if answer and answer.parameters else "",
        category=kind.about.category if kind else None,
        glyph=kind.about.glyph if kind else ("block" if node.block else "identity"),
        inputs=tuple(input_ports(node, graph)),
        outputs=tuple(output_ports(node, graph)),
        severity=next((s for s in Severity if s in severities), None),
        messages=tuple(f"{p.message} {p.remedy}".strip() for p in problems),
    )


def outline(node: Node, graph: Graph) -> Outline:
    """What is known of `node` before it is analysed."""
    kind = find(node.layer)
    return Outline(input_ports(node, graph), output_ports(node, graph), kind.about.category if kind else None)


def _settings(node: Node, answer: NodeAnalysis | None) -> str:
    if answer is not None and answer.layer is not None:
        return answer.layer.summary()
    try:
        return resolve(node).summary()
    except LayerError:
        return ""
