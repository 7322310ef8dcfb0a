"""Inputs that do not fit each other are mended where one comes from, and what is proposed follows every edit."""

from __future__ import annotations

from netbuilder.core.build import Builder
from netbuilder.core.edits import set_setting
from netbuilder.core.graph import Graph, Value
from netbuilder.net.analysis import analyze
from netbuilder.net.results import Analysis, Fix


def branches(merge: str, left: dict[str, Value], right: dict[str, Value], *, shared: bool = False) -> tuple[Graph, str, str]:
    """Two convolutions, each with an activation behind it, that meet; the second one's result may be used elsewhere, too."""
    net = Builder()
    image = net.add("input", shape=(3, 32, 32))
    basic: dict[str, Value] = {"out_channels": 8, "kernel_size": 3, "padding": 1}
    first = net.add_settings("conv2d", {**basic, **left}, image, name="left")
    second = net.add_settings("conv2d", {**basic, **right}, image, name="right")
    net.add("output", net.add(merge, net.add("relu", first), net.add("relu", second), name="both"))
    if shared:
        net.add("output", second)
    graph = net.graph()
    return graph, first, second


def fixes(analysis: Analysis) -> dict[str, Fix]:
    return {fix.label: fix for problem in analysis.errors for fix in problem.fixes}


def test_padding_and_stride_before_are_set_first() -> None:
    for merge in ("add", "concat"):
        for name, wrong, right in (("padding", 0, 1), ("stride", 2, 1)):
            graph, _, second = branches(merge, {}, {name: wrong})
            found = fixes(analyze(graph))
            label = f"Set {name} of “right” to {right}"
            assert next(iter(found)) == label
            mended = found[label].edit(graph)
            assert not analyze(mended).errors
            assert mended.nodes[second].settings[name] == right
            assert mended.nodes.keys() == graph.nodes.keys()


def test_channels_before_are_set_too_with_the_stride_where_both_differ() -> None:
    graph, *_ = branches("add", {}, {"out_channels": 16, "stride": 2})
    found = fixes(analyze(graph))
    both = "Set out_channels of “right” to 8 and its stride to 1"
    assert both in found
    assert not analyze(found[both].edit(graph)).errors


def test_a_layer_whose_result_is_used_elsewhere_is_left_alone() -> None:
    graph, *_ = branches("add", {}, {"padding": 0}, shared=True)
    labels = fixes(analyze(graph))
    assert not [label for label in labels if "“right”" in label]
    assert "Set padding of “left” to 0" in labels


def test_no_way_is_offered_twice() -> None:
    graph, *_ = branches("add", {}, {"out_channels": 16})
    labels = fixes(analyze(graph))
    assert "Project to 8 channels with a 1×1 convolution at input 2" in labels
    assert not [label for label in labels if label.startswith("Insert a 1×1 convolution")]


def test_what_is_proposed_follows_an_edit_that_changes_no_shape() -> None:
    graph, _, second = branches("add", {}, {"padding": 0})
    analysis = analyze(graph)
    assert "Set padding of “right” to 1" in fixes(analysis)
    wider = set_setting(second, "kernel_size", 5)(set_setting(second, "padding", 1)(graph))
    assert "Set padding of “right” to 2" in fixes(analyze(wider, analysis))
