"""Repeats that share one set of weights: counted, compiled, saved and written once; run several times."""

from __future__ import annotations

import pytest
import torch
from networks import with_block

from netbuilder.core.blocks import set_linked, set_repeat
from netbuilder.core.build import Builder
from netbuilder.core.edits import compound, set_setting
from netbuilder.core.graph import Block, Graph, Node, Port
from netbuilder.net.analysis import analyze
from netbuilder.net.compiler import compile_graph
from netbuilder.net.plan import CompileError
from netbuilder.net.source import source


def shared(times: int) -> Graph:
    """The residual unit, `times` in a row with one set of weights."""
    return compound(set_repeat("b", times), set_linked("b", True))(with_block())


def crossing() -> Graph:
    """Two values that go round a block three times, each adding to the other."""
    b = Builder()
    x, y = b.add("input", name="x_in"), b.add("input", name="y_in")
    c = b.add("conv2d", x, name="conv", out_channels=2, kernel_size=1)
    b.add("output", b.add("add", c, y, name="sum"), name="x_out")
    b.add("output", x, name="y_out")
    outer = Builder()
    first, second = (outer.add("input", shape=(2, 4, 4), name=name) for name in ("left", "right"))
    outer.add("output", name="a", task="values")
    outer.add("output", name="z", task="values")
    graph = outer.graph()
    use = Node("b", "block", "units", block="Cross", repeat=3, linked=True)
    links = {Port("b", "x_in"): Port(first, "out"), Port("b", "y_in"): Port(second, "out")}
    links |= {Port("n3", "in"): Port("b", "x_out"), Port("n4", "in"): Port("b", "y_out")}
    return Graph({**graph.nodes, "b": use}, links, {"Cross": Block("Cross", b.graph())})


@pytest.mark.parametrize("graph", [shared(1), shared(4), crossing()], ids=["once", "four times", "two values"])
def test_source_and_module_agree(graph: Graph) -> None:
    module = compile_graph(graph).eval()
    scope: dict[str, object] = {"__name__": "written"}
    exec(source(graph), scope)
    written = scope["Network"]().eval()  # type: ignore[operator]
    assert list(written.state_dict()) == list(module.state_dict())
    written.load_state_dict(module.state_dict())
    inputs = [torch.randn(2, *node.settings["shape"]) for node in graph.nodes.values() if node.layer == "input"]
    torch.testing.assert_close(written(*inputs), module(*inputs))


def test_four_passes_through_one_set_of_weights() -> None:
    once, shares, own = (analyze(graph) for graph in (shared(1), shared(4), with_block(4)))
    assert shares.nodes["b"].parameters == once.nodes["b"].parameters == own.nodes["b"].parameters // 4
    assert shares.nodes["b"].macs == own.nodes["b"].macs == 4 * once.nodes["b"].macs
    assert shares.nodes["b"].receptive_field == own.nodes["b"].receptive_field
    assert shares.nodes["b"].parameter_explanation == "148, shared by 4 repeats"
    module = compile_graph(shared(4)).eval()
    assert sum(p.numel() for p in module.parameters()) == shares.parameters
    unit = compile_graph(with_block(1)).eval()
    unit.load_state_dict(module.state_dict())
    x = torch.randn(2, 4, 6, 6)
    by_hand = x
    for _ in range(4):
        by_hand = unit.units(by_hand)
    torch.testing.assert_close(module.run([x], ["b"])[1]["b"], by_hand)
    torch.testing.assert_close(module(x), unit.last(by_hand.flatten(1)))


def test_repeats_of_unequal_shapes_cannot_share() -> None:
    graph = shared(2)
    block = graph.blocks["residual unit"]
    wider = Graph({k: v for k, v in block.graph.nodes.items() if k != "n4"}, {**block.graph.links, Port("n5", "in"): Port("n3", "out")})
    graph = set_setting("b", "width", 6)(
        Graph(graph.nodes, graph.links, {"residual unit": Block("residual unit", wider, block.parameters)})
    )
    (problem,) = analyze(graph).errors
    assert problem.message.endswith("must give what they take, but 4×6×6 goes in and 6×6×6 comes out.")
    assert problem.setting == "repeat"
    with pytest.raises(CompileError, match="share their weights"):
        compile_graph(graph)
    assert not analyze(set_linked("b", False)(graph)).errors
