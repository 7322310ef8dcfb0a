"""The analysis: published figures, problems with their fixes, and equality of the incremental and the whole answer."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from networks import branching, lenet, two_in_two_out, with_block

from netbuilder.core.build import chain
from netbuilder.core.edits import add_node, compound, connect, disconnect, move, remove_nodes, rename, set_setting
from netbuilder.core.graph import Block, BlockParameter, Graph, Node, Port
from netbuilder.net.analysis import analyze
from netbuilder.net.results import Analysis, NodeAnalysis, Severity
from netbuilder.templates import template


def facts(analysis: Analysis) -> Any:
    """All that an analysis says, comparable: edits behind fixes as their labels."""
    return (
        analysis.parameters,
        analysis.macs,
        analysis.memory,
        sorted(map(problem_facts, analysis.problems), key=str),
        {id_: node_facts(node) for id_, node in analysis.nodes.items()},
    )


def problem_facts(problem: Any) -> Any:
    return problem.severity.value, problem.node, problem.message, problem.remedy, problem.setting, tuple(fix.label for fix in problem.fixes)


def node_facts(node: NodeAnalysis) -> Any:
    return (
        node.layer,
        node.inputs,
        node.outputs,
        node.parameters,
        node.macs,
        node.memory,
        node.receptive_field,
        tuple(map(problem_facts, node.problems)),
        node.explanation,
        node.parameter_explanation,
    )


def messages(graph: Graph) -> list[str]:
    return [problem.message for problem in analyze(graph).problems]


def by_name(graph: Graph, name: str) -> str:
    return graph.by_name[name].id


def test_lenet_has_its_published_figures() -> None:
    analysis = analyze(template("lenet5"))
    assert (analysis.parameters, analysis.macs) == (61_706, 416_520)
    assert not analysis.problems


def test_receptive_field_grows_through_convolution_and_pooling() -> None:
    graph = lenet()
    nodes = analyze(graph).nodes
    assert nodes[by_name(graph, "c1")].receptive_field.size == (3, 3)
    assert nodes[by_name(graph, "s2")].receptive_field.size == (4, 4)
    assert nodes[by_name(graph, "s2")].receptive_field.step == (2.0, 2.0)
    assert nodes[by_name(graph, "f3")].receptive_field.everything


def test_receptive_field_of_a_meeting_is_the_largest() -> None:
    graph = two_in_two_out()
    assert analyze(graph).nodes[by_name(graph, "joined")].receptive_field.size == (5, 5)


def test_an_edit_upstream_changes_what_is_seen_but_no_answer_behind_it() -> None:
    graph = chain([("input", {"shape": (1, 9, 9)}), ("conv2d", {"padding": 1}, "c"), ("relu", {}, "r"), ("relu", {}, "end"), "output"])
    known = analyze(graph)
    wider = compound(set_setting(by_name(graph, "c"), "kernel_size", 5), set_setting(by_name(graph, "c"), "padding", 2))(graph)
    edited = analyze(wider, known)
    assert [id_ for id_ in graph.nodes if edited.answers[id_] is not known.answers[id_]] == [by_name(graph, "c")]
    assert edited.nodes[by_name(graph, "end")].receptive_field.size == (5, 5)
    assert known.nodes[by_name(graph, "end")].receptive_field.size == (3, 3)


def test_receptive_field_of_a_very_deep_network() -> None:
    graph = chain([("input", {"shape": (1, 9)}), *[("conv1d", {"out_channels": 1, "padding": 1})] * 5_000, ("output", {}, "end")])
    assert analyze(graph).nodes[by_name(graph, "end")].receptive_field.size == (10_001,)


def test_empty_graph_says_so() -> None:
    assert messages(Graph()) == ["The network is empty."]


def test_missing_wire_offers_the_only_open_output_and_followers_are_silent() -> None:
    graph = lenet()
    cut = disconnect(Port(by_name(graph, "s2"), "in"))(graph)
    problems = analyze(cut).errors
    assert [p.message for p in problems] == ["MaxPool2d “s2” has no input."]
    assert [fix.label for fix in problems[0].fixes] == ["Connect “r1” to it"]
    assert not analyze(problems[0].fixes[0].edit(cut)).problems


def test_no_output_can_be_mended() -> None:
    graph = lenet()
    without = remove_nodes([by_name(graph, "classes")])(graph)
    problem = analyze(without).errors[0]
    assert problem.message == "The network has no output."
    assert not analyze(problem.fixes[0].edit(without)).problems


def test_no_input_can_be_mended() -> None:
    graph = remove_nodes([by_name(lenet(), "image")])(lenet())
    problem = analyze(graph).errors[0]
    assert problem.message == "The network has no input."
    assert not analyze(problem.fixes[0].edit(graph)).errors
    beside = add_node(Node("d", "dropout", "side", position=(-300.0, 0.0)))(graph)
    problem = analyze(beside).errors[0]
    assert [fix.label for fix in problem.fixes] == ["Add an input before “side”", "Add an input before “c1”"]
    assert all(problem.message not in [error.message for error in analyze(fix.edit(beside)).errors] for fix in problem.fixes)


def test_dangling_branch_is_a_warning() -> None:
    graph = connect(Port(by_name(lenet(), "r1"), "out"), Port("d", "in"))(add_node(Node("d", "dropout", "side"))(lenet()))
    (problem,) = analyze(graph).problems
    assert problem.severity is Severity.WARNING
    assert problem.node == "d"
    assert "no output is reached" in problem.message


def test_loop_in_a_file_is_named() -> None:
    graph = lenet()
    links = {**graph.links, Port(by_name(graph, "c1"), "in"): Port(by_name(graph, "s2"), "out")}
    looped = replace(graph, links=links)
    problem = analyze(looped).errors[0]
    assert "c1 → r1 → s2 → c1" in problem.message or "r1 → s2 → c1 → r1" in problem.message or "s2 → c1 → r1 → s2" in problem.message
    assert not analyze(problem.fixes[0].edit(looped), analyze(looped)).nodes[by_name(graph, "s2")].problems


def test_kernel_larger_than_its_input_is_explained_and_mended() -> None:
    graph = set_setting(by_name(lenet(), "s2"), "kernel_size", 40)(lenet())
    (problem,) = analyze(graph).errors
    assert problem.node == by_name(graph, "s2")
    assert problem.fixes
    assert all(not analyze(fix.edit(graph)).errors for fix in problem.fixes)


def test_absurd_and_unknown_settings_name_the_setting() -> None:
    graph = set_setting(by_name(lenet(), "c1"), "kernel_size", 10**9)(lenet())
    assert analyze(graph).errors[0].setting == "kernel_size"
    graph = set_setting(by_name(lenet(), "c1"), "kernel", 3)(lenet())
    problem = analyze(graph).errors[0]
    assert problem.setting == "kernel"
    assert not analyze(problem.fixes[-1].edit(graph)).errors


def test_unknown_layer_keeps_the_network_from_running_and_is_kept() -> None:
    graph = lenet()
    id_ = by_name(graph, "t3")
    graph = replace(graph, nodes={**graph.nodes, id_: replace(graph.nodes[id_], layer="mystery")})
    (problem,) = analyze(graph).errors
    assert "mystery" in problem.message
    assert "cannot run" in problem.remedy


def test_wires_to_ports_that_do_not_exist() -> None:
    graph = lenet()
    c1, t3 = by_name(graph, "c1"), by_name(graph, "t3")
    odd = replace(graph, links={**graph.links, Port(c1, "in7"): Port(by_name(graph, "image"), "out")})
    (problem,) = analyze(odd).errors
    assert "no input “in7”" in problem.message
    assert not analyze(problem.fixes[0].edit(odd)).problems
    odd = replace(graph, links={**graph.links, Port(t3, "in"): Port(by_name(graph, "f3"), "third")})
    assert "no output “third”" in analyze(odd).errors[0].message
    odd = replace(graph, links={**graph.links, Port(t3, "in"): Port("gone", "out")})
    assert "is not there" in analyze(odd).errors[0].message


def test_lecture_warnings_and_their_fixes() -> None:
    row = chain([("input", {"shape": (4,)}), ("linear", {}, "a"), ("linear", {}, "b"), ("softmax", {}, "s"), "output"])
    problems = {p.message[:20]: p for p in analyze(row).problems}
    assert len(problems) == 2
    assert any("W₂(W₁x)" in p.message for p in problems.values())
    assert any("softmax" in p.message.lower() and "cross-entropy" in p.message for p in problems.values())
    for problem in problems.values():
        mended = problem.fixes[0].edit(row)
        assert len(analyze(mended).problems) == 1


def test_linear_on_an_image_offers_flatten() -> None:
    graph = chain([("input", {"shape": (3, 8, 8)}), ("linear", {"out_features": 2}), ("output", {"task": "values"})])
    (problem,) = analyze(graph).problems
    mended = problem.fixes[0].edit(graph)
    assert analyze(mended).parameters == 3 * 8 * 8 * 2 + 2
    assert not analyze(mended).problems


def test_merge_needs_two_inputs() -> None:
    graph = chain([("input", {"shape": (4,)}), ("add", {}, "sum"), "output"])
    assert any("has no input" in message for message in messages(graph))


@pytest.mark.parametrize("repeat", [1, 3])
def test_block_multiplies_costs_and_keeps_shapes(repeat: int) -> None:
    graph = with_block(repeat)
    answer = analyze(graph).nodes["b"]
    assert not analyze(graph).problems
    assert answer.output_shapes == ((None, 4, 6, 6),)
    assert answer.parameters == repeat * (3 * 3 * 4 + 1) * 4
    assert answer.receptive_field.size == (1 + 2 * repeat, 1 + 2 * repeat)


def test_block_parameter_reaches_the_layers_inside() -> None:
    graph = set_setting("b", "width", 5)(with_block())
    (problem,) = analyze(graph).errors
    assert problem.node == "b"
    assert "Inside the block" in problem.message
    assert "“sum”" in problem.message
    assert "no parameter “depth”" in analyze(set_setting("b", "depth", 5)(with_block())).errors[0].message


def test_block_that_contains_itself_ends_in_a_message() -> None:
    graph = with_block()
    block = graph.blocks["residual unit"]
    inner = block.graph
    act = inner.by_name["act"].id
    nodes = {**inner.nodes, act: Node(act, "block", "act", block="residual unit")}
    links = {**{t: s for t, s in inner.links.items() if t.node != act}, Port(act, "x_in"): inner.links[Port(act, "in")]}
    itself = replace(block, graph=replace(inner, nodes=nodes, links=links))
    problem = analyze(replace(graph, blocks={"residual unit": itself})).errors[0]
    assert "cannot contain itself" in problem.remedy


def test_absurd_repeat_is_refused() -> None:
    graph = with_block(10**9)
    assert "can be repeated" in analyze(graph).errors[0].message


def test_a_move_costs_nothing_and_keeps_every_answer() -> None:
    graph = lenet()
    known = analyze(graph)
    moved = analyze(move({by_name(graph, "c1"): (9.0, 9.0)})(graph), known)
    assert moved.answers is known.answers
    assert moved.graph is not graph


def test_an_edit_without_shape_change_touches_one_answer() -> None:
    graph = two_in_two_out()
    known = analyze(graph)
    edited = analyze(set_setting(by_name(graph, "c2"), "bias", False)(graph), known)
    assert [id_ for id_ in graph.nodes if edited.answers[id_] is not known.answers[id_]] == [by_name(graph, "c2")]
    assert edited.parameters == known.parameters - 4


def test_a_cut_wire_renews_what_is_offered_at_other_layers() -> None:
    nodes = {name: Node(name, layer, name) for name, layer in (("a", "relu"), ("b", "relu"), ("c", "relu"), ("end", "output"))}
    links = {Port("b", "in"): Port("a", "out"), Port("c", "in"): Port("b", "out"), Port("end", "in"): Port("b", "out")}
    known = analyze(Graph(nodes, links))
    cut = disconnect(Port("c", "in"))(known.graph)
    assert facts(analyze(cut, known)) == facts(analyze(Graph(cut.nodes, cut.links)))
    assert facts(analyze(cut, known)) != facts(known)


def test_layers_behind_a_loop_that_is_opened_are_worked_out_even_when_they_have_no_shape() -> None:
    nodes = {name: Node(name, layer, name) for name, layer in (("a", "input"), ("b", "relu"), ("c", "relu"), ("end", "output"))}
    nodes["b"] = Node("b", "relu", "b", {"nonsense": 1})
    links = {Port("b", "in"): Port("a", "out"), Port("c", "in"): Port("b", "out"), Port("end", "in"): Port("c", "out")}
    looped = analyze(Graph(nodes, {**links, Port("a", "in"): Port("a", "out")}))
    opened = disconnect(Port("a", "in"))(looped.graph)
    assert facts(analyze(opened, looped)) == facts(analyze(Graph(nodes, links)))


_SETTINGS = {
    "conv2d": [("out_channels", 4), ("out_channels", 8), ("kernel_size", 3), ("kernel_size", 9), ("padding", 4), ("stride", 2)],
    "dropout": [("p", 0.1), ("p", 7)],
    "maxpool2d": [("kernel_size", 2), ("stride", 2)],
    "input": [("shape", (4, 5, 5)), ("shape", (4, 9, 9)), ("shape", (3, 2))],
}


@settings(max_examples=60, deadline=None)
@given(branching(), st.data())
def test_incremental_answer_equals_the_whole_answer(graph: Graph, data: st.DataObject) -> None:
    known = analyze(graph)
    for number in range(data.draw(st.integers(1, 6))):
        graph = _some_edit(graph, data, number)
        known = analyze(graph, known)
        assert facts(known) == facts(analyze(Graph(graph.nodes, graph.links, graph.blocks)))


def _some_edit(graph: Graph, data: st.DataObject, number: int) -> Graph:
    ids = sorted(graph.nodes)
    kind = data.draw(st.sampled_from(["set", "wire", "cut", "remove", "add", "rename", "loop"]))
    chosen, other = data.draw(st.sampled_from(ids or ["none"])), data.draw(st.sampled_from(ids or ["none"]))
    if kind == "add" or not ids:
        return add_node(Node(f"extra{number}", data.draw(st.sampled_from(["relu", "output", "linear", "add"])), f"extra{number}"))(graph)
    if kind == "set":
        name, value = data.draw(st.sampled_from(_SETTINGS.get(graph.nodes[chosen].layer, [("inplace", True)])))
        return set_setting(chosen, name, value)(graph)
    if kind == "rename":
        return rename(chosen, f"named{number}")(graph)
    if kind == "remove":
        return remove_nodes([chosen])(graph)
    if kind == "cut":
        ports = sorted(graph.links)
        return disconnect(data.draw(st.sampled_from(ports)))(graph) if ports else graph
    target = Port(other, data.draw(st.sampled_from(["in", "in1", "in2"])))
    return replace(graph, links={**graph.links, target: Port(chosen, "out")})


def test_settings_of_inner_layers_and_inner_blocks_are_worked_out() -> None:
    unit = with_block().blocks["residual unit"]
    outer = chain(
        [
            ("input", {"shape": (4, 6, 6)}, "x_in"),
            ("conv2d", {"out_channels": "$(width + 1) * 2", "kernel_size": ("$width // 2", 1)}),
            "output",
        ]
    )
    use = Node("u", "block", "unit", {"width": "$(width + 1) * 2"}, block="residual unit")
    links = {Port("n2", "in"): Port("n1", "out"), Port("u", "x_in"): Port("n2", "out"), Port("n3", "in"): Port("u", "y_out")}
    wide = Block("wide", Graph({**outer.nodes, "u": use}, links), (BlockParameter("width", 4),))
    graph = with_block()
    nodes = {**graph.nodes, "b": Node("b", "block", "units", {"width": 7}, block="wide")}
    links = {**graph.links, Port("n2", "in"): Port("b", outer.nodes["n3"].name)}
    analysis = analyze(Graph(nodes, links, {"residual unit": unit, "wide": wide}))
    assert not analysis.errors
    assert analysis.nodes["b"].output_shapes == ((None, 16, 4, 6),)
    broken = replace(wide, graph=set_setting("n2", "out_channels", "$width.bit_length()")(wide.graph))
    problem = analyze(Graph(nodes, links, {"residual unit": unit, "wide": broken})).errors[0]
    assert "layer “conv2d_1”, out_channels: in “$width.bit_length()”, “.bit_length(” asks for an attribute" in problem.message
