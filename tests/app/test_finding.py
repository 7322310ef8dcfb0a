"""Finding layers."""

from __future__ import annotations

import pytest

import netbuilder as nb
from netbuilder.app.finding import Spot, find


def names(graph: nb.Graph, text: str) -> list[str]:
    return [graph.nodes[spot.node].name for spot in find(graph, nb.analyze(graph), text) if not spot.uses]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("c1", ["C1"]),
        ("AVGPOOL", ["S2", "S4"]),
        ("28×28", ["input", "C1", "tanh_1"]),
        ("28x28", ["input", "C1", "tanh_1"]),
        ("[6,", ["C1", "tanh_1", "S2"]),
        ("[16, 5, 5]", ["S4"]),
        ("120", ["C5", "tanh_3"]),
        ("5×5", ["S4"]),
        ("pad 2", ["C1"]),
        ("problem", []),
        ("   ", []),
        ("nothing of the kind", []),
    ],
)
def test_by_name_kind_setting_and_shape(text: str, expected: list[str]) -> None:
    graph = nb.template("lenet5")
    assert names(graph, text) == expected


def test_by_problem() -> None:
    graph = nb.chain([("input", {"shape": (1, 8, 8)}), ("conv2d", {"out_channels": 4, "kernel_size": 11}), "relu"])
    assert "conv2d_1" in names(graph, "error")
    assert names(graph, "kernel") == ["conv2d_1"]
    assert names(graph, "warning") == []


def test_inside_blocks() -> None:
    graph = nb.template("resnet18")
    spots = find(graph, nb.analyze(graph), "conv2d")
    inside = [spot for spot in spots if spot.uses]
    assert inside
    assert all(graph.nodes[spot.uses[0]].layer == "block" for spot in inside)
    assert len(set(spots)) == len(spots)
    assert isinstance(spots[0], Spot)
