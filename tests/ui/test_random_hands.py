"""Thousands of random events on a whole window: nothing raises, nothing is left over, and undo and redo lead to the ends."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu, QMessageBox
from random_hands import Hands, left_over, same_as_document

from netbuilder.ui.main_window import MainWindow


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing waits for an answer: menus and dialogs close at once."""
    monkeypatch.setattr(QMenu, "popup", lambda *_: None)
    monkeypatch.setattr(QMenu, "exec", lambda *_: None)
    monkeypatch.setattr(QDialog, "exec", lambda *_: 0)
    monkeypatch.setattr(QMessageBox, "exec", lambda *_: 0)
    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_, **__: ("", ""))


def run(window: MainWindow, seed: int, events: int) -> None:
    """So many events; then the canvas is the document, and undoing everything leads exactly to the start, redoing it to the end."""
    hands, document = Hands(window, random.Random(seed)), window.document
    hands.rest()
    first = document.project
    for number in range(events):
        hands.act()
        if number % 50 == 0:
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    hands.rest()
    last, done = document.project, document.position
    assert same_as_document(window.canvas)
    assert window.context.selection.ids <= document.graph.nodes.keys()
    while document.undo() is not None:
        pass
    assert document.project == first
    assert same_as_document(window.canvas)
    while document.position < done:
        document.redo()
    assert document.project == last
    assert same_as_document(window.canvas)
    kinds = [type(item) for item in window.canvas.canvas_scene.items()]
    assert len(kinds) == len(set(kinds))
    assert not left_over(window.canvas)


@pytest.mark.usefixtures("alone")
def test_six_hundred_random_events(window: MainWindow) -> None:
    run(window, 11, 600)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("seed", range(5))
def test_twenty_thousand_random_events(window: MainWindow, seed: int, request: pytest.FixtureRequest) -> None:
    if "slow" not in request.config.getoption("markexpr"):
        pytest.skip("takes minutes; asked for with -m slow")
    run(window, seed, 20_000)
