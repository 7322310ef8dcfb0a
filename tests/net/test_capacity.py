"""The same network in several sizes: what changes, what stays, and what is refused."""

from __future__ import annotations

import pytest

from netbuilder.core.build import chain
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Graph
from netbuilder.net.analysis import analyze
from netbuilder.net.capacity import Change, numbers, read_levels, variants, write_levels
from netbuilder.net.compiler import compile_graph
from netbuilder.net.deepening import chains
from netbuilder.templates import template
from netbuilder.templates.declare import gallery


def dense(*hidden: int, answers: int = 2) -> Graph:
    steps = [item for number, width in enumerate(hidden, 1) for item in (("linear", {"out_features": width}, f"hidden{number}"), "tanh")]
    return chain([("input", {"shape": (3,)}), *steps, ("linear", {"out_features": answers}, "scores"), "output"])


def parameters_of(module: object) -> int:
    return sum(each.numel() for each in module.parameters())  # type: ignore[attr-defined]


def test_widths_are_multiplied_and_the_answer_keeps_its_size() -> None:
    found = variants(dense(8, 4), Change("width", (0.25, 1, 4)))
    assert [each.title for each in found] == ["× ¼", "× 1", "× 4"]
    for each, (first, second) in zip(found, ((2, 1), (8, 4), (32, 16)), strict=True):
        assert each.parameters == 4 * first + (first + 1) * second + (second + 1) * 2 == parameters_of(compile_graph(each.graph, seed=0))


def test_chosen_layers_are_widened_alone() -> None:
    (_, wide) = variants(dense(8, 4), Change("width", (1, 2), ("hidden2",)))
    widths = [node.settings.get("out_features") for node in wide.graph.nodes.values() if node.layer == "linear"]
    assert widths == [8, 8, 2]


@pytest.mark.parametrize("name", [n for n in gallery() if n not in ("lenet5-1998", "linear-classifier", "autoencoder")])
def test_every_template_can_be_narrower_and_wider(name: str) -> None:
    graph = template(name)
    half, same, double = variants(graph, Change("width", (0.5, 1, 2)))
    assert half.parameters < same.parameters < double.parameters
    assert same.parameters == analyze(graph).parameters
    assert same.note == ""


def test_groups_still_divide_what_is_widened_and_the_rounding_is_told() -> None:
    steps = [
        ("input", {"shape": (3, 8, 8)}),
        ("conv2d", {"out_channels": 12, "kernel_size": 3, "padding": 1}, "first"),
        ("conv2d", {"out_channels": 12, "kernel_size": 3, "padding": 1, "groups": 4}, "grouped"),
        "flatten",
        ("linear", {"out_features": 10}),
        "output",
    ]
    half, _ = variants(chain(steps), Change("width", (0.5, 1)))
    assert half.graph.by_name["grouped"].settings["out_channels"] == 8
    assert "multiples of 4" in half.note
    assert "6 → 8" in half.note


def test_depthwise_convolutions_stay_depthwise() -> None:
    steps = [
        ("input", {"shape": (3, 8, 8)}),
        ("conv2d", {"out_channels": 6, "kernel_size": 1}),
        ("conv2d", {"out_channels": 6, "kernel_size": 3, "groups": 6}, "depthwise"),
        "flatten",
        "linear",
        "output",
    ]
    (_, wide) = variants(chain(steps), Change("width", (1, 3)))
    assert wide.graph.by_name["depthwise"].settings["groups"] == 18


def test_sizes_that_come_out_alike_are_made_once() -> None:
    found = variants(dense(2), Change("width", (0.1, 0.2, 1)))
    assert [each.level for each in found] == [0.1, 1]
    assert "× 0.2 gives the same network" in found[0].note


def test_a_chain_is_copied_or_left_out() -> None:
    graph = dense(8)
    hidden = tuple(node.name for node in graph.nodes.values() if node.name == "hidden1" or node.layer == "tanh")
    found = variants(graph, Change("depth", (0, 1, 3), hidden))
    assert [each.title for each in found] == ["left out", "1 copy", "3 copies"]
    assert [each.parameters for each in found] == [8, 32 + 18, 32 + 72 + 72 + 18]
    deep = found[2].graph
    assert {"hidden1_copy1", "hidden1_copy2"} <= deep.by_name.keys()
    assert parameters_of(compile_graph(deep, seed=0)) == found[2].parameters
    assert len({node.position for node in deep.nodes.values()}) == len(deep.nodes)


def test_blocks_are_repeated() -> None:
    graph = template("resnet20-cifar")
    one, three = variants(graph, Change("depth", (1, 3), ("layer3_1",)))
    assert three.graph.by_name["layer3_1"].repeat == 3
    assert three.parameters > one.parameters


def test_what_can_be_copied_is_found() -> None:
    assert ("layer3_1",) in chains(template("resnet20-cifar"))
    assert chains(template("mlp-3-layers"))[0] == ("hidden1", "relu1")


def test_a_setting_a_block_parameter_and_a_template_option_take_values() -> None:
    lenet = template("lenet5")
    assert numbers(lenet, "C1")["kernel_size"] == 5
    kernels = variants(lenet, Change("setting", (1, 3, 5), ("C1",), "kernel_size"))
    assert [each.graph.by_name["C1"].settings["kernel_size"] for each in kernels] == [1, 3, 5]
    unet = template("unet")
    assert "channels" in numbers(unet, "bottom")
    assert len(variants(unet, Change("setting", (8, 64), ("bottom",), "channels"))) == 2
    option = variants(lenet, Change("option", (50, 100), (), "width", "lenet5"))
    assert option[1].parameters == 61_706


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change("width", (0, 1)), "cannot be multiplied by 0"),
        (Change("width", (1,)), "2 to 24 different sizes"),
        (Change("width", (1, 2), ("scores",)), "“scores” is no hidden layer"),
        (Change("width", (1, 1.01)), "the same network"),
        (Change("depth", (1, 2)), "No layer is chosen"),
        (Change("depth", (1, 2.5), ("hidden1",)), "cannot be 2.5 copies"),
        (Change("depth", (1, -1), ("hidden1",)), "cannot be -1 copies"),
        (Change("depth", (0, 1), ("scores",)), "would answer 4 instead of 2"),
        (Change("depth", (1, 2), ("input_1",)), "no chain"),
        (Change("depth", (1, 2), ("nobody",)), "no layer “nobody”"),
        (Change("setting", (1, 2), ("hidden1",), "bias"), "no whole number “bias”"),
        (Change("setting", (0, 2), ("hidden1",), "out_features"), "“out_features 0” is not possible"),
        (Change("setting", (2, 3), ("scores",), "out_features"), "would answer 3 instead of 2"),
    ],
)
def test_sizes_that_cannot_be_are_refused_with_a_remedy(change: Change, words: str) -> None:
    with pytest.raises(NetbuilderError, match=words) as refusal:
        variants(dense(8, 4), change)
    assert refusal.value.remedy


def test_copies_that_shrink_an_image_to_nothing_are_refused_with_their_number() -> None:
    with pytest.raises(NetbuilderError, match="“4 copies” is not possible"):
        variants(template("lenet5"), Change("depth", (1, 2, 4), ("C3",)))


def test_levels_are_read_and_written_as_people_write_them() -> None:
    assert read_levels("¼ 1/2, 1;1½ 2") == (0.25, 0.5, 1, 1.5, 2)
    assert write_levels((0.25, 1.5, 2, 0.1)) == "1/4 3/2 2 0.1"
    for text in ("", "x", "1/0", "1..2", "½½½"):
        with pytest.raises(NetbuilderError):
            read_levels(text)
