"""The line of a form: counted with its arrows, once for a click, on and on while one is held."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from netbuilder.ui.widgets.value_line import ValueLine

LEFT = Qt.MouseButton.LeftButton


def test_arrows_count_while_held(qtbot: QtBot) -> None:
    line, counted = ValueLine(None), []  # type: ignore[arg-type]
    qtbot.addWidget(line)
    line.set_counts(True)
    line.stepped.connect(counted.append)
    line.show()
    up, down = QPoint(line.width() - 10, 6), QPoint(line.width() - 10, 20)
    qtbot.mouseClick(line, LEFT, pos=up)
    qtbot.mouseDClick(line, LEFT, pos=down)
    qtbot.mouseRelease(line, LEFT, pos=down)
    qtbot.mouseClick(line, LEFT, Qt.KeyboardModifier.ShiftModifier, down)
    assert counted[:2] == [1, -1]
    assert counted[-1] == -10
    qtbot.mousePress(line, LEFT, pos=up)
    before = len(counted)
    qtbot.waitUntil(lambda: len(counted) > before + 2)
    qtbot.mouseRelease(line, LEFT, pos=up)
    assert set(counted[before:]) == {1}


def test_a_line_that_does_not_count_has_no_arrows(qtbot: QtBot) -> None:
    line, counted = ValueLine(None), []  # type: ignore[arg-type]
    qtbot.addWidget(line)
    line.stepped.connect(counted.append)
    line.show()
    qtbot.mouseClick(line, LEFT, pos=QPoint(line.width() - 10, 6))
    assert not counted
