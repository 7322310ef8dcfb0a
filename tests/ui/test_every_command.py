"""Every command of every menu and of the palette pressed once, whatever the state of the window: no exception, no window left behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox
from pytestqt.qtbot import QtBot

from netbuilder.core.document import Document
from netbuilder.ui.application import Application, first_document
from netbuilder.ui.main_window import MainWindow

ELSEWHERE = {"file.quit", "file.close", "file.new_window", "train.start", "train.step", "train.stop", "train.stop_after_epoch"}
"""What ends or changes the state that the others are pressed in; tests of their own press them."""
LONG = 60_000


@pytest.fixture
def impatient(qapp: QApplication) -> Iterator[None]:
    """Somebody who leaves every menu, question and dialog at once."""

    def leave() -> None:
        over = qapp.activePopupWidget() or qapp.activeModalWidget()
        if isinstance(over, QMessageBox):
            over.buttons()[-1].click()
        elif isinstance(over, QDialog):
            over.reject()
        elif over is not None:
            over.close()

    timer = QTimer()
    timer.timeout.connect(leave)
    timer.start(20)
    yield
    timer.stop()


def _begin(window: MainWindow, state: str, qtbot: QtBot) -> None:
    if state in ("training", "paused"):
        window.context.commands.run("train.start")
        qtbot.waitUntil(lambda: window.session.state == "running", timeout=LONG)
    if state == "paused":
        window.context.commands.run("train.start")
        qtbot.waitUntil(lambda: window.session.state == "paused", timeout=LONG)


@pytest.mark.slow
@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("selected", [False, True])
@pytest.mark.parametrize("state", ["empty", "filled", "training", "paused"])
def test_every_command_can_be_pressed(
    application: Application, open_window: Callable[[Document], MainWindow], qtbot: QtBot, qapp: QApplication, state: str, selected: bool
) -> None:
    window = open_window(Document() if state == "empty" else first_document())
    for panel in window.later_panels():
        panel.make()
    _begin(window, state, qtbot)
    document, commands = window.document, window.context.commands
    for command in [each for each in commands if each.id not in ELSEWHERE]:
        window.context.selection.set(list(document.graph.nodes)[1:3] if selected else ())
        commands.refresh()
        with qtbot.captureExceptions() as raised:
            commands.action(command.id).trigger()
            qtbot.waitUntil(lambda: qapp.activeModalWidget() is None and qapp.activePopupWidget() is None, timeout=LONG)
        assert not raised, command.id
        assert window in application.windows, command.id
        for other in qapp.topLevelWidgets():
            if isinstance(other, QDialog) and other.isVisible():
                other.close()
        while document.undo_label is not None:
            document.undo()
    window.session.runner.abort()
    qtbot.waitUntil(lambda: window.session.state not in ("running", "paused", "pausing", "stopping"), timeout=LONG)
