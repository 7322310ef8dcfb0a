"""Everything that keeps the network from running, in plain words, with a place and a way out."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from netbuilder.core.errors import NetbuilderError
from netbuilder.net.results import Analysis, Fix, Problem, Severity
from netbuilder.ui.context import UiContext
from netbuilder.ui.widgets.empty_state import EmptyState
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.problem_note import ProblemNote

MOST = 100


class ProblemsPanel(QWidget):
    """Errors first, then warnings. `revealed` carries the id of a layer to show; `counted` errors and warnings."""

    revealed = Signal(str)
    counted = Signal(int, int)

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel.problems")
        self._context = context
        self._shown: tuple[Problem, ...] | None = None
        self._list = QWidget(self)
        self._rows = QVBoxLayout(self._list)
        self._rows.setContentsMargins(16, 12, 16, 12)
        self._rows.setSpacing(8)
        self._rows.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidget(self._list)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.empty = EmptyState("circle-check", "No problems", "Every layer fits the next one; the network can be trained.", self)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(scroll)
        context.session.analysed.connect(self._analysed)
        context.themes.changed.connect(self._repaint)
        self._analysed(context.session.analysis)

    def show_count(self) -> None:
        """Announce how many there are now."""
        self._analysed(self._context.session.analysis)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with edits made while the panel was hidden."""
        self._update()

    def _repaint(self) -> None:
        self._shown = None
        self._update()

    def _analysed(self, analysis: Analysis) -> None:
        errors = len(analysis.errors)
        self.counted.emit(errors, len(analysis.problems) - errors)
        self._stack.setCurrentIndex(1 if analysis.problems else 0)
        if self.isVisible():
            self._update()

    def _update(self) -> None:
        problems = sorted(self._context.session.analysis.problems, key=lambda problem: problem.severity is not Severity.ERROR)
        if tuple(problems) == self._shown:
            return
        self._shown = tuple(problems)
        while self._rows.count() > 1:
            item = self._rows.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.setParent(None)
                old.deleteLater()
        for problem in problems[:MOST]:
            self._rows.insertWidget(self._rows.count() - 1, self._note(problem))
        if len(problems) > MOST:
            more = label(f"and {len(problems) - MOST} more; mend these first.", "secondary", self._list)
            self._rows.insertWidget(self._rows.count() - 1, more)

    def _note(self, problem: Problem) -> ProblemNote:
        node = self._context.session.analysis.graph.nodes.get(problem.node or "")
        note = ProblemNote(problem, node.name if node else "Network", self._context.themes, self._list)
        note.opened.connect(self.revealed)
        note.opened.connect(lambda id_: self._context.selection.set((id_,)))
        note.fixed.connect(self._fix)
        note.setSizePolicy(note.sizePolicy().horizontalPolicy(), note.sizePolicy().verticalPolicy().Maximum)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return note

    def _fix(self, fix: Fix) -> None:
        try:
            self._context.session.document.apply(fix.edit, fix.label)
        except NetbuilderError as error:
            self._context.notify(str(error), "error", error.place)
