"""Weights carried through edits: by node id, where shapes agree."""

from __future__ import annotations

import torch
from networks import lenet

from netbuilder.core.build import chain
from netbuilder.core.edits import compound, remove_nodes, rename, set_setting
from netbuilder.core.graph import Graph, Port
from netbuilder.net.compiler import compile_graph
from netbuilder.net.repairs import insert_before
from netbuilder.net.weights import carry, preview


def edited() -> Graph:
    graph = lenet()
    ids = {name: node.id for name, node in graph.by_name.items()}
    return compound(
        rename(ids["c1"], "first"),
        set_setting(ids["f3"], "out_features", 8),
        insert_before(Port(ids["r1"], "in"), "batchnorm2d"),
    )(graph)


def test_renamed_layers_keep_their_weights_and_changed_ones_begin_anew() -> None:
    old, new = compile_graph(lenet(), 1), compile_graph(edited(), 2)
    fresh = new.f3.weight.clone()
    carried = carry(old, new)
    assert (carried.kept, carried.changed, carried.fresh, carried.dropped) == (("first",), ("f3", "f4"), ("batchnorm2d_1",), ())
    assert torch.equal(new.first.weight, old.c1.weight)
    assert torch.equal(new.f3.weight, fresh)
    assert str(carried) == "“first” keeps its weights; “f3” and “f4” changed and start anew; “batchnorm2d_1” is new."


def test_a_state_of_arrays_serves_as_well_as_a_module() -> None:
    old, new = compile_graph(lenet(), 1), compile_graph(lenet(), 2)
    state = {key: value.numpy() for key, value in old.state_dict().items()}
    assert carry(state, new, lenet()).kept == ("c1", "f3", "f4")
    assert all(torch.equal(a, b) for a, b in zip(old.parameters(), new.parameters(), strict=True))


def test_the_preview_says_the_same_and_allocates_nothing() -> None:
    old = compile_graph(lenet(), 1)
    assert preview(old, edited()) == carry(old, compile_graph(edited()))
    small = chain([("input", {"shape": (8,)}, "image"), ("linear", {"out_features": 3}, "last"), "output"])
    assert preview(old, small).replaced == (("last", "Conv2d", "Linear"),)


def test_what_is_gone_is_said() -> None:
    graph = remove_nodes([lenet().by_name["f4"].id, lenet().by_name["t3"].id])(lenet())
    graph = Graph(graph.nodes, {**graph.links, Port(graph.by_name["classes"].id, "in"): Port(graph.by_name["f3"].id, "out")})
    carried = carry(compile_graph(lenet()), compile_graph(graph))
    assert carried.dropped == ("f4",)
    assert "“f4” is gone" in str(carried)


def test_another_kind_of_layer_begins_anew_though_its_weights_have_the_same_shape() -> None:
    def network(kind: str) -> Graph:
        return chain([("input", {"shape": (4, 6, 6)}), (kind, {"out_channels": 4, "kernel_size": 3}, "c"), "output"])

    old, new = compile_graph(network("conv2d"), 1), compile_graph(network("convtranspose2d"), 2)
    fresh = new.c.weight.clone()
    assert old.c.weight.shape == fresh.shape
    carried = carry(old, new)
    assert (carried.kept, carried.replaced) == ((), (("c", "Conv2d", "ConvTranspose2d"),))
    assert torch.equal(new.c.weight, fresh)
    assert str(carried) == "“c” was Conv2d and is now ConvTranspose2d, so it starts anew."
