"""A 6×6 grey image as numbers in the Data tab: from 0 to 255, or from 0 to 1."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from patience import hover, until
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from netbuilder.core.document import Document
from netbuilder.templates import project
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.panels.data.sample_closer import SampleCloser

Opener = Callable[[Document], MainWindow]


def closer(open_window: Opener) -> tuple[MainWindow, SampleCloser]:
    window = open_window(Document(project("lecture-cnn")))
    window.session.require_data(window.session.project.data)
    window.show_tab("data")
    window.tabs.panel("data").make()
    found = window.findChild(SampleCloser)
    assert found is not None
    until(lambda: bool(found.view.numbers))
    return window, found


def test_pixel_values_stand_in_the_cells(open_window: Opener, qtbot: QtBot) -> None:
    window, shown = closer(open_window)
    sample = window.session.dataset().train.inputs[0]
    assert sample.shape == (1, 6, 6)
    assert sample.dtype == np.uint8
    assert shown.view.numbers == [[str(value) for value in row] for row in sample[0].tolist()]
    qtbot.mouseClick(shown.units.findChild(QToolButton, "segment.unit"), Qt.MouseButton.LeftButton)
    assert shown.view.numbers == [[f"{value / 255:.2f}" for value in row] for row in sample[0].tolist()]
    picture = shown.view.grab().toImage()
    qtbot.mouseClick(shown.units.findChild(QToolButton, "segment.bytes"), Qt.MouseButton.LeftButton)
    assert shown.view.grab().toImage() != picture


def test_the_pixel_under_the_pointer_is_read(open_window: Opener) -> None:
    window, shown = closer(open_window)
    sample = window.session.dataset().train.inputs[0]
    side = shown.view._box().width() / 6
    place = QPointF(2.5 * side, 3.5 * side)
    hover(shown.view, place)
    assert shown.view._chip.text == f"[3, 2] {sample[0, 3, 2]}"
