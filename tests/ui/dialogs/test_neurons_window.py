"""The neurons of small networks in the window: 26 and 41 parameters, values for inputs of one's own, sums read by pointer and keys."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from patience import hover, until
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from netbuilder.core.document import Document
from netbuilder.templates import project
from netbuilder.ui.dialogs.neurons import NeuronsWindow
from netbuilder.ui.main_window import MainWindow

Opener = Callable[[Document], MainWindow]


def opened(window: MainWindow) -> NeuronsWindow:
    window.context.commands.run("inspect.neurons")
    dialog = window.findChild(QDialog, "dialog.neurons")
    assert isinstance(dialog, NeuronsWindow)
    until(lambda: bool(dialog.passed) or (dialog.empty.isVisible() and "cannot" in dialog.empty.text.text()), 60_000)
    return dialog


@pytest.mark.parametrize(
    ("name", "count"),
    [("mlp-3-4-2", "(3 + 1)·4 + (4 + 1)·2 = 16 + 10 = 26"), ("mlp-3-4-4-1", "(3 + 1)·4 + (4 + 1)·4 + (4 + 1)·1 = 16 + 20 + 5 = 41")],
)
def test_the_lectures_networks_are_counted(open_window: Opener, name: str, count: str) -> None:
    dialog = opened(open_window(Document(project(name))))
    assert dialog.count.text == f"parameters = {count}"
    assert len(dialog.fields) == 3
    assert not dialog.view.grab().isNull()


def test_own_inputs_pass_through_every_neuron(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(Document(project("mlp-3-4-2")))
    dialog = opened(window)
    before = dialog.passed[-1].answers.copy()
    dialog.fields[0].setValue(2.5)
    assert dialog.passed[0].given[0] == 2.5
    assert not np.array_equal(dialog.passed[-1].answers, before)
    hover(dialog.view, dialog.view.place(1, 2))
    assert dialog.view.at == (1, 2)
    assert dialog.sum.text.startswith("z₃ = ")
    assert "·2.5" in dialog.sum.text
    assert dialog.sum.text.splitlines()[1].startswith("a₃ = Sigmoid(z₃) = ")
    dialog.view.setFocus()
    for key, at in ((Qt.Key.Key_Up, (1, 1)), (Qt.Key.Key_Right, (2, 1)), (Qt.Key.Key_Down, (2, 1)), (Qt.Key.Key_Left, (1, 1))):
        qtbot.keyClick(dialog.view, key)
        assert dialog.view.at == at
    assert dialog.view.accessibleDescription().startswith("hidden1 2: ")


def test_a_test_sample_is_the_input(open_window: Opener) -> None:
    window = open_window(Document(project("mlp-3-4-2")))
    dataset = window.session.require_data(window.session.project.data)
    dialog = opened(window)
    until(dialog.sample.isVisible)
    dialog.sample.setValue(3)
    scale = dataset.normalisation
    expected = (dataset.test.inputs[3] * scale.scale - np.array(scale.mean)) / np.array(scale.std)
    assert dialog.passed[0].given == pytest.approx(expected, abs=1e-3)


def test_it_follows_the_training(open_window: Opener) -> None:
    window = open_window(Document(project("mlp-3-4-2")))
    window.document.configure(label="Train", training={**window.document.project.training, "epochs": 5000})
    window.session.runner.start()
    assert window.session.runner.wait_for("running", timeout=60)
    dialog = opened(window)
    before = dialog.passed[-1].answers.copy()
    until(lambda: not np.array_equal(dialog.passed[-1].answers, before), 30_000)
    window.session.runner.abort()


def test_larger_networks_are_refused_with_a_remedy(window: MainWindow) -> None:
    dialog = opened(window)
    assert "Perceptron 3–4–2" in dialog.empty.text.text()
    window.session.document.apply(lambda _graph: project("mlp-3-4-2").graph, "A small one")
    until(lambda: bool(dialog.passed), 60_000)
