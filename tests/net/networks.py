"""Graphs that several tests use, and a strategy for random ones."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from netbuilder.core.build import Builder, chain
from netbuilder.core.graph import Block, BlockParameter, Graph, Node, Port


def lenet() -> Graph:
    """A small convolutional network with named layers."""
    return chain(
        [
            ("input", {"shape": (1, 12, 12)}, "image"),
            ("conv2d", {"out_channels": 4, "kernel_size": 3}, "c1"),
            ("relu", {}, "r1"),
            ("maxpool2d", {"kernel_size": 2}, "s2"),
            ("flatten", {}, "flat"),
            ("linear", {"out_features": 6}, "f3"),
            ("tanh", {}, "t3"),
            ("linear", {"out_features": 3}, "f4"),
            ("output", {}, "classes"),
        ]
    )


def two_in_two_out() -> Graph:
    """Two inputs that meet, and two outputs, with a skip connection."""
    b = Builder()
    image = b.add("input", name="image", shape=(3, 8, 8))
    extra = b.add("input", name="extra", shape=(5,))
    c1 = b.add("conv2d", image, name="c1", out_channels=4, kernel_size=3, padding=1)
    r1 = b.add("relu", c1, name="r1")
    c2 = b.add("conv2d", r1, name="c2", out_channels=4, kernel_size=3, padding=1)
    joined = b.add("add", c2, r1, name="joined")
    flat = b.add("flatten", joined, name="flat")
    both = b.add("concat", flat, extra, name="both")
    b.add("output", b.add("linear", both, name="classes", out_features=3), name="label")
    b.add("output", b.add("linear", b.add("relu", flat, name="r3"), name="value", out_features=1), name="amount", task="values")
    return b.graph()


def with_block(repeat: int = 1) -> Graph:
    """A residual block with a parameter, used `repeat` times between two layers."""
    b = Builder()
    x = b.add("input", name="x_in", shape=(1, 1, 1))
    c = b.add("conv2d", x, name="conv", out_channels="$width", kernel_size=3, padding=1)
    s = b.add("add", b.add("relu", c, name="act"), x, name="sum")
    b.add("output", s, name="y_out")
    block = Block("residual unit", b.graph(), (BlockParameter("width", 4),))
    outer = chain(
        [("input", {"shape": (4, 6, 6)}, "image"), ("flatten", {}, "flat"), ("linear", {"out_features": 2}, "last"), ("output", {}, "end")]
    )
    nodes = {**outer.nodes, "b": Node("b", "block", "units", block="residual unit", repeat=repeat)}
    links = {**outer.links, Port("b", "x_in"): Port("n1", "out"), Port("n2", "in"): Port("b", "y_out")}
    return Graph(nodes, links, {"residual unit": block})


_SAME_SIZE: list[tuple[str, dict[str, Any]]] = [
    ("conv2d", {"kernel_size": 3, "padding": 1, "out_channels": 4}),
    ("conv2d", {"kernel_size": 1, "out_channels": 6, "bias": False}),
    ("conv2d", {"kernel_size": (3, 1), "padding": (1, 0), "groups": 2, "out_channels": 4}),
    ("batchnorm2d", {}),
    ("relu", {}),
    ("tanh", {}),
    ("dropout", {"p": 0.3}),
    ("maxpool2d", {"kernel_size": 3, "stride": 1, "padding": 1}),
    ("avgpool2d", {"kernel_size": 3, "stride": 1, "padding": 1}),
    ("identity", {}),
]


@st.composite
def branching(draw: st.DrawFn) -> Graph:
    """Acyclic networks of image layers: random sources, additions and concatenations, one to three outputs."""
    b = Builder()
    nodes = [b.add("input", shape=(4, 5, 5)) for _ in range(draw(st.integers(1, 2)))]
    for _ in range(draw(st.integers(1, 9))):
        kind = draw(st.sampled_from(["layer", "layer", "layer", "concat"]))
        if kind == "concat":
            nodes.append(b.add("concat", draw(st.sampled_from(nodes)), draw(st.sampled_from(nodes))))
        else:
            layer, settings = draw(st.sampled_from(_SAME_SIZE))
            nodes.append(b.add_settings(layer, settings, draw(st.sampled_from(nodes))))
    for source in draw(st.lists(st.sampled_from(nodes), min_size=1, max_size=3)):
        b.add("output", source)
    return b.graph()
