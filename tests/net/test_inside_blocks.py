"""Looking into blocks: what a use computes inside, and which ports a selection leaves open."""

from __future__ import annotations

import pytest
from networks import with_block

from netbuilder.core.block_definitions import within
from netbuilder.core.build import Builder
from netbuilder.core.edits import compound, set_setting
from netbuilder.core.errors import GraphError
from netbuilder.core.graph import Block, BlockParameter, Graph, Node, Port
from netbuilder.net.analysis import analyze, analyze_inside
from netbuilder.net.inside import inside, open_ports
from netbuilder.net.results import Severity


def nested() -> Graph:
    """A block around the residual unit, used in a network."""
    graph = with_block(2)
    unit = Node("u", "block", "unit", {"width": "$maps"}, block="residual unit")
    b = Builder()
    x = b.add("input", name="x_in")
    b.add("output", name="y_out")
    frame = b.graph()
    links = {Port("u", "x_in"): Port(x, "out"), Port("n2", "in"): Port("u", "y_out")}
    outer = Block("outer", Graph({**frame.nodes, "u": unit}, links), (BlockParameter("maps", 4),))
    use = Node("b", "block", "units", block="outer")
    return Graph({**graph.nodes, "b": use}, graph.links, {**graph.blocks, "outer": outer})


def test_inside_a_use_shapes_are_those_that_arrive() -> None:
    graph = nested()
    opened = inside(graph, ["b", "u"])
    analysis = analyze(opened)
    assert not analysis.errors
    convolution = opened.by_name["conv"]
    assert convolution.settings["out_channels"] == 4
    assert analysis.nodes[convolution.id].output_shapes == ((None, 4, 6, 6),)
    assert inside(graph, ["b", "u"], analyze(graph)) == opened
    assert inside(graph, []) is graph


def test_a_wrong_use_shows_the_definition() -> None:
    graph = set_setting("b", "depth", 1)(nested())
    assert inside(graph, ["b"]).nodes == graph.blocks["outer"].graph.nodes
    with pytest.raises(GraphError, match="no longer"):
        inside(graph, ["gone"])
    with pytest.raises(GraphError, match="no block “lost”"):
        inside(compound(set_setting("b", "maps", 3))(Graph({"b": Node("b", "block", "b", block="lost")})), ["b"])


def test_open_ports_of_a_selection() -> None:
    b = Builder()
    r = b.add("relu")
    s = b.add("add", r, b.add("tanh", r))
    t = b.add("add")
    graph = b.graph()
    assert open_ports(graph, [r, s, t]) == ((Port(r, "in"), Port(t, "in1"), Port(t, "in2")), (Port(s, "out"), Port(t, "out")))
    assert open_ports(graph, [s]) == ((), (Port(s, "out"),))


def test_problems_inside_are_told_outside_with_the_way_to_them() -> None:
    inner = Builder()
    at = inner.add("linear", inner.add("input", name="x"), name="a", out_features=4)
    inner.add("output", inner.add("linear", at, name="b", out_features="$width"), name="y")
    outer = Builder()
    outer.add("output", outer.use(inner.block("Pair", BlockParameter("width", 4)), outer.add("input", name="x"), name="pair"), name="y")
    net = Builder()
    use = net.use(outer.block("Outer"), net.add("input", shape=(4,)), name="outer", repeat=2)
    net.add("output", use)
    graph = net.graph()
    pair = graph.blocks["Outer"].graph.by_name["pair"].id
    second = graph.blocks["Pair"].graph.by_name["b"].id
    (warning,) = analyze(graph).problems
    assert (warning.severity, warning.node, warning.inside) == (Severity.WARNING, use, (pair, second))
    assert warning.message.startswith("Inside the block “Outer”, layer “pair”: Inside the block “Pair”, layer “b”: ")
    broken = within(("Outer",), set_setting(pair, "width", 0))(graph)
    error = analyze(broken).errors[0]
    assert (error.severity, error.node, error.inside) == (Severity.ERROR, use, (pair, second))
    assert error.fixes
    for fix in error.fixes:
        mended = fix.edit(broken)
        assert mended.nodes == broken.nodes
        assert not any(problem.inside == error.inside for problem in analyze(mended).errors)


@pytest.mark.parametrize(("layer", "settings"), [("conv2d", {"out_channels": 1, "kernel_size": 1}), ("softmax", {})])
def test_the_end_of_a_block_is_no_end_of_the_network(layer: str, settings: dict[str, int]) -> None:
    inner = Builder()
    inner.add("output", inner.add(layer, inner.add("input", name="x"), name="last", **settings), name="y")
    outer = Builder()
    use = outer.use(inner.block("Inner"), outer.add("input", shape=(3, 6, 6)), name="use")
    outer.add("output", outer.add("conv2d", use, out_channels=2, kernel_size=1))
    graph = outer.graph()
    assert analyze(graph).problems == ()
    opened = inside(graph, [use])
    assert len(analyze(opened).problems) == 1
    first = analyze_inside(opened)
    assert first.problems == ()
    output = opened.by_name["y"].id
    assert analyze_inside(set_setting(output, "task", "labels")(opened), first).problems == ()
    assert analyze(set_setting(output, "task", "classes")(opened), first).problems == ()
