"""Every template has the options that its drawing asks for, and what is chosen is what is drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

import netbuilder as nb
from netbuilder.core.graph import Graph, Node
from netbuilder.templates.changes import CURVES
from netbuilder.templates.declare import Template

ALL = pytest.mark.parametrize("template", nb.templates(), ids=lambda template: template.name)

BY_TABLE = "lenet5-1998"
"""A table says which of its 6 maps 16 others see and its codes are pictures, so its size and width are what they are."""


def every_node(graph: Graph) -> Iterator[Node]:
    """The nodes of a network and of the blocks it uses."""
    for inside in (graph, *(block.graph for block in graph.blocks.values())):
        yield from inside.nodes.values()


def curves(graph: Graph) -> Counter[str]:
    """How often each activation is drawn."""
    return Counter(node.layer for node in every_node(graph) if node.layer in {*CURVES, "sigmoid", "scaledtanh"})


@ALL
def test_a_template_offers_what_its_drawing_has(template: Template) -> None:
    graph = template.graph()
    named = set(template.choices)
    output = graph.by_name["output"]
    if curves(graph):
        assert "activation" in named
        assert "width" in named or template.name == BY_TABLE
    if len(graph.by_name["input"].settings["shape"]) > 1:
        assert "image_size" in named or template.name == BY_TABLE
    if output.settings.get("task", "classes") == "classes":
        assert named & {"classes", "points"}


@ALL
def test_another_activation_is_everywhere(template: Template) -> None:
    option = template.choices.get("activation")
    if option is None:
        pytest.skip("draws no activation")
    before = curves(template.graph())
    for activation in option.choices:
        graph = template.graph(activation=activation)
        assert curves(graph) == {activation: before.total()}
        assert nb.analyze(graph).problems == ()
        if activation != "relu":
            assert not [node.name for node in every_node(graph) if "relu" in node.name.replace("leakyrelu", "")]


@ALL
def test_another_width_is_another_number_of_parameters(template: Template) -> None:
    option = template.choices.get("width")
    if option is None:
        pytest.skip("has no width of its own")
    widths = sorted(option.choices or (option.least, option.default // 2, option.default, 2 * option.default))
    analyses = [nb.analyze(template.graph(width=width)) for width in widths]
    assert [analysis.problems for analysis in analyses] == [()] * len(widths)
    counts = [analysis.parameters for analysis in analyses]
    assert counts == sorted(set(counts))
    assert len({str(analysis.nodes[template.graph().by_name["output"].id].inputs) for analysis in analyses}) == 1


@pytest.mark.parametrize(
    ("name", "layer", "wide"), [("vgg-d", "conv1_1", 32), ("resnet50", "layer4_0", 256), ("inception-v3", "Conv2d_3b_1x1", 40)]
)
def test_half_the_width_is_half_of_each_layer(name: str, layer: str, wide: int) -> None:
    settings = nb.template(name, width=50, classes=7).by_name[layer].settings
    assert wide in settings.values()


def test_blocks_are_called_after_their_activation() -> None:
    assert "Conv-BN-GELU" in nb.template("googlenet", activation="gelu").blocks
    assert "Conv-BN-ReLU" in nb.template("googlenet").blocks


def test_the_weights_keep_their_names() -> None:
    usual, other = (
        set(nb.compile(nb.template("resnet18", **options)).state_dict()) for options in ({}, {"activation": "silu", "width": 25})
    )
    assert usual == other


@pytest.mark.parametrize("classes", [2, 26])
def test_lenet_of_1998_tells_other_classes_apart(classes: int) -> None:
    analysis = nb.analyze(nb.template(BY_TABLE, classes=classes))
    assert analysis.problems == ()
    assert analysis.parameters == 60_000


def test_lenet_reads_images_of_another_size() -> None:
    assert nb.analyze(nb.template("lenet5")).parameters == 61_706
    assert nb.analyze(nb.template("lenet5", image_size=32)).parameters == 61_706 + (36 - 25) * 16 * 120
