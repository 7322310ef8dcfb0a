"""The Problems tab keeps the notes of problems that an edit leaves as they are."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from netbuilder.core.edits import add_node, new_node
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.widgets.problem_note import ProblemNote


def _notes(window: MainWindow) -> set[ProblemNote]:
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return set(window.problems.findChildren(ProblemNote))


def test_only_the_note_of_a_new_problem_is_made(window: MainWindow) -> None:
    window.show_tab("problems")
    window.document.apply(add_node(new_node(window.document.graph, "relu", position=(0.0, 400.0))), "Add")
    before = _notes(window)
    window.document.apply(add_node(new_node(window.document.graph, "conv2d", position=(300.0, 400.0))), "Add")
    after = _notes(window)
    assert before
    assert before < after
    window.document.undo()
    assert _notes(window) == before
    window.document.undo()
    assert not _notes(window)
