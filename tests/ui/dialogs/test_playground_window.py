"""The optimisation playground: worked with mouse and keyboard, its numbers those of the lecture."""

from __future__ import annotations

import pytest
from patience import hover
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton
from pytestqt.qtbot import QtBot

from netbuilder.ui.dialogs.playground import PlaygroundWindow
from netbuilder.ui.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def playground(window: MainWindow, qtbot: QtBot) -> PlaygroundWindow:
    window.context.commands.run("inspect.playground")
    found = window.findChild(QDialog, "dialog.playground")
    assert isinstance(found, PlaygroundWindow)
    qtbot.waitExposed(found)
    return found


def cells(playground: PlaygroundWindow, column: int) -> list[str]:
    model = playground.table.model()
    return [model.data(model.index(row, column)) for row in range(model.rowCount())]


def test_x_squared_from_two_at_a_fifth(playground: PlaygroundWindow, qtbot: QtBot) -> None:
    playground.chart.setFocus()
    for _ in range(4):
        qtbot.keyClick(playground.chart, Qt.Key.Key_Right)
    assert cells(playground, 1) == ["2", "1.2", "0.72", "0.432", "0.2592"]
    assert cells(playground, 2)[:2] == ["4", "1.44"]
    qtbot.keyClick(playground.chart, Qt.Key.Key_Left)
    assert cells(playground, 1)[-1] == "0.432"
    qtbot.keyClick(playground.chart, Qt.Key.Key_Home)
    assert cells(playground, 1) == ["2"]


def test_another_rate_starts_anew(playground: PlaygroundWindow, qtbot: QtBot) -> None:
    row = playground.racers[0]
    qtbot.mouseClick(playground.findChild(QPushButton, "playground.step"), LEFT)
    row.field.setFocus()
    row.field.selectAll()
    qtbot.keyClicks(row.field, "1.0")
    qtbot.keyClick(row.field, Qt.Key.Key_Return)
    for _ in range(2):
        playground.step()
    assert cells(playground, 1) == ["2", "-2", "2"]
    row.field.setText("a lot")
    row.field.editingFinished.emit()
    assert row.field.text() == "1"
    row.slider.setFocus()
    qtbot.keyClick(row.slider, Qt.Key.Key_Left)
    assert row.optimizer.learning_rate == pytest.approx(0.977)
    assert len(cells(playground, 1)) == 1


def test_several_race_from_a_start_that_is_clicked(playground: PlaygroundWindow, qtbot: QtBot) -> None:
    playground.show_surface("ravine")
    assert [row.title for row in playground.racers] == ["Gradient descent", "Momentum 0.9", "RMSProp", "Adam"]
    place = playground.chart.to_pixel(5.0, -1.0).toPoint()
    qtbot.mouseClick(playground.chart, LEFT, pos=place)
    starts = set(playground.positions.points)
    assert len(starts) == 1
    assert starts.pop() == pytest.approx((5.0, -1.0), abs=0.06)
    for _ in range(30):
        playground.step()
    assert all(height < 2.2 for height in playground.positions.heights)
    assert "lowest" in playground.status.text()


def test_the_start_is_typed(playground: PlaygroundWindow, qtbot: QtBot) -> None:
    playground.start.setFocus()
    playground.start.selectAll()
    qtbot.keyClicks(playground.start, "-1.5")
    qtbot.keyClick(playground.start, Qt.Key.Key_Return)
    assert playground.positions.points == ((-1.5,),)
    playground.show_surface("bowl")
    assert playground.start.text() == "1.6, 1.2"
    for wrong in ("far away", "1", "nan, 1"):
        playground.start.setText(wrong)
        playground.start.editingFinished.emit()
        assert playground.start.text() == "1.6, 1.2"


def test_play_and_hold(playground: PlaygroundWindow, qtbot: QtBot) -> None:
    playground.show_surface("saddle")
    playground.chart.setFocus()
    qtbot.keyClick(playground.chart, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: playground.positions.step >= 3, timeout=5000)
    qtbot.keyClick(playground.chart, Qt.Key.Key_Space)
    assert not playground.playing
    qtbot.keyClick(playground.chart, Qt.Key.Key_Space)
    playground.hide()
    assert not playground.playing


def test_racers_come_and_go(playground: PlaygroundWindow, qtbot: QtBot) -> None:
    add = playground.findChild(QPushButton, "playground.add")
    qtbot.mouseClick(add, LEFT)
    qtbot.mouseClick(add, LEFT)
    assert [row.title for row in playground.racers] == ["Gradient descent", "Momentum 0.9", "Nesterov 0.9"]
    playground.racers[1].removed.emit()
    assert [row.title for row in playground.racers] == ["Gradient descent", "Nesterov 0.9"]
    assert len(playground.positions.points) == 2


def test_one_that_leaves_all_numbers_behind_does_no_harm(playground: PlaygroundWindow) -> None:
    playground.show_surface("rosenbrock")
    playground.racers[0].set_rate(100.0)
    for _ in range(40):
        playground.step()
    playground.chart.grab()
    assert "lowest" in playground.status.text()


def test_the_chart_tells_height_and_slope(playground: PlaygroundWindow) -> None:
    playground.show_surface("bowl")
    hover(playground.chart, playground.chart.to_pixel(1.0, 1.0))
    assert playground.chart.told.splitlines() == ["at 1, 1", "f = 2", "slope 2, 2"]
