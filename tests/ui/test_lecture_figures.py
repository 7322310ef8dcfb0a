"""What the lectures say about layers, read and mended in the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from netbuilder.core.build import chain
from netbuilder.core.document import Document, Project
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.widgets.formula_card import FormulaCard
from netbuilder.ui.widgets.problem_note import ProblemNote

Show = Callable[..., MainWindow]


@pytest.fixture
def show(open_window: Callable[[Document], MainWindow], qtbot: QtBot) -> Show:
    """A chain of layers on an input of this shape, with its problems in front."""

    def make(shape: tuple[int, ...], *layers: Any) -> MainWindow:
        window = open_window(Document(Project("Lecture", chain([("input", {"shape": shape}), *layers, "output"]))))
        window.show_tab("problems")
        qtbot.waitUntil(window.problems.isVisible)
        return window

    return make


def told(window: MainWindow) -> list[str]:
    """The messages in the list of problems."""
    QTest.qWait(0)
    return [note.accessibleName().partition(": ")[2] for note in window.problems.findChildren(ProblemNote) if note.isVisible()]


def mend(window: MainWindow, remedy: str) -> None:
    button = next(button for button in window.problems.findChildren(QPushButton) if button.text() == remedy and button.isVisible())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def read(window: MainWindow, name: str) -> str:
    """The arithmetic that the inspector shows for a layer, and what it warns of."""
    window.context.selection.set([window.document.graph.by_name[name].id])
    notes = [note.accessibleName() for note in window.inspector.findChildren(ProblemNote)]
    return "\n".join([*(card.text for card in window.inspector.findChildren(FormulaCard)), *notes])


def type_into(window: MainWindow, name: str, field: str, text: str) -> None:
    window.context.selection.set([window.document.graph.by_name[name].id])
    found = window.inspector.findChild(QWidget, f"field.{field}")
    line = found if isinstance(found, QLineEdit) else found.findChild(QLineEdit) or found
    if isinstance(line, QComboBox):
        line.setCurrentText(text)
        return
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("shape", "layer"),
    [((1, 9, 9), ("conv2d", {"out_channels": 2, "kernel_size": 3})), ((9,), ("linear", {"out_features": 4}))],
)
def test_two_linear_layers_in_a_row_are_one(show: Show, shape: tuple[int, ...], layer: Any) -> None:
    window = show(shape, layer, layer)
    (message,) = told(window)
    assert "with nothing nonlinear between: W₂(W₁x) = (W₂W₁)x" in message
    mend(window, "Insert a ReLU between them")
    assert told(window) == []
    assert [window.document.graph.nodes[id_].layer for id_ in window.document.graph.order][1:4] == [layer[0], "relu", layer[0]]


@pytest.mark.parametrize(("stride", "padding", "size"), [("1", "0", 5), ("2", "0", 3), ("2", "1", 4)])
def test_seven_wide_under_a_window_of_three(show: Show, stride: str, padding: str, size: int) -> None:
    window = show((1, 7, 7), ("conv2d", {"out_channels": 2, "kernel_size": 3}, "conv"), "relu")
    type_into(window, "conv", "stride", stride)
    type_into(window, "conv", "padding", padding)
    assert f"⌊(7 + 2·{padding} − 3) / {stride}⌋ + 1 = {size}" in read(window, "conv")
    assert told(window) == []


def test_a_stride_of_three_does_not_divide(show: Show) -> None:
    window = show((1, 7, 7), ("conv2d", {"out_channels": 2, "kernel_size": 3}, "conv"), "relu")
    type_into(window, "conv", "stride", "3")
    (message,) = told(window)
    assert "(7 + 2·0 − 3) / 3 + 1 = 2.33 is not whole" in message
    assert message in read(window, "conv")
    mend(window, "Set padding to 1")
    assert told(window) == []


def test_causal_padding_puts_the_border_in_front(show: Show) -> None:
    window = show((1, 9), ("conv1d", {"out_channels": 2, "kernel_size": 3}, "conv"), "relu")
    type_into(window, "conv", "padding", "causal")
    assert window.document.graph.by_name["conv"].settings["padding"] == "causal"
    assert "⌊(9 + 2 + 0 − 3) / 1⌋ + 1 = 9" in read(window, "conv")


def test_same_padding_of_five_by_five(show: Show) -> None:
    window = show((1, 5, 5), ("conv2d", {"out_channels": 2, "kernel_size": 3}, "conv"), "relu")
    type_into(window, "conv", "padding", "same")
    assert "1×5×5 → 2×5×5" in read(window, "conv")


@pytest.mark.parametrize(
    ("shape", "layer", "settings", "arrow"),
    [
        ((1, 6, 6), "conv2d", {"out_channels": 2, "kernel_size": 3, "stride": 2, "padding": 1}, "1×6×6 → 2×3×3"),
        ((1, 6, 6), "conv2d", {"out_channels": 2, "kernel_size": 3, "stride": 3}, "1×6×6 → 2×2×2"),
        ((2, 3, 3), "convtranspose2d", {"out_channels": 2, "kernel_size": 2, "stride": 2}, "2×3×3 → 2×6×6"),
        ((2, 3, 3), "upsample", {}, "2×3×3 → 2×6×6"),
    ],
)
def test_strides_halve_tile_and_enlarge(show: Show, shape: tuple[int, ...], layer: str, settings: dict[str, int], arrow: str) -> None:
    window = show(shape, (layer, settings, "it"), "relu")
    assert arrow in read(window, "it")
    assert told(window) == []
