"""Chains, the builder, the layout and the writing of numbers."""

from __future__ import annotations

from datetime import datetime

import pytest
from graph_strategies import graphs
from hypothesis import given, settings
from hypothesis import strategies as st

import netbuilder as nb
from netbuilder.core import format as numbers
from netbuilder.core.build import Builder
from netbuilder.core.errors import GraphError
from netbuilder.core.graph import Graph, Port
from netbuilder.core.layout import NODE, PITCH, arrange


def test_a_chain_is_deterministic_and_wired_in_order() -> None:
    graph = nb.chain(["input", ("conv2d", {"kernel_size": [3, 5]}, "C1"), ("relu",), "relu"])
    assert [node.name for node in graph.nodes.values()] == ["input_1", "C1", "relu_1", "relu_2"]
    assert list(graph.nodes) == ["n1", "n2", "n3", "n4"]
    assert graph.nodes["n2"].settings == {"kernel_size": (3, 5)}
    assert graph.links == {Port(f"n{n + 1}", "in"): Port(f"n{n}", "out") for n in (1, 2, 3)}
    assert nb.chain([]) == Graph()


@pytest.mark.parametrize("item", [3, None, (), "", ("relu", 3), ("relu", {}, 5), ("relu", {}, "a", "b"), (3, {})])
def test_an_item_that_is_no_layer_is_named(item: object) -> None:
    with pytest.raises(GraphError, match="Item 2 of the chain"):
        nb.chain(["input", item])  # type: ignore[list-item]


def test_the_builder_refuses_what_edits_refuse() -> None:
    net = Builder()
    a = net.add("input", name="x")
    b = net.add("lstm", a)
    for refused in (
        lambda: net.add("relu", name="x"),
        lambda: net.add("relu", name="forward"),
        lambda: net.add("relu", "n99"),
        lambda: net.wire(b, a),
    ):
        with pytest.raises(GraphError):
            refused()


def test_several_sources_enter_at_numbered_ports_and_ports_can_be_named() -> None:
    net = Builder()
    a = net.add("input")
    b = net.add("lstm", a)
    c = net.add("add", a, Port(b, "hidden"))
    d = net.add("attention")
    net.wire(a, d, "query")
    graph = net.graph()
    assert graph.inputs_of[c] == {"in1": Port(a, "out"), "in2": Port(b, "hidden")}
    assert graph.inputs_of[d] == {"query": Port(a, "out")}


def test_a_chain_wraps_like_lines_of_text() -> None:
    places = arrange(nb.chain(["relu"] * 10), wrap=4)
    assert [places[f"n{n}"] for n in (1, 2, 4, 5, 10)] == [(0, 0), (204, 0), (612, 0), (0, 134), (204, 268)]


def test_branches_leave_the_lane_of_a_skipping_wire_free() -> None:
    net = Builder()
    start = net.add("input")
    inner = net.add("relu", net.add("conv2d", start))
    end = net.add("add", start, inner)
    places = arrange(net.graph(), wrap=10)
    assert places[start][1] == places[end][1]
    assert places[inner][1] > places[start][1]


@given(graphs(), st.none() | st.integers(-1, 9))
@settings(max_examples=60, deadline=None)
def test_no_two_nodes_overlap_and_rows_read_from_left_to_right(graph: Graph, wrap: int | None) -> None:
    places = arrange(graph, wrap)
    assert places.keys() == graph.nodes.keys()
    assert len(set(places.values())) == len(places)
    assert PITCH[0] > NODE[0]
    assert PITCH[1] > NODE[1]
    for target, source in graph.links.items():
        (x1, y1), (x2, y2) = places[source.node], places[target.node]
        assert x2 > x1 or y2 > y1


def test_numbers_are_written_for_people() -> None:
    assert numbers.count(61706) == "61,706"
    assert [numbers.compact(n) for n in (0, 7, 999, 1000, 1_800_000, 132_863_336, 999_999, -1500)] == [
        *("0", "7", "999", "1 k", "1.8 M", "132 M", "999 k", "-1.5 k")
    ]
    assert [numbers.macs(n) for n in (5, 416_520, 1_814_073_344)] == ["5 MAC", "416 kMAC", "1.81 GMAC"]
    assert [numbers.size(n) for n in (0, 512, 1023, 1024, 6400, 246_824, 10_188, 5 * 2**30)] == [
        *("0 B", "512 B", "1,023 B", "1 kB", "6.3 kB", "241 kB", "9.9 kB", "5 GB")
    ]
    assert [numbers.duration(s) for s in (0, 48, 59.6, 725, 3723, float("nan"))] == ["00:00", "00:48", "01:00", "12:05", "1:02:03", "–"]


def test_moments_are_told_as_people_tell_them() -> None:
    now = datetime(2026, 11, 21, 9, 5)
    past = ("2026-11-21T08:03", "2026-11-20T23:59", "2026-11-19T12:00", "2025-11-21T12:00")
    assert [numbers.moment(datetime.fromisoformat(then), now) for then in past] == [
        "today 8:03",
        "yesterday 23:59",
        "19 Nov",
        "21 Nov 2025",
    ]


@given(st.floats(0, 1e20))
def test_compact_numbers_are_never_overstated(number: float) -> None:
    digits, _, prefix = numbers.compact(number).partition(" ")
    value = float(digits.replace(",", "")) * 1000 ** ["", "k", "M", "G", "T", "P", "E"].index(prefix)
    assert value <= number * (1 + 1e-9)
    assert value >= number * 0.989 or number < 1
