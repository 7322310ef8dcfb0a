"""Arrangements: few crossings, nothing overlaps, wires over several columns have lanes of their own, and order is kept."""

from __future__ import annotations

import time
from itertools import combinations
from random import Random

import pytest

from netbuilder.core.build import Builder, chain
from netbuilder.core.edits import move
from netbuilder.core.graph import Graph
from netbuilder.core.layout import NODE, arrange, arrange_some, count_crossings, turn

DOT = {"densenet121": 0, "inception_v3": 0}
"""Crossings that Graphviz 2.43's `dot -v` reports for the same graphs, laid out from left to right."""


def densenet121() -> Graph:
    """Every layer of DenseNet-121 as a node of its own."""
    net = Builder()
    at = net.add("input")
    for _ in range(4):
        at = net.add("relu", at)
    for layers in (6, 12, 24, 16):
        for _ in range(layers):
            inner = at
            for _ in range(6):
                inner = net.add("relu", inner)
            at = net.add("concat", at, inner)
        for _ in range(4):
            at = net.add("relu", at)
    net.add("output", at)
    return net.graph()


def _row(net: Builder, at: str, length: int) -> str:
    for _ in range(3 * length):
        at = net.add("relu", at)
    return at


def inception_v3() -> Graph:
    """Every layer of Inception v3 as a node of its own: convolution, normalisation and activation apart."""
    net = Builder()
    at = _row(net, net.add("input"), 5)
    for branches in [(1, 2, 3, 1)] * 3 + [(1, 3, 0)] + [(1, 3, 5, 1)] * 4 + [(2, 4, 0)]:
        ends = [_row(net, at, length) if length else net.add("relu", at) for length in branches]
        at = net.add("concat", *ends)
    for _ in range(2):
        forks = [_row(net, at, length) for length in (1, 2)]
        joined = [net.add("concat", _row(net, fork, 1), _row(net, fork, 1)) for fork in forks]
        at = net.add("concat", _row(net, at, 1), *joined, _row(net, net.add("relu", at), 1))
    net.add("output", at)
    return net.graph()


def scattered(count: int, seed: int = 0) -> Graph:
    """A random network whose layers are fed by one or two of the last ones."""
    chance = Random(seed)
    net = Builder()
    ids = [net.add("input")]
    for _ in range(count - 1):
        sources = [ids[max(0, len(ids) - 1 - int(chance.expovariate(0.3)))] for _ in range(1 + (chance.random() < 0.2))]
        ids.append(net.add("add" if len(sources) > 1 else "relu", *sources))
    return net.graph()


@pytest.mark.parametrize("make", [densenet121, inception_v3])
def test_no_more_crossings_than_dot(make) -> None:  # type: ignore[no-untyped-def]
    graph = make()
    assert len(graph.nodes) > 300
    assert count_crossings(graph) <= DOT[make.__name__]


@pytest.mark.parametrize("seed", range(4))
def test_cards_never_overlap(seed: int) -> None:
    places = sorted(arrange(scattered(150, seed)).values())
    for index, (x, y) in enumerate(places):
        for other_x, other_y in places[index + 1 :]:
            assert other_x - x >= NODE[0] or abs(other_y - y) >= NODE[1]


def test_a_wire_over_several_columns_runs_straight_and_free() -> None:
    net = Builder()
    start = net.add("input")
    inner = start
    for _ in range(4):
        inner = net.add("relu", inner)
    end = net.add("add", start, inner)
    places = arrange(net.graph(), wrap=20)
    assert places[start][1] == places[end][1]
    assert all(abs(y - places[start][1]) > NODE[1] / 2 for id_, (_, y) in places.items() if id_ not in (start, end))


def test_a_chain_stands_in_one_line() -> None:
    assert {y for _, y in arrange(chain(["relu"] * 12), wrap=20).values()} == {0}


def upside_down(*joins: str) -> tuple[Graph, list[str]]:
    """Three branches, the first the lowest; with the last of them."""
    net = Builder()
    start = net.add("input")
    branches = [net.add("relu", net.add("relu", start)) for _ in range(3)]
    for layer in joins:
        net.add(layer, *branches)
    places = {id_: (408.0, -300.0 * number) for number, id_ in enumerate(branches)}
    inner = {source.node: (204.0, places[target.node][1]) for target, source in net.graph().links.items() if target.node in places}
    return move({start: (0, 0), **inner, **places})(net.graph()), branches


def test_branches_keep_the_order_in_which_they_were_placed() -> None:
    graph, branches = upside_down()
    places = arrange(graph)
    assert sorted(branches, key=lambda id_: places[id_][1]) == branches[::-1]


def test_branches_that_would_cross_at_ports_come_in_the_order_of_the_ports() -> None:
    graph, branches = upside_down("concat")
    places = arrange(graph)
    assert sorted(branches, key=lambda id_: places[id_][1]) == branches


@pytest.mark.parametrize("graph", [inception_v3(), scattered(30), scattered(80)], ids=["inception_v3", "scattered 30", "scattered 80"])
def test_what_is_arranged_stays_when_arranged_again(graph: Graph) -> None:
    assert arrange(move(arrange(graph))(graph)) == arrange(graph)


def test_a_part_is_arranged_where_it_stands() -> None:
    graph = chain(["input", *["relu"] * 4, "output"], wrap=10)
    graph = move({"n2": (1000.0, 500.0), "n3": (900.0, 700.0), "n4": (1100.0, 900.0)})(graph)
    places = arrange_some(graph, {"n2", "n3", "n4"})
    assert places == {"n2": (900.0, 500.0), "n3": (1104.0, 500.0), "n4": (1308.0, 500.0)}
    assert arrange_some(graph, ()) == {}


@pytest.mark.benchmark
def test_how_long_a_thousand_layers_take(capsys: pytest.CaptureFixture[str]) -> None:
    graph = scattered(1000)
    start = time.perf_counter()
    places = arrange(graph)
    took = time.perf_counter() - start
    with capsys.disabled():
        print(f"\narranging 1,000 layers: {took * 1000:.0f} ms")
    assert len(set(places.values())) == 1000


@pytest.mark.parametrize("seed", range(3))
def test_downwards_everything_flows_down_and_nothing_overlaps(seed: int) -> None:
    graph = turn("down")(scattered(60, seed))
    places = arrange(graph, wrap=1000)
    assert all(places[target.node][1] - places[source.node][1] >= NODE[1] for target, source in graph.links.items())
    for one, other in combinations(places.values(), 2):
        assert abs(one[0] - other[0]) >= NODE[0] or abs(one[1] - other[1]) >= NODE[1]


@pytest.mark.parametrize("make", [densenet121, inception_v3])
def test_turned_there_and_back_everything_stands_as_before(make) -> None:  # type: ignore[no-untyped-def]
    graph = turn("right")(make())
    down = turn("down")(graph)
    assert down.direction == "down"
    assert turn("right")(down) == graph


def test_a_chain_runs_down_in_one_column() -> None:
    assert {x for x, _ in arrange(turn("down")(chain(["relu"] * 8))).values()} == {0}


def test_networks_with_long_skips_are_not_torn_apart() -> None:
    net = Builder()
    down = [net.add("input")]
    for _ in range(9):
        down.append(net.add("relu", down[-1]))
    up = net.add("relu", down[-1])
    for skipped in reversed(down[:-1]):
        up = net.add("relu", net.add("add", skipped, up))
    places = arrange(net.graph(), wrap=8)
    assert all(places[target.node][0] > places[source.node][0] for target, source in net.graph().links.items())


def residual(swapped: bool) -> Graph:
    """A chain and a wire past it that end at the two ports of a sum."""
    net = Builder()
    first = net.add("input")
    last = first
    for _ in range(4):
        last = net.add("relu", last)
    total = net.add("add", first, last) if swapped else net.add("add", last, first)
    net.add("output", total)
    return net.graph()


def test_wires_come_to_ports_in_their_order() -> None:
    for swapped in (False, True):
        graph = residual(swapped)
        placed = move(arrange(graph))(graph)
        heights = [node.position[1] for node in placed.nodes.values()]
        if swapped:
            assert heights[1] > heights[0], "the skip comes to the upper port, so it runs above the chain"
        else:
            assert len(set(heights[:-1])) == 1, "the chain comes to the upper port and runs straight"
        assert arrange(placed) == arrange(graph)


def test_a_sum_of_many_stands_in_line_with_what_follows() -> None:
    net = Builder()
    first = net.add("input")
    joined = net.add("concat", *(net.add("relu", first) for _ in range(4)))
    after = net.add("relu", joined)
    at = arrange(net.graph())
    high = 112  # five ports: four in use and a free one
    assert at[joined][1] + high / 2 == at[after][1] + NODE[1] / 2
