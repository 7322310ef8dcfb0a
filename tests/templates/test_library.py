"""The library of blocks: each can be placed, runs with its defaults, is saved, and expands to the same network."""

from __future__ import annotations

import pytest
import torch

from netbuilder.core.block_placement import place_block
from netbuilder.core.build import Builder
from netbuilder.core.document import Project
from netbuilder.core.edits import add_node, connect, new_node
from netbuilder.core.expanding import expand
from netbuilder.core.files import dumps, loads
from netbuilder.core.graph import Graph, Port
from netbuilder.layers.ports import input_ports, output_ports
from netbuilder.net.analysis import analyze
from netbuilder.net.compiler import compile_graph
from netbuilder.templates.blocks import library


def around(name: str) -> Graph:
    """A network of one use of a library block between inputs and outputs."""
    entry = library()[name]
    graph = place_block(entry.block)(Graph())
    (use,) = graph.nodes.values()
    for port in input_ports(use, graph):
        channels, *sides = entry.sample
        times = 2 if port == "bridge" else 1
        shape = (channels // times, *(side * times for side in sides))
        node = new_node(graph, "input", {"shape": shape})
        graph = connect(Port(node.id, "out"), Port(use.id, port))(add_node(node)(graph))
    for port in output_ports(use, graph):
        node = new_node(graph, "output")
        graph = connect(Port(use.id, port), Port(node.id, "in"))(add_node(node)(graph))
    return graph


@pytest.mark.parametrize("name", library())
def test_every_block_runs_and_expands_to_the_same(name: str) -> None:
    entry = library()[name]
    assert entry.title == entry.block.name
    assert entry.tip.endswith(".")
    graph = around(name)
    analysis = analyze(graph)
    assert not analysis.problems
    assert analysis.parameters
    assert loads(dumps(Project(graph=graph))).graph == graph
    use = next(node for node in graph.nodes.values() if node.layer == "block")
    assert place_block(entry.block)(graph).blocks == graph.blocks
    while use.layer == "block":
        graph = expand(use.id)(graph)
        use = next((node for node in graph.nodes.values() if node.layer == "block"), graph.nodes[next(iter(graph.nodes))])
    flat = analyze(graph)
    assert not flat.errors
    assert (flat.parameters, flat.macs) == (analysis.parameters, analysis.macs)


def test_the_library_has_the_blocks_of_the_lectures() -> None:
    wanted = """
    conv-bn-relu residual-unit residual-unit-projection residual-unit-subsampling bottleneck bottleneck-projection
    bottleneck-subsampling inception-a inception-b inception-c inception-d inception-e dense-block transition inverted-residual
    squeeze-and-excitation transformer-encoder u-net-down u-net-up
    """
    assert set(wanted.split()) <= library().keys()


def test_known_sizes() -> None:
    assert analyze(around("residual-unit")).parameters == 2 * (64 * 64 * 9 + 128)
    assert analyze(around("squeeze-and-excitation")).parameters == 64 * 4 + 4 + 4 * 64 + 64
    assert analyze(around("inception-a")).parameters == 255_904


@pytest.mark.parametrize(("channels", "heads", "feedforward"), [(64, 4, 256), (32, 8, 48), (12, 3, 20)])
def test_the_transformer_encoder_is_torchs(channels: int, heads: int, feedforward: int) -> None:
    net = Builder()
    block = library()["transformer-encoder"].block
    at = net.use(block, net.add("input", shape=(5, channels)), name="layer", channels=channels, heads=heads, feedforward=feedforward)
    net.add("output", at)
    ours = compile_graph(net.graph(), seed=0).eval()
    theirs = torch.nn.TransformerEncoderLayer(channels, heads, feedforward, batch_first=True).eval()
    weights = theirs.state_dict()
    assert sum(w.numel() for w in ours.parameters()) == sum(w.numel() for w in weights.values()) == analyze(net.graph()).parameters
    ours.load_state_dict({f"layer.{name}": weight for name, weight in weights.items()})
    x = torch.randn(3, 5, channels)
    torch.testing.assert_close(ours(x), theirs(x), rtol=1e-4, atol=1e-5)
