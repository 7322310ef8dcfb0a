"""Data that the network cannot take: said before Start, with the edit that mends it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from netbuilder.core.document import Document, Project
from netbuilder.net.results import Severity
from netbuilder.templates import template
from netbuilder.templates.declare import find
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.panels.data.panel import DataPanel
from netbuilder.ui.plots.sample_view import SampleView

STRIPES = {"source": {"name": "gratings", "size": 32, "channels": 3, "classes": 4, "count": 40}}


def test_what_does_not_fit_keeps_from_starting_until_it_is_mended(open_window: Callable[[Document], MainWindow], qtbot: QtBot) -> None:
    document = Document(Project("Two colours", template("linear-classifier", channels=1, classes=3), {"epochs": 1}, STRIPES))
    window = open_window(document)
    window.show_tab("problems")
    start = window.context.commands.action("train.start")
    window.session.load_data()
    qtbot.waitUntil(lambda: window.problems.findChild(QPushButton, "fix.0") is not None)
    qtbot.waitUntil(lambda: not start.isEnabled())
    wrong = [id_ for id_ in document.graph.nodes if window.canvas.canvas_scene.nodes[id_].look.severity is Severity.ERROR]
    assert {document.graph.nodes[id_].layer for id_ in wrong} == {"input", "output"}, "layers wear a badge"
    training = window.tabs.panel("training").make()
    assert training.loss.placeholder.text().startswith("2 problems keep this network from training"), "not to press Start"
    labels = {button.text() for button in window.problems.findChildren(QPushButton) if button.objectName().startswith("fix.")}
    assert labels == {"Set input shape to 3×32×32", "Set out_features of “scores” to 4"}
    for label in labels:
        button = next(b for b in window.problems.findChildren(QPushButton) if b.text() == label)
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.session.problems() == ()
    window.context.commands.refresh()
    assert start.isEnabled()
    assert training.loss.placeholder.text() == "Press Start to see the loss fall."
    window.document.undo()
    window.document.undo()
    assert len(window.session.problems()) == 2


def test_the_data_tab_shows_the_mask_of_a_sample(open_window: Callable[[Document], MainWindow], qtbot: QtBot) -> None:
    project = find("unet").project(image_size=32, width=4, levels=1, maps=3, task="classes")
    window = open_window(Document(project))
    panel = DataPanel(window.context)
    qtbot.addWidget(panel)
    panel.resize(1000, 300)
    panel.show()
    window.session.load_data()
    qtbot.waitUntil(lambda: window.session.dataset() is not None and panel._shown is not None, timeout=20_000)
    (mask,) = panel.findChildren(SampleView, "data.mask")
    assert mask.isVisible()
    told = {mask.value_at(x, y).split()[-1] for x in range(0, mask.width(), 4) for y in range(0, mask.height(), 4) if mask.value_at(x, y)}
    assert told & {"1", "2"}
