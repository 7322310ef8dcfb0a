"""The inspector compares dense layers and convolutions in figures, and the convolution is shown as the banded matrix that it is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from patience import until
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QToolButton
from pytestqt.qtbot import QtBot

from netbuilder.core.build import Item, chain
from netbuilder.core.document import Document, Project
from netbuilder.core.format import count
from netbuilder.ui.dialogs.step_through import StepThrough
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.panels.inspector.network import NetworkView
from netbuilder.ui.panels.inspector.sliding_window import WindowAtWork

Opener = Callable[[Document], MainWindow]


def opened(open_window: Opener, *layers: Item) -> MainWindow:
    return open_window(Document(Project("Compared", chain([*layers, "output"]))))


def test_five_to_five_takes_25_weights_or_3(open_window: Opener, qtbot: QtBot) -> None:
    settings = {"out_channels": 1, "kernel_size": 3, "padding": 1, "bias": False}
    window = opened(open_window, ("input", {"shape": (1, 5)}), ("conv1d", settings, "conv"))
    window.context.selection.set([window.document.graph.by_name["conv"].id])
    shown = window.inspector.findChild(WindowAtWork)
    assert shown is not None
    assert shown.card.text == "dense 5·5 = 25\nshared weights = 3"
    qtbot.mouseClick(shown.button, Qt.MouseButton.LeftButton)
    steps = window.findChild(QDialog, "dialog.step_through")
    assert isinstance(steps, StepThrough)
    steps.size_field.setValue(5)
    qtbot.mouseClick(steps.findChild(QToolButton, "segment.matrix"), Qt.MouseButton.LeftButton)
    matrix = steps.stage.matrix
    until(matrix.isVisible)
    assert [line.rpartition("= ")[2] for line in steps.stage.counts.text.splitlines()] == ["25", "13", "3"]
    shares = matrix._shares
    assert shares.shape == (5, 5)
    assert all(shares[row, column] == (column - row + 2 if abs(row - column) <= 1 else 0) for row, column in np.ndindex(5, 5))


def test_three_dense_layers_without_bias_have_530576_weights(open_window: Opener) -> None:
    layers: list[Item] = [("linear", {"out_features": units, "bias": False}) for units in (512, 12, 12)]
    window = opened(open_window, ("input", {"shape": (1024,)}), *layers)
    assert window.session.analysis.parameters == 1024 * 512 + 512 * 12 + 12 * 12 == 530_576
    shown = window.inspector.findChild(NetworkView)
    assert shown is not None
    assert shown.facts.value("parameters") == count(530_576) == "530,576"
