"""The range test and the sanity checks in the window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from netbuilder.core.document import Document
from netbuilder.templates.declare import find
from netbuilder.train.trials.sanity import CHECKS
from netbuilder.ui.dialogs.rate_test import RateTestDialog
from netbuilder.ui.dialogs.sanity import SanityDialog
from netbuilder.ui.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def points(open_window: Callable[[Document], MainWindow]) -> MainWindow:
    project = find("playground-2d").project()
    return open_window(Document(replace(project, training={**project.training, "device": "cpu"})))


def test_the_suggested_rate_goes_into_the_recipe_as_one_step(points: MainWindow, qtbot: QtBot) -> None:
    dialog = RateTestDialog(points.context, points)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.suggestion is not None, timeout=60_000)
    assert dialog.chart.content is not None
    assert [mark.ink for mark in dialog.chart.content.marks][-1] == "good"
    QTest.mouseClick(dialog.findChildren(QPushButton, "rate_test.take")[0], LEFT)
    assert points.document.project.training["optimizer"]["learning_rate"] == dialog.suggestion
    assert points.document.undo_label == "Change learning rate"
    assert not dialog.watch.runner.active


def test_a_range_test_may_be_stopped_and_begun_again(points: MainWindow, qtbot: QtBot) -> None:
    dialog = RateTestDialog(points.context, points)
    qtbot.addWidget(dialog)
    dialog.show()
    start = dialog.findChildren(QPushButton, "rate_test.start")[0]
    start.click()
    qtbot.waitUntil(lambda: not dialog.watch.runner.active and start.text() == "Once more", timeout=60_000)
    start.click()
    assert dialog.watch.runner.active
    dialog.reject()
    assert not dialog.watch.runner.active


def test_every_check_answers_with_its_evidence(points: MainWindow, qtbot: QtBot) -> None:
    dialog = SanityDialog(points.context, points)
    qtbot.addWidget(dialog)
    dialog.show()
    QTest.mouseClick(dialog.findChildren(QPushButton, "sanity.all")[0], LEFT)
    qtbot.waitUntil(lambda: all(card.message.text() for card in dialog.cards.values()), timeout=60_000)
    assert "expected ln 2 = 0.69" in dialog.cards["initial-loss"].message.text()
    assert "work together" in dialog.cards["one-batch"].message.text()
    assert dialog.cards["one-batch"].chart.isVisible()
    assert "Nothing leaks" in dialog.cards["shuffled-labels"].message.text()
    dialog.reject()


@pytest.mark.parametrize("name", CHECKS)
def test_every_check_has_a_button_of_its_own(points: MainWindow, qtbot: QtBot, name: str) -> None:
    dialog = SanityDialog(points.context, points)
    qtbot.addWidget(dialog)
    dialog.show()
    QTest.mouseClick(dialog.cards[name].button, LEFT)
    qtbot.waitUntil(lambda: bool(dialog.cards[name].message.text()), timeout=60_000)
    qtbot.waitUntil(lambda: dialog.cards[name].button.text() == "Run", timeout=60_000)
    assert [each for each, card in dialog.cards.items() if card.message.text()] == [name]
    dialog.reject()


def test_commands_open_them(points: MainWindow) -> None:
    for name, kind in (("train.rate", RateTestDialog), ("train.checks", SanityDialog)):
        points.context.commands.run(name)
        (dialog,) = points.findChildren(kind)
        assert dialog.isVisible()
        assert dialog.windowTitle()
        dialog.reject()
        assert not dialog.isVisible()
