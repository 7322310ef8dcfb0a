"""Attention, recurrence and tokens: the compiled module computes what torch or the definition says, written source the same."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

import netbuilder as nb
from netbuilder.core.edits import add_node, connect, new_node
from netbuilder.core.graph import Graph, Port
from netbuilder.net.modules.attention import Attention, WindowAttention
from netbuilder.net.modules.recurrent import LastOfGRU, LastOfLSTM, LastOfRNN
from netbuilder.net.modules.tokens import SinusoidalPosition


def joined(*layers: tuple[str, dict[str, Any]], shape: tuple[int, ...] = (6, 8)) -> Graph:
    """A chain whose wires go to the first port of each layer."""
    graph, before = Graph(), None
    for name, settings in (("input", {"shape": shape}), *layers, ("output", {"task": "values"})):
        node = new_node(graph, name, settings, (0.0, 0.0))
        graph = add_node(node)(graph)
        if before is not None:
            port = "query" if name == "multiheadattention" else "in"
            graph = connect(Port(before, "out"), Port(node.id, port))(graph)
        before = node.id
    return graph


NETWORKS = {
    "attention": joined(("multiheadattention", {"num_heads": 2, "causal": True})),
    "transformer": joined(
        ("classtoken", {}), ("positionalembedding", {}), ("transformerencoderlayer", {"nhead": 2, "dim_feedforward": 16})
    ),
    "sequence": joined(("positionalembedding", {"kind": "sinusoidal"}), ("lstm", {"num_layers": 2, "bidirectional": True})),
    "last": joined(("gru", {"gives": "last", "hidden_size": 5})),
    "patches": joined(("patchembedding", {"embed_dim": 8, "patch_size": 2}), shape=(3, 6, 4)),
    "windows": joined(("windowattention", {"window_size": 2, "num_heads": 2, "shift": True}), shape=(5, 4, 8)),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_written_source_computes_the_same(name: str) -> None:
    graph = NETWORKS[name]
    assert not nb.analyze(graph).errors
    module = nb.compile(graph, seed=2).eval()
    space: dict[str, Any] = {"__name__": "written"}
    exec(nb.source(graph), space)
    written = space["Network"]().eval()
    written.load_state_dict(module.state_dict())
    sizes = next(node.outputs[0].shape[1:] for node in nb.analyze(graph).nodes.values())
    x = torch.randn(2, *sizes)
    with torch.no_grad():
        assert torch.equal(module(x), written(x))


def test_what_is_left_out_is_the_query() -> None:
    torch.manual_seed(0)
    layer, x, other = Attention(8, 2).eval(), torch.randn(2, 5, 8), torch.randn(2, 3, 8)
    torch.testing.assert_close(layer(x), nn.MultiheadAttention.forward(layer, x, x, x)[0])
    torch.testing.assert_close(layer(x, other), nn.MultiheadAttention.forward(layer, x, other, other)[0])


def test_causal_attention_does_not_look_ahead() -> None:
    layer, x = Attention(8, 2, causal=True).eval(), torch.randn(1, 5, 8)
    changed = x.clone()
    changed[:, 3:] += 1
    torch.testing.assert_close(layer(x)[:, :3], layer(changed)[:, :3])
    assert not torch.allclose(layer(x)[:, 3:], layer(changed)[:, 3:])


@pytest.mark.parametrize("kind", [LastOfRNN, LastOfGRU, LastOfLSTM])
def test_the_last_state_is_the_end_of_both_readings(kind: type[nn.RNNBase]) -> None:
    layer, x = kind(3, 4, num_layers=2, batch_first=True, bidirectional=True), torch.randn(2, 6, 3)
    sequence = kind.__bases__[0].forward(layer, x)[0]
    torch.testing.assert_close(layer(x), torch.cat([sequence[:, -1, :4], sequence[:, 0, 4:]], dim=1))


def reachable(layer: WindowAttention, x: torch.Tensor, row: int, column: int) -> set[tuple[int, int]]:
    """Places whose values the result at one place depends on."""
    x = x.clone().requires_grad_()
    layer(x)[0, row, column].sum().backward()
    assert x.grad is not None
    return {(int(y), int(z)) for y, z in x.grad[0].abs().sum(-1).gt(1e-12).nonzero()}


def test_windows_see_themselves_only_and_shifted_ones_do_not_wrap() -> None:
    torch.manual_seed(0)
    x = torch.randn(1, 8, 8, 4)
    assert reachable(WindowAttention(4, 2, 4), x, 0, 0) == {(y, z) for y in range(4) for z in range(4)}
    shifted = WindowAttention(4, 2, 4, shift=True)
    assert reachable(shifted, x, 0, 0) == {(y, z) for y in range(2) for z in range(2)}
    assert reachable(shifted, x, 3, 3) == {(y, z) for y in range(2, 6) for z in range(2, 6)}


def test_the_bias_of_a_window_depends_on_the_relative_position_only() -> None:
    layer = WindowAttention(4, 2, 3)
    index = layer.relative_position_index.reshape(3, 3, 3, 3)
    assert index[0, 0, 1, 1] == index[1, 1, 2, 2]
    assert index[0, 0, 0, 0] == index[2, 1, 2, 1]
    assert len(index.unique()) == 25


def test_sines_and_cosines() -> None:
    waves = SinusoidalPosition(10, 6).waves
    place, rate = 7.0, 10_000 ** (-2 / 6)
    torch.testing.assert_close(waves[7, 2], torch.sin(torch.tensor(place * rate)))
    torch.testing.assert_close(waves[7, 3], torch.cos(torch.tensor(place * rate)))


@pytest.mark.parametrize(
    ("source", "settings"), [("constant", {"values": (1.0, 2.0, 3.0)}), ("parameter", {"initial": "value", "value": 2.0})]
)
def test_tensors_without_input_stretch_over_the_batch(source: str, settings: dict[str, Any]) -> None:
    nodes = {}
    graph = Graph()
    for name, chosen in (("input", {"shape": (3,)}), (source, {"shape": (3,), **settings}), ("add", {}), ("output", {"task": "values"})):
        nodes[name] = new_node(graph, name, chosen, (0.0, 0.0))
        graph = add_node(nodes[name])(graph)
    for before, after, port in (("input", "add", "in1"), (source, "add", "in2"), ("add", "output", "in")):
        graph = connect(Port(nodes[before].id, "out"), Port(nodes[after].id, port))(graph)
    assert nb.analyze(graph).parameters == (3 if source == "parameter" else 0)
    expected = [1.0, 2.0, 3.0] if source == "constant" else [2.0] * 3
    assert nb.compile(graph)(torch.zeros(4, 3)).tolist() == [expected] * 4
