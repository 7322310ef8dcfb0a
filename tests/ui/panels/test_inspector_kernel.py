"""The inspector draws the weight tensor of a convolution or dense layer with its sizes, and leads to its numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from patience import until
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from netbuilder.core.build import chain
from netbuilder.core.document import Document, Project
from netbuilder.core.edits import set_setting
from netbuilder.layers.kernels import Kernel
from netbuilder.probe.places import Place
from netbuilder.ui.dialogs.tensor import TensorWindow
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.panels.inspector.kernel import WeightTensor
from netbuilder.ui.plots.kernel_drawing import KernelDrawing, said
from netbuilder.ui.theme import Themes

Opener = Callable[[Document], MainWindow]


def shown(open_window: Opener, shape: tuple[int, ...], **settings: object) -> tuple[MainWindow, WeightTensor]:
    graph = chain([("input", {"shape": shape}), ("conv2d", settings, "conv"), "output"])
    window = open_window(Document(Project("One convolution", graph)))
    window.context.selection.set([graph.by_name["conv"].id])
    found = window.inspector.findChild(WeightTensor)
    assert found is not None
    return window, found


def test_216_weights_are_drawn_with_their_sizes(open_window: Opener) -> None:
    window, drawn = shown(open_window, (4, 6, 6), out_channels=6, kernel_size=3)
    assert drawn.drawing.labels == ["3", "3", "in 4", "×6"]
    assert drawn.drawing.accessibleDescription() == "6 kernels of 3×3×4, one per map"
    assert drawn.card.text == "3·3·4·6 weights = 216\nwith 6 biases = 222\nweight[out, in, height, width]: 6×4×3×3"
    node = window.document.graph.by_name["conv"].id
    window.document.apply(set_setting(node, "kernel_size", 40), "Too large")
    assert drawn.isVisibleTo(window.inspector)
    window.document.apply(set_setting(node, "kernel_size", 5), "Change kernel size")
    assert drawn.drawing.labels == ["5", "5", "in 4", "×6"]


def test_760_parameters_of_ten_kernels(open_window: Opener) -> None:
    _, drawn = shown(open_window, (3, 32, 32), out_channels=10, kernel_size=5, padding=2)
    assert drawn.card.text.splitlines()[1] == "with 10 biases = 760"
    assert drawn.drawing.labels == ["5", "5", "in 3", "×10"]


def test_the_button_opens_the_numbers(open_window: Opener, qtbot: QtBot) -> None:
    window, drawn = shown(open_window, (4, 6, 6), out_channels=6, kernel_size=3)
    qtbot.mouseClick(drawn.button, Qt.MouseButton.LeftButton)
    dialog = window.findChild(QDialog, "dialog.tensor")
    assert isinstance(dialog, TensorWindow)
    until(lambda: dialog.shown is not None, 60_000)
    assert dialog.place == Place("parameter", window.document.graph.by_name["conv"].id, "weight")
    assert dialog.shown.taken.values.shape == (6, 4, 3, 3)


@pytest.mark.parametrize(
    "kernel",
    [Kernel(6, 4, (3, 3)), Kernel(64, 256, (1, 1)), Kernel(32, 1, (80,)), Kernel(8, 1, (3, 3, 3)), Kernel(4, 3), Kernel(1000, 512)],
)
def test_every_kernel_is_drawn(qtbot: QtBot, kernel: Kernel) -> None:
    drawing = KernelDrawing(Themes("light"))
    qtbot.addWidget(drawing)
    drawing.resize(240, 132)
    empty = drawing.grab().toImage()
    drawing.show_kernel(kernel)
    assert drawing.grab().toImage() != empty
    assert drawing.accessibleDescription() == said(kernel)
