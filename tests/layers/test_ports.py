"""Which ports a node shows."""

from __future__ import annotations

from netbuilder.core.graph import Block, Graph, Node, Port
from netbuilder.layers.ports import input_ports, output_ports


def graph(node: Node, *wired: str, source: str = "out") -> Graph:
    """A graph in which a source feeds these inputs of `node`."""
    feeder = Node("n0", "input", "input_1")
    return Graph({"n0": feeder, node.id: node}, {Port(node.id, name): Port("n0", source) for name in wired})


def test_plain_layers() -> None:
    node = Node("n1", "relu", "relu_1")
    assert input_ports(node, graph(node)) == ("in",)
    assert output_ports(node) == ("out",)


def test_ends_of_the_network() -> None:
    assert input_ports(Node("n1", "input", "a"), Graph()) == ()
    assert output_ports(Node("n1", "output", "b")) == ()


def test_variadic_layers_always_have_one_free() -> None:
    node = Node("n1", "add", "add_1")
    assert input_ports(node, graph(node)) == ("in1", "in2")
    assert input_ports(node, graph(node, "in1")) == ("in1", "in2")
    assert input_ports(node, graph(node, "in1", "in2")) == ("in1", "in2", "in3")
    assert input_ports(node, graph(node, "in1", "in3")) == ("in1", "in2", "in3")
    assert input_ports(node, graph(node, *[f"in{n}" for n in range(1, 12)])) == tuple(f"in{n}" for n in range(1, 13))


def test_named_ports() -> None:
    node = Node("n1", "subtract", "subtract_1")
    assert input_ports(node, graph(node)) == ("a", "b")


def test_unknown_layers_show_what_is_wired() -> None:
    node = Node("n1", "warp", "warp_1")
    assert input_ports(node, graph(node)) == ("in",)
    assert input_ports(node, graph(node, "in10", "in2", "query")) == ("in2", "in10", "query")
    assert output_ports(node) == ("out",)
    around = Graph({"n1": node, "n2": Node("n2", "relu", "relu_1")}, {Port("n2", "in"): Port("n1", "hidden")})
    assert output_ports(node, around) == ("hidden",)


def test_blocks_show_their_own_ends() -> None:
    inner = Graph({"a": Node("a", "input", "image"), "b": Node("b", "input", "skip"), "c": Node("c", "output", "result")})
    node = Node("n1", "block", "block_1", block="residual")
    around = Graph({"n1": node}, blocks={"residual": Block("residual", inner)})
    assert input_ports(node, around) == ("image", "skip")
    assert output_ports(node, around) == ("result",)


def test_a_block_that_is_missing_still_has_ports() -> None:
    node = Node("n1", "block", "block_1", block="gone")
    assert input_ports(node, graph(node)) == ("in",)
    assert output_ports(node, graph(node)) == ("out",)
