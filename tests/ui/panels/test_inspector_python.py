"""The Python of a layer in the inspector: shown, edited, allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import netbuilder as nb
from netbuilder.core.document import Document
from netbuilder.core.edits import set_setting
from netbuilder.net import custom
from netbuilder.ui import ask
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.panels.inspector.python import PythonCard


@pytest.fixture(autouse=True)
def nothing_is_allowed() -> Iterator[None]:
    custom.forbid()
    yield
    custom.forbid()


@pytest.fixture
def window(open_window: Callable[[Document], MainWindow]) -> MainWindow:
    found = open_window(Document(nb.chain([("input", {"shape": (3, 8, 8)}), "python", "output"])))
    found.context.selection.set([found.document.graph.by_name["python_1"].id])
    return found


def card(window: MainWindow) -> PythonCard:
    found = window.inspector.findChild(PythonCard)
    assert found is not None
    return found


def test_it_runs_only_after_the_question_was_answered(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Not allowed" in card(window).state.text()
    assert window.session.analysis.errors
    for answer in (False, True):
        monkeypatch.setattr(ask, "ask", lambda *_words, answer=answer: answer)
        QTest.mouseClick(card(window).go, Qt.MouseButton.LeftButton)
        assert bool(window.session.analysis.errors) is not answer
    assert "Allowed" in card(window).state.text()
    assert not card(window).go.isEnabled()
    assert window.canvas.canvas_scene.nodes[window.context.selection.only].look.shape == "3×8×8"


def test_what_is_typed_is_applied_and_allowed_and_another_text_is_not(window: MainWindow) -> None:
    editor = card(window).editor
    editor.moveCursor(editor.textCursor().MoveOperation.End)
    QTest.keyClicks(editor, "# mine")
    assert card(window).go.text() == "Apply and allow"
    QTest.mouseClick(card(window).go, Qt.MouseButton.LeftButton)
    assert card(window).source.endswith("# mine")
    assert not window.session.analysis.errors
    window.document.undo()
    assert not card(window).source.endswith("# mine")
    assert card(window).editor.toPlainText() == card(window).source
    assert window.session.analysis.errors, "the text before was never allowed"


def test_an_editor_that_is_gone_hears_of_no_edit(window: MainWindow) -> None:
    old, id_ = card(window), window.document.graph.by_name["python_1"].id
    old.deleteLater()
    QApplication.sendPostedEvents(old, QEvent.Type.DeferredDelete)
    window.document.apply(set_setting(id_, "source", "pass"), "Change")
    assert window.document.graph.nodes[id_].settings["source"] == "pass"
