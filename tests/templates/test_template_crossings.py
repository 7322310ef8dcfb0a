"""No template, folded or with every block unfolded, is drawn with more crossings than Graphviz draws it with."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from msgspec.structs import replace

import netbuilder as nb
from netbuilder.core.expanding import expand
from netbuilder.core.graph import Graph
from netbuilder.core.layout import count_crossings
from netbuilder.templates.declare import Template

ALL = pytest.mark.parametrize("template", nb.templates(), ids=lambda template: template.name)


def unfolded(graph: Graph) -> Graph:
    """Every layer as a node of its own, placed by nobody."""
    while uses := [id_ for id_, node in graph.nodes.items() if node.layer == "block"]:
        for id_ in uses:
            graph = expand(id_)(graph)
    return graph.evolve(nodes={id_: replace(node, position=(0.0, 0.0)) for id_, node in graph.nodes.items()})


def crossings_of_dot(graph: Graph) -> int:
    """What dot reports after it has minimised crossings, of wires that may come to a node anywhere."""
    names = {id_: f"n{number}" for number, id_ in enumerate(graph.nodes)}
    wires = "".join(f"{names[source.node]}->{names[target.node]};" for target, source in graph.links.items())
    command = ["dot", "-v", "-Gphase=2", "-Tplain"]
    said = subprocess.run(command, input=f"digraph{{rankdir=LR;{wires}}}", capture_output=True, text=True, timeout=60).stderr
    return sum(map(int, re.findall(r"mincross.*?: (\d+) crossings", said)))


@ALL
def test_no_template_has_a_crossing(template: Template) -> None:
    for direction in ("right", "down"):
        for graph in (template.graph(), unfolded(template.graph())):
            assert count_crossings(graph.evolve(direction=direction)) == 0


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
@ALL
def test_no_template_has_more_crossings_than_dot_draws(template: Template) -> None:
    graph = unfolded(template.graph())
    assert count_crossings(graph) <= crossings_of_dot(graph)
