"""Everything that keeps the network from running, in plain words, with a place and a way out."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from netbuilder.core.errors import NetbuilderError
from netbuilder.net.results import Fix, Problem, Severity
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.later import Relay
from netbuilder.ui.training_notes import TrainingNotes
from netbuilder.ui.widgets.empty_state import EmptyState
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.problem_note import ProblemNote

MOST = 100


class ProblemsPanel(QWidget):
    """Errors first, then warnings, also those of the present training.

    `revealed` carries the id of a layer to show; `counted` errors and warnings.
    """

    revealed = Signal(str)
    counted = Signal(int, int)

    def __init__(self, context: UiContext, notes: TrainingNotes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel.problems")
        self._context = context
        self._notes = notes
        self._shown: tuple[Problem, ...] | None = None
        self._list = QWidget(self)
        self._rows = QVBoxLayout(self._list)
        self._rows.setContentsMargins(16, 12, 16, 12)
        self._rows.setSpacing(8)
        self._rows.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setAccessibleName("Problems")
        scroll.setWidget(self._list)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.empty = EmptyState("circle-check", "No problems", "Every layer fits the next one; the network can be trained.", self)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(scroll)
        notes.changed.connect(self.show_count)
        self._relay = Relay(self.show_count, self)
        session = context.session
        session.analysed.connect(self.show_count)
        session.data_changed.connect(self._relay.send)
        session.document.configured.connect(self.show_count)
        context.themes.changed.connect(self._repaint)
        self.show_count()

    def show_count(self, _analysis: object = None) -> None:
        """Announce how many there are now."""
        problems = self._problems()
        errors = sum(problem.severity is Severity.ERROR for problem in problems)
        self.counted.emit(errors, len(problems) - errors)
        self._stack.setCurrentIndex(1 if problems else 0)
        if self.isVisible():
            self._update()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with edits made while the panel was hidden."""
        self._update()

    def _repaint(self) -> None:
        self._shown = None
        self._update()

    def _problems(self) -> tuple[Problem, ...]:
        """Those of the network, then what its training warned of."""
        return (*self._context.session.problems(), *self._notes.problems)

    def _update(self) -> None:
        problems = sorted(self._problems(), key=lambda problem: problem.severity is not Severity.ERROR)
        if tuple(problems) == self._shown:
            return
        self._shown = tuple(problems)
        while self._rows.count() > 1:
            item = self._rows.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        for problem in problems[:MOST]:
            self._rows.insertWidget(self._rows.count() - 1, self._note(problem))
        if len(problems) > MOST:
            more = label(f"and {len(problems) - MOST} more; mend these first.", "secondary", self._list)
            self._rows.insertWidget(self._rows.count() - 1, more)

    def _note(self, problem: Problem) -> ProblemNote:
        node = self._context.session.analysis.graph.nodes.get(problem.node or "")
        note = ProblemNote(problem, node.name if node else "Network", self._context.themes, self._list)
        note.opened.connect(lambda id_: self._open(id_, problem.inside))
        note.fixed.connect(self._fix)
        note.considered.connect(self._consider)
        note.setSizePolicy(note.sizePolicy().horizontalPolicy(), note.sizePolicy().verticalPolicy().Maximum)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return note

    def _open(self, id_: str, inside: tuple[str, ...]) -> None:
        """Show the layer; one inside a block where it is, with the block opened."""
        self.revealed.emit(id_)
        self._context.selection.set((id_,))
        if inside:
            self._context.session.level.go((id_, *inside[:-1]))
            self._context.selection.set(inside[-1:])

    def _consider(self, fix: Fix | None) -> None:
        """Show on the canvas what a remedy would change."""
        at_home = not self._context.session.level.uses
        self._context.session.previews.show(fix.edit if fix is not None and at_home else None)

    def _fix(self, fix: Fix) -> None:
        try:
            self._context.session.document.apply(fix.edit, fix.label)
        except NetbuilderError as error:
            self._context.notify(str(error), "error", error.place)
