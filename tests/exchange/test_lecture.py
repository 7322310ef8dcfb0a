"""The drawing of papers and lectures."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest

import netbuilder as nb
from netbuilder.core.build import Builder
from netbuilder.core.graph import Graph
from netbuilder.exchange.declare import ExportError
from netbuilder.exchange.lecture.drawing import draw
from netbuilder.exchange.lecture.grid import lay_out
from netbuilder.exchange.lecture.lettering import width
from netbuilder.exchange.lecture.stages import lecture
from netbuilder.layers.declare import Category
from netbuilder.layers.tones import PICTURE_TONES

SPACE = "{http://www.w3.org/2000/svg}"
NETWORKS = ("lenet5", "alexnet", "vgg-d", "unet", "plain-unet", "resnet20-cifar", "googlenet", "mlp-3-4-2", "cnn-1d", "cnn-3d")


def network(name: str) -> Graph:
    return plain_unet() if name == "plain-unet" else nb.template(name)


def plain_unet() -> Graph:
    """Every convolution by itself, two on each of four levels."""
    made = Builder()

    def double(at: str, channels: int, name: str) -> str:
        for number in (1, 2):
            at = made.add("relu", made.add("conv2d", at, name=f"{name}_{number}", out_channels=channels, kernel_size=3, padding=1))
        return at

    at, skips = made.add("input", shape=(1, 64, 64)), []
    for level in (1, 2, 3):
        skips.append(double(at, 8 * 2**level, f"down{level}"))
        at = made.add("maxpool2d", skips[-1], kernel_size=2)
    at = double(at, 128, "bottom")
    for level in (3, 2, 1):
        at = made.add("convtranspose2d", at, name=f"widen{level}", out_channels=8 * 2**level, kernel_size=2, stride=2)
        at = double(made.add("concat", skips[level - 1], at), 8 * 2**level, f"up{level}")
    made.add("output", made.add("conv2d", at, name="pixels", out_channels=1, kernel_size=1))
    return made.graph()


def words(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SPACE}text")]


def test_lenet_is_the_sequence_of_its_papers() -> None:
    svg = draw(nb.template("lenet5"), "LeNet-5")
    said = words(svg)
    assert [word for word in said if word.startswith("[")] == [
        "[1, 28, 28]", "[6, 28, 28]", "[6, 14, 14]", "[16, 10, 10]", "[16, 5, 5]", "[120]", "[84]", "[10]",
    ]  # fmt: skip
    assert said.count("5×5 Conv2d") == 2
    assert {"C1", "S2", "C3", "S4", "C5", "F6", "2×2 AvgPool2d", "Tanh", "Flatten", "pad 2"} <= set(said)


def test_words_stand_beside_the_way_that_they_describe() -> None:
    def beside(name: str, layer: str) -> list[str]:
        graph = nb.template(name)
        return lecture(graph, nb.analyze(graph)).stages[graph.by_name[layer].id].operations

    assert beside("lenet5", "S4") == ["2×2 AvgPool2d"]
    assert beside("lenet5", "C5") == ["Flatten", "Linear", "Tanh"]
    assert beside("lenet5-1998", "input") == []
    assert beside("lenet5-1998", "C1")[:2] == ["ZeroPad2d", "5×5 Conv2d"]
    assert beside("cnn-1d", "conv1")[:3] == ["Reshape", "Conv1d", "kernel 5, pad 2"]
    assert "3×3×3 Conv3d" in beside("cnn-3d", "conv1")
    assert "2×2×2 MaxPool3d" in beside("cnn-3d", "pool1")


def test_what_no_further_block_takes_up_is_told_at_the_last() -> None:
    layers = [("input", {"shape": (3, 8, 8)}), ("conv2d", {"out_channels": 4}), "flatten", "output"]
    graph = nb.chain(layers)
    stages = lecture(graph, nb.analyze(graph)).stages
    assert list(stages.values())[-1].operations == ["3×3 Conv2d", "Flatten"]


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("theme", PICTURE_TONES)
def test_no_two_texts_touch(name: str, theme: str) -> None:
    root = ElementTree.fromstring(draw(network(name), name, tones=PICTURE_TONES[theme]))
    boxes = []
    for element in root.iter(f"{SPACE}text"):
        size = float(element.get("font-size", "0"))
        kind = "mono" if "Mono" in element.get("font-family", "") else "strong" if element.get("font-weight") else "text"
        half = width(element.text or "", kind, size) / 2
        x, y = float(element.get("x", "0")), float(element.get("y", "0"))
        boxes.append((x - half, x + half, y - 0.8 * size, y + 0.2 * size, element.text))
    right, bottom = float(root.get("width", "0")), float(root.get("height", "0"))
    for left, end, top, foot, text in boxes:
        assert left >= 0, text
        assert end <= right, text
        assert top >= 0, text
        assert foot <= bottom, text
    for one, two in combinations(boxes, 2):
        assert one[1] <= two[0] or two[1] <= one[0] or one[3] <= two[2] or two[3] <= one[2], (one[4], two[4])


@pytest.mark.parametrize("name", NETWORKS)
def test_wires_run_where_no_block_is(name: str) -> None:
    graph = network(name)
    picture = lecture(graph, nb.analyze(graph))
    grid = lay_out(picture)
    assert len(set(grid.cells.values())) == len(grid.cells)
    for (source, target), lane in grid.lanes.items():
        passed = {(column, lane) for column in range(grid.cells[source][0] + 1, grid.cells[target][0])}
        assert grid.cells[source][0] + ((source, target) not in grid.upright) <= grid.cells[target][0]
        assert not passed & set(grid.cells.values())


@pytest.mark.parametrize("name", ["alexnet", "vgg-d", "resnet18", "googlenet", "densenet121"])
def test_a_long_chain_goes_on_on_further_lines_that_fit_a_page(name: str) -> None:
    root = ElementTree.fromstring(draw(nb.template(name)))
    assert 1.2 < float(root.get("width", "0")) / float(root.get("height", "0")) < 3.0


def test_encoder_and_decoder_are_a_valley_with_a_level_for_each_size() -> None:
    graph = plain_unet()
    picture = lecture(graph, nb.analyze(graph))
    grid = lay_out(picture)
    for id_, stage in picture.stages.items():
        assert 64 // 2 ** grid.cells[id_][1] == stage.shape[-1]
    assert len(grid.upright) == 6
    blocks = lay_out(lecture(nb.template("unet"), nb.analyze(nb.template("unet"))))
    assert max(row for _, row in blocks.cells.values()) == 3
    assert not blocks.upright, "one stage on each level would be a tower"
    assert lay_out(lecture(nb.template("autoencoder"), nb.analyze(nb.template("autoencoder")))).upright == frozenset()


def test_a_block_has_the_colour_of_what_is_in_it() -> None:
    stages = lecture(nb.template("resnet18"), nb.analyze(nb.template("resnet18"))).stages.values()
    assert {stage.category for stage in stages if stage.name.startswith("layer")} == {Category.CONVOLUTION}


def test_a_part_is_drawn_alone_and_a_broken_network_too() -> None:
    graph = nb.template("lenet5")
    convolutions = [node.id for node in graph.nodes.values() if node.layer == "conv2d"]
    assert [word for word in words(draw(graph, only=convolutions)) if word.startswith("[")] == ["[6, 28, 28]", "[16, 10, 10]"]
    broken = nb.chain(
        [("input", {"shape": (3, 8, 8)}), ("conv2d", {"out_channels": 4, "kernel_size": 11}), ("linear", {"out_features": 3})]
    )
    assert "?" in words(draw(broken))


def test_text_is_escaped_and_nothing_cannot_be_drawn() -> None:
    assert "<title>&lt;b&gt;</title>" in draw(nb.template("mlp-3-4-2"), "<b>")
    with pytest.raises(ExportError, match="nothing to draw"):
        draw(nb.Document().graph)


def test_transparent_has_no_ground() -> None:
    ground = re.compile(r'<rect width="[\d.]+" height="[\d.]+" fill="#14161B|<rect width="[\d.]+" height="[\d.]+" fill="#181B21')
    assert ground.search(draw(nb.template("lenet5"), tones=PICTURE_TONES["dark"]))
    assert not ground.search(draw(nb.template("lenet5"), tones=PICTURE_TONES["dark"], transparent=True))
