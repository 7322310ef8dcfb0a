"""Compiled modules: what they compute, how they are initialised, what torch can do with them, and what is refused."""

from __future__ import annotations

import copy

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from hypothesis import given, settings
from networks import branching, lenet, two_in_two_out, with_block
from torch import Tensor

from netbuilder.core.build import chain
from netbuilder.core.edits import add_node, rename, set_setting
from netbuilder.core.graph import Graph, Node
from netbuilder.net.analysis import analyze
from netbuilder.net.blocks import input_nodes
from netbuilder.net.compiler import compile_graph
from netbuilder.net.plan import CompileError
from netbuilder.net.targets import resolve
from netbuilder.templates import templates


def samples(graph: Graph, batch: int = 2) -> list[Tensor]:
    """Random inputs in the order in which the network takes them."""
    torch.manual_seed(1)
    analysis = analyze(graph)
    return [torch.randn(batch, *analysis.nodes[node.id].outputs[0].shape[1:]) for node in input_nodes(graph)]


def test_a_chain_computes_what_torch_computes() -> None:
    module = compile_graph(lenet(), seed=3)
    (x,) = samples(lenet())
    w = module.state_dict()
    y = F.max_pool2d(F.relu(F.conv2d(x, w["c1.weight"], w["c1.bias"])), 2).flatten(1)
    y = F.linear(torch.tanh(F.linear(y, w["f3.weight"], w["f3.bias"])), w["f4.weight"], w["f4.bias"])
    assert torch.equal(module(x), y)


def test_several_inputs_and_outputs() -> None:
    graph = two_in_two_out()
    image, extra = samples(graph)
    module = compile_graph(graph)
    label, amount = module(image, extra)
    r1 = F.relu(module.c1(image))
    joined = (module.c2(r1) + r1).flatten(1)
    assert torch.equal(label, module.classes(torch.cat([joined, extra], dim=1)))
    assert torch.equal(amount, module.value(F.relu(joined)))
    with pytest.raises(TypeError, match="takes 2 inputs, not 1"):
        module(image)


def test_run_keeps_what_is_asked_for() -> None:
    graph = two_in_two_out()
    module = compile_graph(graph)
    ids = [graph.by_name[name].id for name in ("image", "r1", "joined", "label")]
    inputs = samples(graph)
    (label, _), kept = module.run(inputs, ids)
    assert set(kept) == set(ids)
    assert torch.equal(kept[ids[0]], inputs[0])
    assert torch.equal(kept[ids[1]], F.relu(module.c1(inputs[0])))
    assert torch.equal(kept[ids[3]], label)


def test_children_are_named_like_their_nodes() -> None:
    graph = lenet()
    module = compile_graph(graph)
    assert [name for name, _ in module.named_children()] == ["c1", "r1", "s2", "flat", "f3", "t3", "f4"]
    assert module.node_names == {node.id: node.name for node in graph.nodes.values()}


@pytest.mark.parametrize("entry", [t for t in templates() if analyze(t.graph()).macs < 1e7], ids=lambda t: t.name)
def test_templates_have_the_parameters_that_the_analysis_promises(entry: object) -> None:
    graph = entry.graph()  # type: ignore[attr-defined]
    module = compile_graph(graph)
    assert sum(p.numel() for p in module.parameters()) == analyze(graph).parameters


def test_weights_depend_on_the_seed_and_the_node_alone() -> None:
    before = torch.get_rng_state()
    one, again, other = compile_graph(lenet(), 1), compile_graph(lenet(), 1), compile_graph(lenet(), 2)
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), again.parameters(), strict=True))
    assert not torch.equal(one.c1.weight, other.c1.weight)
    graph = rename(lenet().by_name["c1"].id, "first")(lenet())
    edited = compile_graph(set_setting(graph.by_name["f3"].id, "out_features", 7)(graph), 1)
    assert torch.equal(edited.first.weight, one.c1.weight)


@pytest.mark.parametrize("repeat", [1, 3])
def test_blocks_are_modules_of_their_own(repeat: int) -> None:
    graph = with_block(repeat)
    module = compile_graph(graph)
    (x,) = samples(graph)
    y = x
    for unit in [module.units] if repeat == 1 else module.units:
        y = F.relu(unit.conv(y)) + y
    assert torch.equal(module(x), module.last(y.flatten(1)))
    weights = [value for key, value in module.state_dict().items() if key.endswith("conv.weight")]
    assert len(weights) == repeat
    assert len({float(w.sum()) for w in weights}) == repeat


@settings(max_examples=25, deadline=None)
@given(branching())
def test_random_networks_give_the_shapes_that_the_analysis_promises(graph: Graph) -> None:
    analysis = analyze(graph)
    module = compile_graph(graph)
    module.eval()
    _, kept = module.run(samples(graph), list(graph.nodes))
    for id_, value in kept.items():
        assert tuple(value.shape[1:]) == analysis.nodes[id_].outputs[0].shape[1:]
    assert kept.keys() == graph.nodes.keys()
    assert sum(p.numel() for p in module.parameters()) == analysis.parameters


def test_a_branch_that_leads_nowhere_is_not_computed() -> None:
    from netbuilder.core.edits import connect
    from netbuilder.core.graph import Port

    graph = connect(Port(lenet().by_name["r1"].id, "out"), Port("d", "in"))(add_node(Node("d", "conv2d", "side"))(lenet()))
    module = compile_graph(graph)
    calls: list[str] = []
    module.side.register_forward_hook(lambda *_: calls.append("side"))
    module(*samples(graph))
    assert calls == []
    _, kept = module.run(samples(graph), ["d"])
    assert kept["d"].shape[1] == 16


def test_copies_are_independent() -> None:
    module = compile_graph(lenet())
    twin = copy.deepcopy(module)
    with torch.no_grad():
        twin.c1.weight.zero_()
    (x,) = samples(lenet())
    assert not torch.equal(module(x), twin(x))


def test_torch_can_export_and_trace_it() -> None:
    graph = two_in_two_out()
    module = compile_graph(graph).eval()
    inputs = tuple(samples(graph))
    program = torch.export.export(module, inputs)
    assert all(torch.equal(a, b) for a, b in zip(program.module()(*inputs), module(*inputs), strict=True))
    captured = torch.compile(module, backend="eager", fullgraph=True)
    assert all(torch.equal(a, b) for a, b in zip(captured(*inputs), module(*inputs), strict=True))


def test_the_first_problem_is_the_refusal() -> None:
    graph = set_setting(lenet().by_name["c1"].id, "kernel_size", 99)(lenet())
    with pytest.raises(CompileError, match="c1") as refusal:
        compile_graph(graph)
    assert refusal.value.place == graph.by_name["c1"].id


def test_a_network_too_large_for_the_computer_is_refused_before_anything_is_made() -> None:
    graph = chain([("input", {"shape": (1_000_000,)}), ("linear", {"out_features": 1_000_000}, "huge"), "output"])
    with pytest.raises(CompileError, match=r"needs 3\.\d TB for its weights.*“huge”"):
        compile_graph(graph)


@pytest.mark.parametrize("path", ["os.system", "torch.utils.data.DataLoader", "torch.nn._reduction", "torch.nn.Conv9d", "builtins.eval"])
def test_only_torchs_public_layers_are_resolved(path: str) -> None:
    with pytest.raises(CompileError):
        resolve(path)
