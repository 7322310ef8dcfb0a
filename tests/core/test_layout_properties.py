"""Networks made of series and parallels are drawn without a crossing, and stay as they are drawn."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from netbuilder.core.build import Builder
from netbuilder.core.edits import move
from netbuilder.core.graph import Graph, Port
from netbuilder.core.layout import NODE, arrange, count_crossings, turn

Plan = Any
"""How to go on from a layer: “layer” adds one; a list adds its plans one after another; a tuple lets them branch off and joins them."""

PLANS: st.SearchStrategy[Plan] = st.recursive(
    st.just("layer"),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4),
        st.tuples(inner, inner),
        st.tuples(inner, inner, inner, inner),
        st.tuples(inner, st.just([]), inner),
    ),
    max_leaves=25,
)


def _follow(net: Builder, at: str, plan: Plan) -> str:
    if plan == "layer":
        return net.add("relu", at)
    if isinstance(plan, tuple):
        return net.add("concat", *(_follow(net, at, branch) for branch in plan))
    for part in plan:
        at = _follow(net, at, part)
    return at


def network(plan: Plan, mixed: int) -> Graph:
    """The network of a plan, its layers and wires in any order, placed by nobody."""
    net = Builder()
    net.add("output", _follow(net, net.add("input"), plan))
    graph, chance = net.graph(), Random(mixed)
    ids, wires = list(graph.nodes), list(graph.links)
    chance.shuffle(ids)
    chance.shuffle(wires)
    return Graph({id_: replace(graph.nodes[id_], position=(0.0, 0.0)) for id_ in ids}, {port: graph.links[port] for port in wires})


NETWORKS = st.builds(network, PLANS, st.integers(0, 99))


@given(NETWORKS)
@settings(max_examples=60, deadline=None)
def test_series_and_parallels_cross_nowhere(graph: Graph) -> None:
    assert count_crossings(graph) == 0


@given(NETWORKS, st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_nor_when_somebody_has_strewn_the_layers_about(graph: Graph, seed: int) -> None:
    chance = Random(seed)
    strewn = move({id_: (chance.randrange(0, 2000, 8), chance.randrange(0, 2000, 8)) for id_ in graph.nodes})(graph)
    assert count_crossings(strewn) == 0


@given(NETWORKS)
@settings(max_examples=40, deadline=None)
def test_arranged_or_turned_twice_nothing_moves(graph: Graph) -> None:
    placed = move(arrange(graph))(graph)
    assert arrange(placed) == arrange(graph)
    assert turn("right")(turn("down")(placed)) == placed


@given(NETWORKS, st.sampled_from(["right", "down"]))
@settings(max_examples=40, deadline=None)
def test_no_card_covers_another(graph: Graph, direction: Any) -> None:
    places = sorted(arrange(graph.evolve(direction=direction)).values())
    for index, (x, y) in enumerate(places):
        assert all(to_x - x >= NODE[0] or abs(to_y - y) >= NODE[1] for to_x, to_y in places[index + 1 :])


@given(NETWORKS, st.data())
@settings(max_examples=40, deadline=None)
def test_one_more_layer_moves_no_other_across_the_flow_past_another(graph: Graph, data: st.DataObject) -> None:
    placed = move(arrange(graph, wrap=1000))(graph)
    target = data.draw(st.sampled_from(sorted(placed.links)))
    new = replace(placed.nodes[target.node], id="new", name="new", layer="relu")
    links = {**placed.links, target: Port("new", "out"), Port("new", "in"): placed.links[target]}
    after = arrange(placed.evolve(nodes={**placed.nodes, "new": new}, links=links), wrap=1000)
    before = {id_: node.position for id_, node in placed.nodes.items()}
    columns: dict[float, list[str]] = {}
    for id_, (x, _) in before.items():
        columns.setdefault(x, []).append(id_)
    for ids in columns.values():
        for one in ids:
            below = [other for other in ids if before[other][1] > before[one][1] and after[other][0] == after[one][0]]
            assert all(after[other][1] > after[one][1] for other in below)
