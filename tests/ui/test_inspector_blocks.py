"""Blocks in the inspector: a use with its parameters, the definition with its list, and expressions in the fields inside."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QToolButton, QWidget

from netbuilder.core.build import Builder
from netbuilder.core.document import Document
from netbuilder.core.edits import set_setting
from netbuilder.core.graph import Block, BlockParameter, Graph
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.panels.inspector.block_definition import DefinitionView
from netbuilder.ui.panels.inspector.layer import NodeView
from netbuilder.ui.widgets.problem_note import ProblemNote

W = TypeVar("W", bound=QWidget)


def brick() -> Block:
    net = Builder()
    at = net.add("conv2d", net.add("input", name="x"), name="conv", out_channels="$channels", kernel_size=3, padding=1)
    net.add("output", net.add("relu", at, name="relu"), name="y")
    return net.block("Brick", BlockParameter("channels", 8, "Feature maps that come out."))


def network() -> Graph:
    net = Builder()
    at = net.use(brick(), net.add("input", shape=(1, 28, 28)), name="first")
    at = net.use(brick(), at, name="second", channels=16)
    net.add("output", net.add("linear", net.add("flatten", at), out_features=10))
    return net.graph()


@pytest.fixture
def window(open_window: Callable[[Document], MainWindow]) -> MainWindow:
    return open_window(Document(network()))


def select(window: MainWindow, name: str) -> NodeView:
    window.context.selection.set([window.canvas.graph.by_name[name].id])
    view = window.inspector.view
    assert isinstance(view, NodeView)
    return view


def inside(window: MainWindow, use: str) -> None:
    window.canvas.levels.open(window.document.graph.by_name[use].id)


def child(parent: QWidget | None, kind: type[W], name: str) -> W:
    assert parent is not None
    found = parent.findChild(kind, name)
    assert found is not None, name
    return found


def write(line: QWidget, text: str) -> None:
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)


def test_a_use_shows_its_parameters_and_takes_new_values(window: MainWindow) -> None:
    view = select(window, "first")
    line = child(view, QLineEdit, "field.channels")
    assert (line.text(), line.toolTip()) == ("8", "Feature maps that come out.")
    write(line, "12")
    use = window.document.graph.by_name["first"]
    assert dict(use.settings) == {"channels": 12}
    assert window.session.analysis.nodes[use.id].output_shapes == ((None, 12, 28, 28),)
    write(line, "8")
    assert not window.document.graph.by_name["first"].settings


def test_repeats_and_their_weights(window: MainWindow) -> None:
    view = select(window, "first")
    weights = child(view, QWidget, "block.weights")
    assert weights.isHidden()
    write(child(view, QLineEdit, "block.repeat"), "3")
    assert window.document.graph.by_name["first"].repeat == 3
    assert not weights.isHidden()
    QTest.mouseClick(child(weights, QToolButton, "segment.shared"), Qt.MouseButton.LeftButton)
    assert window.document.graph.by_name["first"].linked
    assert "must give what they take" in " ".join(problem.message for problem in window.session.analysis.errors)


@pytest.mark.parametrize("times", ["0", "-2", "many"])
def test_a_number_of_repeats_that_cannot_be_is_refused_in_place(window: MainWindow, times: str) -> None:
    view = select(window, "first")
    write(child(view, QLineEdit, "block.repeat"), times)
    assert window.document.graph.by_name["first"].repeat == 1
    assert child(view, QLabel, "error.block").text()


def test_the_definition_is_renamed_for_every_use(window: MainWindow) -> None:
    line = child(select(window, "first"), QLineEdit, "block.definition")
    write(line, "Stone")
    QTest.keyClick(line, Qt.Key.Key_Return)
    graph = window.document.graph
    assert graph.blocks.keys() == {"Stone"}
    assert {graph.by_name[name].block for name in ("first", "second")} == {"Stone"}


def test_a_setting_inside_becomes_a_parameter(window: MainWindow) -> None:
    inside(window, "second")
    view = select(window, "conv")
    assert view._promotions is not None
    (action, *others) = view._promotions.menu("kernel_size").actions()
    assert action.text() == "Make it the parameter “kernel_size”"
    assert [other.text() for other in others if other.text()] == ["Use $channels"]
    action.trigger()
    block = window.document.graph.blocks["Brick"]
    assert block.parameters[1] == BlockParameter("kernel_size", 3)
    assert child(select(window, "conv"), QLineEdit, "field.kernel_size").text() == "$kernel_size"
    window.canvas.levels.leave()
    write(child(select(window, "first"), QLineEdit, "field.kernel_size"), "5 × 3")
    assert window.document.graph.by_name["first"].settings["kernel_size"] == (5, 3)


def test_a_switch_inside_becomes_a_parameter_and_plain_again(window: MainWindow) -> None:
    inside(window, "second")
    view = select(window, "conv")
    assert view._promotions is not None
    view._promotions.menu("bias").actions()[0].trigger()
    view = select(window, "conv")
    assert child(view, QLineEdit, "field.bias").text() == "$bias"
    assert view._promotions is not None
    view._promotions.menu("bias").actions()[0].trigger()
    assert window.canvas.graph.by_name["conv"].settings["bias"] is True
    assert not isinstance(child(window.inspector.view, QWidget, "field.bias"), QLineEdit)


def test_an_expression_is_typed_and_its_value_shown(window: MainWindow) -> None:
    inside(window, "second")
    view = select(window, "conv")
    line = child(view, QLineEdit, "field.out_channels")
    assert child(line, QLabel, "expression.value").text() == "= 16"
    write(line, "$channels * 4")
    assert window.canvas.graph.by_name["conv"].settings["out_channels"] == "$channels * 4"
    assert child(line, QLabel, "expression.value").text() == "= 64"
    assert view.shape.text.endswith("64×28×28")
    assert window.inspector.view is view


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("$depth * 2", "“depth” is not a parameter of the block"),
        ("$channels.real", "attribute"),
        ("$min(channels, 3)", "a call"),
        ("$channels / 0", "divided by zero"),
        ("$channels *", "missing at the end"),
    ],
)
def test_an_expression_that_cannot_be_is_refused_in_place(window: MainWindow, text: str, told: str) -> None:
    inside(window, "second")
    view = select(window, "conv")
    write(child(view, QLineEdit, "field.out_channels"), text)
    assert view.form is not None
    assert told in view.form.error("out_channels")
    assert window.canvas.graph.by_name["conv"].settings["out_channels"] == "$channels"


def test_the_list_of_parameters(window: MainWindow) -> None:
    first = window.document.graph
    inside(window, "first")
    view = window.inspector.view
    assert isinstance(view, DefinitionView)
    QTest.mouseClick(child(view, QPushButton, "definition.add"), Qt.MouseButton.LeftButton)
    name = child(view, QLineEdit, "parameter.parameter_1.name")
    write(name, "slope")
    QTest.keyClick(name, Qt.Key.Key_Return)
    write(child(view, QLineEdit, "parameter.slope.default"), "0.5")
    assert window.document.graph.blocks["Brick"].parameters[1] == BlockParameter("slope", 0.5)
    name = child(view, QLineEdit, "parameter.channels.name")
    write(name, "class")
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert "cannot be the name" in child(view, QLabel, "error.definition").text()
    write(name, "width")
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert window.document.graph.by_name["second"].settings == {"width": 16}
    QTest.mouseClick(child(view, QToolButton, "parameter.width.remove"), Qt.MouseButton.LeftButton)
    assert not window.document.graph.by_name["second"].settings
    assert window.canvas.graph.by_name["conv"].settings["out_channels"] == 8
    while window.document.undo():
        pass
    assert window.document.graph == first


def test_a_parameter_of_a_definition_used_at_several_levels_is_renamed_everywhere(open_window: Callable[[Document], MainWindow]) -> None:
    outer = Builder()
    outer.add("output", outer.use(brick(), outer.add("input", name="x"), name="inner", channels="$width * 2"), name="y")
    net = Builder()
    at = net.use(outer.block("Tower", BlockParameter("width", 4)), net.add("input", shape=(3, 8, 8)), name="tower")
    net.add("output", net.use(brick(), at, name="own", channels=5))
    window = open_window(Document(net.graph()))
    inside(window, "tower")
    write(child(select(window, "inner"), QLineEdit, "field.channels"), "$width * 3")
    window.canvas.levels.open(window.canvas.graph.by_name["inner"].id)
    name = child(window.inspector.view, QLineEdit, "parameter.channels.name")
    write(name, "maps")
    QTest.keyClick(name, Qt.Key.Key_Return)
    graph = window.document.graph
    assert graph.by_name["own"].settings == {"maps": 5}
    assert graph.blocks["Tower"].graph.by_name["inner"].settings == {"maps": "$width * 3"}
    assert not window.session.analysis.errors


def test_a_problem_inside_is_opened_where_it_is(open_window: Callable[[Document], MainWindow]) -> None:
    outer = Builder()
    outer.add("output", outer.use(brick(), outer.add("input", name="x"), name="inner", channels="$width * 2"), name="y")
    net = Builder()
    at = net.use(outer.block("Tower", BlockParameter("width", 4)), net.add("input", shape=(3, 8, 8)), name="tower")
    net.add("output", at)
    window = open_window(Document(net.graph()))
    tower = window.document.graph.by_name["tower"].id
    inner = window.document.graph.blocks["Tower"].graph.by_name["inner"].id
    conv = window.document.graph.blocks["Brick"].graph.by_name["conv"].id
    window.canvas.levels.go((tower, inner))
    window.session.level.apply(set_setting(conv, "kernel_size", 99), "Change kernel size")
    window.canvas.levels.go(())
    (problem,) = window.session.analysis.errors
    assert (problem.node, problem.inside) == (tower, (inner, conv))
    window.show_tab("problems")
    note = child(window.problems, ProblemNote, "problem")
    QTest.mouseClick(note, Qt.MouseButton.LeftButton, pos=QPoint(60, 8))
    assert window.session.level.uses == (tower, inner)
    assert window.canvas.selected_ids == {conv}
    window.canvas.levels.go(())
    window.session.level.apply(set_setting(tower, "width", -4), "Change width")


def test_ends_of_a_block_are_ports_without_settings(window: MainWindow) -> None:
    inside(window, "first")
    view = select(window, "x")
    assert view.form is None
    assert any("name is that of the port" in words.text() for words in view.findChildren(QLabel))
    write(view.name, "image")
    QTest.keyClick(view.name, Qt.Key.Key_Return)
    uses = {window.document.graph.by_name[name].id for name in ("first", "second")}
    assert {port.name for port in window.document.graph.links if port.node in uses} == {"image"}
    assert not window.session.analysis.errors


def test_an_output_inside_a_block_is_not_warned_of(open_window: Callable[[Document], MainWindow]) -> None:
    inner, net = Builder(), Builder()
    inner.add("output", inner.add("conv2d", inner.add("input", name="x"), out_channels=1, kernel_size=3), name="y")
    use = net.use(inner.block("One map"), net.add("input", shape=(1, 28, 28)), name="one")
    net.add("output", net.add("linear", net.add("flatten", use), out_features=10))
    window = open_window(Document(net.graph()))
    assert window.session.analysis.problems == ()
    inside(window, "one")
    assert window.canvas.level.analysis.problems == ()
    assert not select(window, "y").findChildren(ProblemNote)


def test_the_keyboard_goes_to_the_canvas_with_the_block_that_opens(window: MainWindow, qapp) -> None:
    button = child(select(window, "first"), QPushButton, "block.open")
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert window.session.level.uses
    assert qapp.focusWidget() is window.canvas


def test_the_keyboard_stays_in_a_setting_that_is_shown_anew(window: MainWindow, qapp) -> None:
    select(window, "first")
    window.inspector.focus_first_field()
    before = qapp.focusWidget()
    window.context.selection.set([window.canvas.graph.by_name["second"].id])
    after = qapp.focusWidget()
    assert after is not before
    assert after.objectName() == before.objectName() == "field.channels"
    assert window.inspector.view.isAncestorOf(after)


def test_several_uses_of_a_block_change_together(window: MainWindow) -> None:
    nodes = window.document.graph.by_name
    window.context.selection.set([nodes["first"].id, nodes["second"].id])
    line = child(window.inspector.view, QLineEdit, "field.channels")
    assert line.text() == ""
    write(line, "24")
    assert [window.document.graph.by_name[name].settings["channels"] for name in ("first", "second")] == [24, 24]
    window.document.undo()
    assert window.document.graph == network()


def test_what_several_layers_are_is_said(window: MainWindow) -> None:
    nodes = window.document.graph.by_name

    def told(*names: str) -> str:
        window.context.selection.set([window.canvas.graph.by_name[name].id for name in names])
        assert window.inspector.view is not None
        return " ".join(part.text() for part in window.inspector.view.findChildren(QLabel))

    assert "All are “Brick”; a change applies to each of them." in told("first", "second")
    assert "They are of different kinds." in told("first", *[name for name in nodes if nodes[name].layer == "linear"])


def test_an_output_inside_a_block_tells_of_no_loss(window: MainWindow) -> None:
    def words(name: str) -> str:
        node = window.canvas.graph.by_name[name]
        return window.canvas.canvas_scene.nodes[node.id].look.settings

    assert "cross-entropy" in words("output_1")
    inside(window, "first")
    assert words("y") == ""
    assert words("conv") == "8 · 3×3 · pad 1"
