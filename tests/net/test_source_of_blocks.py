"""Source of networks with blocks: one class for each definition, told what differs, with the module's own keys and results."""

from __future__ import annotations

from typing import Any

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from netbuilder.core.build import Builder
from netbuilder.core.expanding import expand
from netbuilder.core.graph import Block, BlockParameter, Graph
from netbuilder.net.compiler import compile_graph
from netbuilder.net.source import source
from netbuilder.templates.blocks import library


def unit() -> Block:
    """Two convolutions, the inner one as wide as the parameters say."""
    b = Builder()
    x = b.add("input", name="x")
    a = b.add("conv2d", x, name="wide", out_channels="$channels * growth", kernel_size="$kernel", padding="$kernel // 2")
    a = b.add("leakyrelu", a, name="curve", negative_slope="$slope")
    b.add("output", b.add("conv2d", a, name="narrow", out_channels="$channels", kernel_size=1), name="y")
    parameters = (("channels", 2), ("growth", 2), ("kernel", 3), ("slope", 0.1))
    return b.block("unit", *(BlockParameter(name, value) for name, value in parameters))


def pair(repeat: int) -> Block:
    """The unit, some in a row, beside a single one."""
    b = Builder()
    x = b.add("input", name="x")
    first = b.use(unit(), x, name="row", repeat=repeat, channels="$maps", growth="$maps - 1")
    second = b.use(unit(), x, name="single", channels="$maps", kernel=1)
    b.add("output", b.add("add", first, second, name="sum"), name="y")
    return b.block("pair", BlockParameter("maps", 2))


uses = st.lists(st.tuples(st.integers(1, 3), st.integers(2, 4), st.sampled_from(["unit", "pair"])), min_size=1, max_size=4)


@st.composite
def networks(draw: st.DrawFn) -> Graph:
    """Uses of both blocks one after another, repeated, with parameters of their own."""
    b = Builder()
    at = b.add("input", shape=(draw(st.integers(1, 3)), 4, 4), name="image")
    inner = pair(draw(st.integers(1, 3)))
    for repeat, maps, kind in draw(uses):
        told: dict[str, Any] = {"channels": maps} if kind == "unit" else {"maps": maps}
        at = b.use(unit() if kind == "unit" else inner, at, repeat=repeat, **told)
    b.add("output", at, name="end", task="values")
    return b.graph()


@settings(max_examples=25, deadline=None)
@given(networks())
def test_module_source_and_expanded_network_agree(graph: Graph) -> None:
    module = compile_graph(graph).eval()
    text = source(graph)
    scope: dict[str, object] = {"__name__": "written"}
    exec(text, scope)
    written = scope["Network"]().eval()  # type: ignore[operator]
    state = module.state_dict()
    assert list(written.state_dict()) == list(state)
    written.load_state_dict(state)
    x = torch.randn(2, *graph.by_name["image"].settings["shape"])
    torch.testing.assert_close(written(x), module(x))
    assert text.count("class Unit") == 1
    assert text.count("class Pair") <= 1
    while block := next((node for node in graph.nodes.values() if node.layer == "block"), None):
        graph = expand(block.id)(graph)
    flat = compile_graph(graph).eval()
    flat.load_state_dict({key: state[same] for key, same in zip(sorted_by_path(flat.state_dict()), sorted_by_path(state), strict=True)})
    torch.testing.assert_close(flat(x), module(x))


def sorted_by_path(state: dict[str, torch.Tensor]) -> list[str]:
    """Keys in an order that does not depend on whether a part of the path is a module or a prefix of a name."""
    return sorted(state, key=lambda key: key.replace(".", "_"))


def test_arguments_are_called_after_the_parameters() -> None:
    b = Builder()
    at = b.add("input", shape=(3, 8, 8))
    block = library()["conv-bn-relu"].block
    at = b.use(block, at, name="first", channels=8, padding=1)
    at = b.use(block, at, name="second", channels=12, stride=2)
    b.add("output", at, task="values")
    text = source(b.graph())
    assert "    def __init__(self, in_channels: int, channels: int, padding: int, stride: int) -> None:\n" in text
    assert "        self.conv = nn.Conv2d(in_channels, channels, kernel_size=3, padding=padding, bias=False, stride=stride)\n" in text
    assert "        self.first = ConvBNReLU(in_channels=3, channels=8, padding=1, stride=1)\n" in text
