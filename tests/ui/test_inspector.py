"""Changing settings in the inspector, and what it answers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from netbuilder.core.edits import set_training
from netbuilder.core.graph import Node
from netbuilder.train.events import Preview
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.panels.inspector.layer import NodeView
from netbuilder.ui.panels.inspector.network import NetworkView
from netbuilder.ui.widgets.section import Section


@pytest.fixture
def second_convolution(window: MainWindow) -> Node:
    node = [node for node in window.document.graph.nodes.values() if node.layer == "conv2d"][1]
    window.context.selection.set([node.id])
    return node


def _view(window: MainWindow) -> NodeView:
    view = window.inspector.view
    assert isinstance(view, NodeView)
    return view


def _type(qtbot: QtBot, view: NodeView, name: str, text: str) -> QLineEdit:
    assert view.form is not None
    field = view.form.field(name)
    assert isinstance(field, QLineEdit)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    return field


@pytest.mark.usefixtures("second_convolution")
def test_it_explains_shape_and_parameters(window: MainWindow) -> None:
    view = _view(window)
    assert view.shape.text.splitlines()[-1] == "6×14×14 → 16×10×10"
    assert view.shape.text.splitlines()[0].endswith("= 10")
    assert view.parameters.text.endswith("= 2,416")
    assert view.facts.value("field") == "14 × 14, step 2"
    assert view.facts.value("memory") == "6.3 kB"


def test_an_edit_changes_document_and_explanation(window: MainWindow, second_convolution: Node, qtbot: QtBot) -> None:
    view = _view(window)
    _type(qtbot, view, "kernel_size", "3 x 3")
    assert "kernel_size" not in window.document.graph.nodes[second_convolution.id].settings
    assert view.shape.text.endswith("16×12×12")
    assert _view(window) is view


def test_typing_is_one_step_and_undo_restores_the_field(window: MainWindow, second_convolution: Node, qtbot: QtBot) -> None:
    view = _view(window)
    before = window.document.graph
    field = _type(qtbot, view, "out_channels", "128")
    assert window.document.graph.nodes[second_convolution.id].settings["out_channels"] == 128
    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.document.graph == before
    assert field.text() == "16"


@pytest.mark.usefixtures("second_convolution")
def test_a_refused_value_is_explained_under_its_field(window: MainWindow, qtbot: QtBot) -> None:
    view = _view(window)
    assert view.form is not None
    field = _type(qtbot, view, "kernel_size", "0")
    assert "kernel_size" in view.form.error("kernel_size")
    assert field.text() == "0"
    fix = view.findChild(QPushButton, "fix.0")
    assert fix is not None
    qtbot.mouseClick(fix, Qt.MouseButton.LeftButton)
    assert view.form.error("kernel_size") == ""
    assert not window.session.analysis.errors


@pytest.mark.usefixtures("second_convolution")
def test_text_that_is_no_number_leaves_the_document_alone(window: MainWindow, qtbot: QtBot) -> None:
    view = _view(window)
    assert view.form is not None
    before = window.document.graph
    field = _type(qtbot, view, "out_channels", "many")
    assert window.document.graph is before
    assert "whole number" in view.form.error("out_channels")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "16"
    assert view.form.error("out_channels") == ""


def test_arrows_count_and_the_default_is_not_written_down(window: MainWindow, second_convolution: Node, qtbot: QtBot) -> None:
    field = _type(qtbot, _view(window), "stride", "2")
    assert window.document.graph.nodes[second_convolution.id].settings["stride"] == 2
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert "stride" not in window.document.graph.nodes[second_convolution.id].settings


def test_rename_and_refusal(window: MainWindow, second_convolution: Node, qtbot: QtBot) -> None:
    view = _view(window)
    view.name.setFocus()
    view.name.selectAll()
    qtbot.keyClicks(view.name, "stem")
    qtbot.keyClick(view.name, Qt.Key.Key_Return)
    assert window.document.graph.nodes[second_convolution.id].name == "stem"
    view.name.selectAll()
    qtbot.keyClicks(view.name, "2 bad")
    qtbot.keyClick(view.name, Qt.Key.Key_Return)
    assert window.document.graph.nodes[second_convolution.id].name == "stem"


def test_gradient_norm_appears_with_training(window: MainWindow, second_convolution: Node) -> None:
    view = _view(window)
    assert view.facts.value("gradient") == ""
    window.context.bridge.events.emit([Preview(1, 1, gradients={second_convolution.id: 0.0834})])
    assert view.facts.value("gradient") == "0.0834"


def test_nothing_selected_shows_the_network(window: MainWindow) -> None:
    view = window.inspector.view
    assert isinstance(view, NetworkView)
    assert view.facts.value("parameters") == "61,706"


def test_several_of_one_kind_change_together(window: MainWindow, qtbot: QtBot) -> None:
    linear = [node.id for node in window.document.graph.nodes.values() if node.layer == "linear"][:2]
    window.context.selection.set(linear)
    view = window.inspector.view
    field = view.findChild(QLineEdit, "field.out_features")  # type: ignore[union-attr]
    assert field is not None
    assert field.text() == ""
    qtbot.keyClicks(field, "64")
    assert [window.document.graph.nodes[id_].settings["out_features"] for id_ in linear] == [64, 64]
    window.document.undo()
    assert [window.document.graph.nodes[id_].settings["out_features"] for id_ in linear] == [120, 84]


def test_a_view_turns_to_another_layer_of_its_kind(window: MainWindow, qtbot: QtBot) -> None:
    first, second = (node.id for node in window.document.graph.nodes.values() if node.layer == "conv2d")
    window.context.selection.set([first])
    view = _view(window)
    window.context.selection.set([second])
    assert _view(window) is view
    assert view.name.text() == window.document.graph.nodes[second].name
    assert view.parameters.text.endswith("= 2,416")
    _type(qtbot, view, "out_channels", "17")
    assert window.document.graph.nodes[second].settings["out_channels"] == 17
    assert window.document.graph.nodes[first].settings["out_channels"] == 6
    window.context.selection.set([first])
    other = _view(window)
    assert other is not view
    assert other.form is not None
    assert other.form.field("out_channels").text() == "6"  # type: ignore[attr-defined]


def test_what_is_folded_open_follows_each_layer(window: MainWindow) -> None:
    first, second = (node.id for node in window.document.graph.nodes.values() if node.layer == "conv2d")
    window.document.apply(set_training([second], "frozen", True), "Freeze")

    def learning() -> bool:
        section = _view(window).findChild(Section, "section.learning")
        assert isinstance(section, Section)
        return section.header.isChecked()

    seen = []
    for id_ in (first, second, first):
        window.context.selection.set([id_])
        seen.append(learning())
    assert seen == [False, True, False]


def test_views_are_prepared_one_for_each_kind_of_layer(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = window.document.graph.nodes
    steps = 0
    while window.inspector.prepare():
        steps += 1
    assert steps == len({node.layer for node in nodes.values()}) < len(nodes)
    made: list[str] = []
    monkeypatch.setattr(NodeView, "__init__", lambda _view, _context, id_, *_rest: made.append(id_))
    for node in nodes.values():
        window.context.selection.set([node.id])
        assert _view(window).name.text() == node.name
    assert not made, "whatever is selected first is there already"
