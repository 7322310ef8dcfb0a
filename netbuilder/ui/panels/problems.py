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
Told = tuple[Problem, str]
"""A problem and the name of its place."""


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
        self._shown: dict[Told, ProblemNote] = {}
        self._list = QWidget(self)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._rows = QVBoxLayout(self._list)
        self._rows.setContentsMargins(16, 12, 16, 12)
        self._rows.setSpacing(8)
        self._more = label("", "secondary", self._list)
        self._rows.addWidget(self._more)
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
        self._show({})
        self._update()

    def _problems(self) -> tuple[Problem, ...]:
        """Those of the network, then what its training warned of."""
        return (*self._context.session.problems(), *self._notes.problems)

    def _update(self) -> None:
        problems = sorted(self._problems(), key=lambda problem: problem.severity is not Severity.ERROR)
        nodes = self._context.session.analysis.graph.nodes
        told = [(each, nodes[each.node].name if each.node and each.node in nodes else "Network") for each in problems[:MOST]]
        self._show({each: self._shown.get(each) or self._note(*each) for each in dict.fromkeys(told)})
        self._more.setText(f"and {len(problems) - MOST} more; mend these first.")
        self._more.setVisible(len(problems) > MOST)

    def _show(self, wanted: dict[Told, ProblemNote]) -> None:
        """Show these notes in this order; one that was there already stays, with the keyboard if it has it."""
        for each, note in self._shown.items():
            if each not in wanted:
                self._rows.removeWidget(note)
                note.hide()
                note.deleteLater()
        for row, note in enumerate(wanted.values()):
            if self._rows.indexOf(note) != row:
                self._rows.removeWidget(note)
                self._rows.insertWidget(row, note)
        self._shown = wanted

    def _note(self, problem: Problem, place: str) -> ProblemNote:
        note = ProblemNote(problem, place, self._context.themes, self._list)
        note.opened.connect(lambda id_: self._open(id_, problem.inside))
        note.fixed.connect(self._fix)
        note.considered.connect(self._consider)
        note.setSizePolicy(note.sizePolicy().horizontalPolicy(), note.sizePolicy().verticalPolicy().Maximum)
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
