"""The loss landscape in its window: drawn, read, stopped, saved, and told what it means."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from patience import hover, until
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from netbuilder.app.landscape import HERE
from netbuilder.core.document import Document
from netbuilder.templates import project
from netbuilder.ui.dialogs.landscape import LandscapeWindow
from netbuilder.ui.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton
WAIT = 60_000


@pytest.fixture
def window(open_window: Callable[[Document], MainWindow]) -> MainWindow:
    whole = project("playground-2d")
    return open_window(Document(replace(whole, training={**whole.training, "epochs": 2, "keep_every": 1, "device": "cpu"})))


@pytest.fixture
def landscape(window: MainWindow) -> LandscapeWindow:
    return opened(window)


def opened(window: MainWindow) -> LandscapeWindow:
    window.context.commands.run("inspect.landscape")
    found = window.findChild(QDialog, "dialog.landscape")
    assert isinstance(found, LandscapeWindow)
    at_rest(found)
    return found


def at_rest(landscape: LandscapeWindow) -> None:
    until(lambda: not landscape.busy, WAIT)


def drawn(landscape: LandscapeWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(landscape.start, LEFT)
    at_rest(landscape)


def test_fresh_weights_are_drawn_at_once_and_said_to_be_fresh(landscape: LandscapeWindow) -> None:
    assert "nothing has been trained yet" in landscape.origin.text()
    heights = landscape.view.heights
    assert heights is not None
    assert heights.chart.done == heights.chart.total == 625
    assert "One look takes" in landscape.line.text()
    assert len(landscape.view.bar.numbers) >= 2
    hover(landscape.view.flat, landscape.view.flat.to_pixel(0.0, 0.0))
    assert f"loss {landscape.surveyor.site.loss:.4g}" in landscape.view.flat.told
    assert "error" in landscape.view.flat.told


def test_a_trained_network_from_its_beginning_to_here(window: MainWindow, landscape: LandscapeWindow, qtbot: QtBot) -> None:
    window.session.runner.start()
    until(lambda: window.session.runner.state == "finished", WAIT)
    landscape.close()
    assert opened(window) is landscape
    assert "epoch 2" in landscape.origin.text()
    landscape.form.choose("line")
    assert not landscape.form.dimensions.isEnabled()
    assert (landscape.form.begin.key, landscape.form.end.key) == ("start", HERE)
    drawn(landscape, qtbot)
    heights = landscape.view.heights
    assert heights is not None
    assert heights.chart.flat
    assert landscape.view.look.isHidden()
    landscape.form.choose("path", 2)
    drawn(landscape, qtbot)
    assert "before training" in landscape.view.caption.text()
    stop = landscape.surveyor.site.path[0]
    hover(landscape.view.flat, landscape.view.flat.to_pixel(*stop.place))
    assert "Before training" in landscape.view.flat.told


def test_the_surface_is_turned_with_mouse_and_keys(landscape: LandscapeWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(landscape.view.look.findChild(QToolButton, "segment.hill"), LEFT)
    relief = landscape.view.relief
    assert landscape.view.pages.currentWidget() is relief
    before = relief.view
    relief.setFocus()
    qtbot.keyClick(relief, Qt.Key.Key_Right)
    assert relief.view == (before[0] + 5, before[1])
    flat = relief.grab().toImage()
    start = relief.rect().center()
    qtbot.mousePress(relief, LEFT, pos=start)
    QApplication.sendEvent(
        relief,
        QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(start) + QPointF(40, 20),
            relief.mapToGlobal(QPointF(start)),
            LEFT,
            LEFT,
            Qt.KeyboardModifier.NoModifier,
        ),
    )
    qtbot.mouseRelease(relief, LEFT, pos=start)
    assert relief.view == (before[0] + 25, before[1] + 10)
    relief.turn(90, -90)
    assert relief.view[1] == 10
    assert relief.grab().toImage() != flat
    hover(relief, QPointF(relief.rect().center()))
    assert "loss" in relief._chip.text


def test_error_and_plain_scale(landscape: LandscapeWindow) -> None:
    landscape.view.log.setChecked(False)
    heights = landscape.view.heights
    assert heights is not None
    axis = heights.axis()
    assert axis.low == pytest.approx(heights.chart.losses.min())
    landscape.view.measure.choose("error")
    landscape.view.log.setChecked(True)
    heights = landscape.view.heights
    assert heights is not None
    assert heights.axis().label == "error"


def test_curvature_is_listed_and_explained(landscape: LandscapeWindow, qtbot: QtBot) -> None:
    assert "Hessian" in landscape.curvature.words.text()
    qtbot.mouseClick(landscape.findChild(QPushButton, "landscape.measure"), LEFT)
    at_rest(landscape)
    found = landscape.surveyor.site.curvature
    assert found is not None
    bars = landscape.curvature.bars.bars
    assert bars[0].name == "λ₁"
    assert bars[0].text == f"{found.top:.4g}"
    assert bars[-1].name == "λ₁₁₄"
    assert f"{found.limit:.2g}" in landscape.curvature.words.text()
    assert landscape.curvature.facts.value("trace") == f"{found.trace:.4g}"


def test_bad_numbers_are_marked_and_not_drawn(landscape: LandscapeWindow, qtbot: QtBot) -> None:
    before = landscape.surveyor.site.chart
    for text in ("0", "-1", "wide", "nan", "inf"):
        landscape.form.reach.selectAll()
        qtbot.keyClicks(landscape.form.reach, text)
        assert landscape.form.reach.property("invalid")
        assert not landscape.start.isEnabled()
        assert "above 0" in landscape.form.problem.text()
    landscape.form.reach.selectAll()
    qtbot.keyClicks(landscape.form.reach, "0.5")
    assert landscape.start.isEnabled()
    drawn(landscape, qtbot)
    assert landscape.surveyor.site.chart is not before
    assert landscape.surveyor.site.chart.x[-1] == 0.5


def test_a_drawing_is_stopped_and_what_is_there_stays(landscape: LandscapeWindow) -> None:
    landscape.form.places.choose("513")
    landscape.draw()
    until(lambda: "of 263,169 places" in landscape.line.text() and landscape.surveyor.site.chart.done > 0)
    assert landscape.start.text() == "Stop"
    landscape.draw()
    at_rest(landscape)
    assert "Stopped" in landscape.line.text()
    assert landscape.surveyor.site.chart.done < landscape.surveyor.site.chart.total


def test_it_is_copied_and_saved(window: MainWindow, landscape: LandscapeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for suffix in ("csv", "png"):
        target = tmp_path / f"landscape.{suffix}"
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, target=target: (str(target), ""))
        landscape.view.save(suffix)
        assert target.stat().st_size > 1000
    assert (tmp_path / "landscape.csv").read_text().startswith("x,y,loss,error\n")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "nowhere" / "a.csv"), ""))
    landscape.view.save("csv")
    assert "was not saved" in window.toast.text.text()
    landscape.view.more.click()
    menu = landscape.view.findChild(QMenu)
    assert menu is not None
    next(action for action in menu.actions() if action.text() == "Copy as CSV").trigger()
    assert QGuiApplication.clipboard().text() == landscape.view.csv()


def test_what_cannot_be_drawn_is_told(open_window: Callable[[Document], MainWindow]) -> None:
    whole = project("playground-2d")
    found = opened(open_window(Document(replace(whole, data={"source": {"name": "idx", "folder": "/nowhere"}}))))
    assert "no folder" in found.line.text()
    assert found.line.property("role") == "error"
    assert not found.start.isEnabled()
    assert not found.curve.isEnabled()


def test_closing_the_main_window_ends_the_drawing(window: MainWindow, landscape: LandscapeWindow) -> None:
    landscape.form.places.choose("513")
    landscape.draw()
    until(lambda: landscape.surveyor.site.chart.total == 513**2)
    window.document.mark_saved()
    window.close()
    assert landscape.surveyor.state == "stopped"
