"""How layers learn, set in the inspector for one layer and for many; and the curves of activations."""

from __future__ import annotations

import math

import pytest
import torch
from patience import hover, until
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from netbuilder.core.build import chain
from netbuilder.core.edits import replace_layer, set_setting
from netbuilder.core.graph import Node
from netbuilder.layers.declare import Layer, catalogue
from netbuilder.layers.settings import read
from netbuilder.net.compiler import compile_graph
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.panels.inspector.activation_curve import ActivationCurve, curve
from netbuilder.ui.panels.inspector.learning import LearningForm

LAYERS = catalogue()
LEFT = Qt.MouseButton.LeftButton


def named(window: MainWindow, name: str) -> Node:
    return next(node for node in window.document.graph.nodes.values() if node.name == name)


def open_form(window: MainWindow, qtbot: QtBot, *names: str) -> LearningForm:
    window.context.selection.set(tuple(named(window, name).id for name in names))
    section = window.inspector.findChild(QWidget, "section.learning")
    assert section is not None
    if not section.header.isChecked():  # type: ignore[attr-defined]
        qtbot.mouseClick(section.header, LEFT)  # type: ignore[attr-defined]
    form = section.findChild(LearningForm)
    assert form is not None
    qtbot.waitUntil(lambda: form.form.field("frozen").height() > 0)
    return form


def type_in(form: LearningForm, qtbot: QtBot, name: str, text: str) -> None:
    field = form.findChild(QLineEdit, f"field.{name}")
    assert field is not None
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def pick(box: QComboBox, key: str) -> None:
    box.setCurrentIndex(box.findData(key))
    box.activated.emit(box.currentIndex())


def test_a_layer_gets_its_own_rate_and_penalties(window: MainWindow, qtbot: QtBot) -> None:
    form = open_form(window, qtbot, "C1")
    type_in(form, qtbot, "learning_rate", "0.1")
    type_in(form, qtbot, "l1", "0.001")
    type_in(form, qtbot, "max_norm", "3")
    assert dict(named(window, "C1").training) == {"learning_rate": 0.1, "l1": 0.001, "max_norm": 3.0}
    type_in(form, qtbot, "learning_rate", "1")
    assert "learning_rate" not in named(window, "C1").training
    window.context.commands.run("edit.undo")
    assert named(window, "C1").training["learning_rate"] == 0.1


def test_a_frozen_layer_wears_a_lock(window: MainWindow, qtbot: QtBot) -> None:
    form = open_form(window, qtbot, "C3")
    before = window.canvas.canvas_scene.nodes[named(window, "C3").id].look.learning
    qtbot.waitUntil(lambda: form.form.field("frozen").height() > 0)  # laid out when the event loop comes to it
    qtbot.mouseClick(form.form.field("frozen"), LEFT)
    assert named(window, "C3").training == {"frozen": True}
    qtbot.waitUntil(lambda: window.canvas.canvas_scene.nodes[named(window, "C3").id].look.learning == "lock")
    assert before == ""
    qtbot.mouseClick(form.form.field("frozen"), LEFT)
    assert not named(window, "C3").training
    type_in(form, qtbot, "l2", "0.01")
    qtbot.waitUntil(lambda: window.canvas.canvas_scene.nodes[named(window, "C3").id].look.learning == "sliders-horizontal")


def test_several_layers_of_different_kinds_at_once(window: MainWindow, qtbot: QtBot) -> None:
    open_form(window, qtbot, "C1")
    type_in(open_form(window, qtbot, "C1"), qtbot, "l2", "0.5")
    form = open_form(window, qtbot, "C1", "F6")
    type_in(form, qtbot, "l2", "0.01")
    assert named(window, "C1").training == named(window, "F6").training == {"l2": 0.01}
    window.context.commands.run("edit.undo")
    assert (named(window, "C1").training, named(window, "F6").training) == ({"l2": 0.5}, {})


def test_initial_weights_and_ties(window: MainWindow, qtbot: QtBot) -> None:
    form = open_form(window, qtbot, "C5")
    pick(form.initialisation.chooser, "orthogonal")
    assert named(window, "C5").training["initialisation"] == "orthogonal"
    pick(form.initialisation.chooser, "as-recipe")
    assert "initialisation" not in named(window, "C5").training
    pick(form.tied, "F6")
    assert named(window, "C5").training == {"tied_to": "F6"}
    pick(form.tied, "not-tied")
    assert not named(window, "C5").training
    type_in(form, qtbot, "bias_initialisation", "0.5")
    assert named(window, "C5").training == {"bias_initialisation": 0.5}


def test_what_training_would_refuse_is_not_stored(window: MainWindow, qtbot: QtBot) -> None:
    form = open_form(window, qtbot, "C1")
    form.form.edited.emit("l1", -1.0)
    assert "from 0 to" in form._problem.text()
    assert not named(window, "C1").training


def test_layers_without_weights_have_nothing_to_learn(window: MainWindow) -> None:
    window.context.selection.set((named(window, "tanh_1").id,))
    section = window.inspector.findChild(QWidget, "section.learning")
    assert section is not None
    assert section.isHidden()


def test_a_section_stays_open_from_layer_to_layer(window: MainWindow, qtbot: QtBot) -> None:
    open_form(window, qtbot, "C1")
    window.context.selection.set((named(window, "C3").id,))
    section = window.inspector.findChild(QWidget, "section.learning")
    assert section is not None
    assert section.findChild(LearningForm) is not None
    assert section.findChild(QToolButton).isChecked()


def test_the_curve_of_an_activation_follows_its_settings(window: MainWindow) -> None:
    node = named(window, "tanh_1")
    window.context.selection.set((node.id,))
    shown = window.inspector.findChild(ActivationCurve)
    assert shown is not None
    until(lambda: shown.chart.isVisible() and shown.chart.width() > 150)
    hover(shown.chart, shown.chart.to_pixel(1.0, 0.0))
    assert "f(x) 0.76" in shown.chart.told
    slope, value = shown.chart.content.lines
    middle = len(value.x) // 2
    assert (value.y[middle], slope.y[middle]) == (pytest.approx(0.0), pytest.approx(1.0))
    window.context.selection.set((named(window, "C1").id,))
    assert not shown.isVisible()


@pytest.mark.parametrize("name", [name for name, kind in LAYERS.items() if kind.curve is not Layer.curve])
def test_derivatives_are_those_of_torch(name: str) -> None:
    layer = read(LAYERS[name], {})
    module = compile_graph(chain([("input", {"shape": (1,)}), (name, {}), "output"])).eval().double()
    x, _, slope = curve(layer)
    at = torch.tensor(x[3::10], dtype=torch.float64).reshape(-1, 1).requires_grad_()
    (real,) = torch.autograd.grad(module(at).sum(), at)
    near = [math.isnan(a) or abs(a - b) < 1e-3 for a, b in zip(slope[3::10], real.flatten().tolist(), strict=True)]
    assert sum(near) >= len(near) - 2, "a derivative may differ at a kink only"


def test_settings_change_the_curve() -> None:
    steep = read(LAYERS["leakyrelu"], {"negative_slope": 0.5})
    assert curve(steep)[1][0] == pytest.approx(-2.5)
    assert curve(read(LAYERS["leakyrelu"], {}))[1][0] == pytest.approx(-0.05)


def test_an_edit_on_the_canvas_redraws_it(window: MainWindow) -> None:
    node = named(window, "tanh_1")
    window.document.apply(replace_layer(node.id, "leakyrelu"), "Replace")
    window.context.selection.set((node.id,))
    shown = window.inspector.findChild(ActivationCurve)
    assert shown is not None
    before = shown.chart.content
    window.document.apply(set_setting(node.id, "negative_slope", 0.9), "Change")
    assert shown.chart.content is not before
