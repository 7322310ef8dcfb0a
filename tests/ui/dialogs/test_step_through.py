"""Stepping through convolution and pooling with mouse and keyboard; the inspector's comparison with a dense layer."""

from __future__ import annotations

import numpy as np
import pytest
from patience import hover, until
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from netbuilder.core.build import chain
from netbuilder.net.analysis import analyze
from netbuilder.probe.sliding import Window
from netbuilder.ui.dialogs.step_through import StepThrough
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.panels.inspector.sliding_window import WindowAtWork, compared

LEFT = Qt.MouseButton.LeftButton


def opened(window: MainWindow, name: str) -> StepThrough:
    node = next(node.id for node in window.document.graph.nodes.values() if node.name == name)
    window.context.selection.set((node,))
    shown = window.inspector.findChild(WindowAtWork)
    assert shown is not None
    shown.button.click()
    found = window.findChild(QDialog, "dialog.step_through")
    assert isinstance(found, StepThrough)
    return found


@pytest.fixture
def steps(window: MainWindow, qtbot: QtBot) -> StepThrough:
    """A 3×3 convolution on a 4×4 input."""
    found = opened(window, "C1")
    qtbot.waitExposed(found)
    found.show_node("n2", "C1", Window("convolution", (3, 3)))
    found.size_field.setValue(4)
    return found


def test_four_by_four_gives_two_by_two(steps: StepThrough, qtbot: QtBot) -> None:
    assert steps.sliding.shape == (2, 2)
    steps.stage.setFocus()
    qtbot.keyClick(steps, Qt.Key.Key_Right)
    assert steps.step == 1
    assert steps.stage.input.marked == {(row, column) for row in range(3) for column in range(1, 4)}
    assert steps.stage.sum.text == steps.sliding.written(1)
    assert steps.stage.sum.text.endswith(f"= {steps.sliding.output[0, 1]:.0f}".replace("-", "−"))
    for _ in range(5):
        qtbot.keyClick(steps, Qt.Key.Key_Right)
    assert steps.step == 3
    assert not steps.findChild(QPushButton, "step.step").isEnabled()
    qtbot.keyClick(steps, Qt.Key.Key_Home)
    assert steps.step == 0


def test_a_click_on_the_output_goes_there(steps: StepThrough, qtbot: QtBot) -> None:
    grid = steps.stage.output
    until(lambda: grid.width() > 80)
    qtbot.mouseClick(grid, LEFT, pos=grid.cell(1, 0).center().toPoint())
    assert steps.step == 2


def test_it_plays_to_the_end_and_holds(steps: StepThrough, qtbot: QtBot) -> None:
    steps._clock.setInterval(5)
    qtbot.keyClick(steps, Qt.Key.Key_Space)
    until(lambda: not steps.playing)
    assert steps.step == 3


def test_kernels_and_the_flip(steps: StepThrough) -> None:
    steps.kernel.choose("sobel")
    steps.kernel.chosen.emit("sobel")
    plain = steps.sliding.output
    assert steps.sliding.weights[1].tolist() == [-2, 0, 2]
    steps.flip.click()
    assert steps.sliding.weights[1].tolist() == [2, 0, -2]
    assert np.array_equal(steps.sliding.output, -plain)


def test_the_layers_own_filter(steps: StepThrough, window: MainWindow) -> None:
    steps = opened(window, "C1")
    steps.kernel.choose("own")
    steps.kernel.chosen.emit("own")
    until(lambda: steps._own is not None)
    assert steps.sliding.weights.shape == (5, 5)
    assert steps.sliding.weights == pytest.approx(steps._own[0, 0])


def test_the_matrix_tells_shared_weights(steps: StepThrough, qtbot: QtBot) -> None:
    qtbot.mouseClick(steps.findChild(QToolButton, "segment.matrix"), LEFT)
    matrix = steps.stage.matrix
    until(matrix.isVisible)
    hover(matrix, matrix.cell(0, 1).center())
    assert "weight 2" in matrix.told
    hover(matrix, matrix.cell(0, 3).center())
    assert "no connection" in matrix.told
    assert [line.rpartition("= ")[2] for line in steps.stage.counts.text.splitlines()] == ["64", "36", "9"]


def test_pooling_is_stepped_through_too(window: MainWindow) -> None:
    steps = opened(window, "S2")
    assert steps.sliding.window.operation == "average"
    assert steps.stage.sum.text.count("/ 4") == 1
    assert steps.kernel.isHidden()


def test_only_layers_with_a_window_offer_it(window: MainWindow) -> None:
    window.context.selection.clear()
    window.context.commands.refresh()
    assert not window.context.commands.action("inspect.step_through").isEnabled()
    node = next(node.id for node in window.document.graph.nodes.values() if node.name == "C5")
    window.context.selection.set((node,))
    assert window.inspector.findChild(WindowAtWork) is None


def test_five_to_five_is_25_weights_dense_and_3_as_a_convolution() -> None:
    settings = {"out_channels": 1, "kernel_size": 3, "padding": 1, "bias": False}
    graph = chain([("input", {"shape": (1, 5)}), ("conv1d", settings, "c"), "output"])
    answer = next(result for id_, result in analyze(graph).nodes.items() if graph.nodes[id_].name == "c")
    assert compared(answer) == "dense 5·5 = 25\nshared weights = 3"
