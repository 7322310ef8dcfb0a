"""The complexity sweep: a window beside the main one in which sizes are chosen, trained, drawn and told apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from netbuilder.app.runs import Run
from netbuilder.app.series import Series, is_series
from netbuilder.app.sweep_pace import SweepPace
from netbuilder.app.sweep_results import Findings, Point, findings
from netbuilder.core.document import Project
from netbuilder.core.errors import NetbuilderError
from netbuilder.train.events import Event, Started
from netbuilder.ui.context import UiContext
from netbuilder.ui.dialogs.sweep_view import SweepView
from netbuilder.ui.panels.later import Later, in_thread


class SweepWindow(SweepView):
    """Training goes on when it is closed; `show_series` shows one that was made before. `open_project` opens a size's network."""

    def __init__(self, context: UiContext, open_project: Callable[[Project], object], parent: QWidget | None = None) -> None:
        super().__init__(context.themes, parent)
        self._context, self._session, self._open_project = context, context.session, open_project
        self._folder: Path | None = None
        self._before: Path | None = None
        self._own = False
        self._pace = SweepPace()
        self._later = Later(self)
        self._later.answered.connect(self.show_found)
        self._later.failed.connect(lambda error: self.say(str(error), "error"))
        self.started.connect(self.start)
        self.opened.connect(self._open_row)
        self.form.changed.connect(self._form_changed)
        self._edits = QTimer(self)
        self._edits.setSingleShot(True)
        self._edits.setInterval(150)
        self._edits.timeout.connect(self._offer)
        self._session.document.changed.connect(self._on_changed)
        context.bridge.events.connect(self._take)
        context.bridge.state_changed.connect(self._on_state)
        self._on_state(self._session.state)

    def show_series(self, folder: Path) -> None:
        """Show a sweep from its folder."""
        self._folder = folder
        self._read()

    def start(self) -> None:
        """Begin, or stop what was begun."""
        if self._own:
            self._session.runner.abort()
            return
        try:
            self._session.runner.start(plan=self.form.sweep)
        except NetbuilderError as error:
            self.say(str(error), "error")
            return
        self._own, self._folder, self._before = True, None, self._session.runner.folder
        self._pace.begin([each.macs for each in self.form.found] * self.form.sweep.seeds, self.form.sweep.epochs)
        self.show_found(self._preview())
        self.say("Loading data…", "secondary")
        self._on_state("loading")

    def showEvent(self, event: QShowEvent) -> None:
        """The network may have changed since."""
        super().showEvent(event)
        self._offer()

    # Following

    def _on_changed(self, _changes: object) -> None:
        if self.isVisible():
            self._edits.start()

    def _offer(self) -> None:
        self.form.show_graph(self._session.document.graph, self._context.selection.ids if not self._session.level.uses else ())

    @Slot(list)
    def _take(self, events: list[Event]) -> None:
        if not self._own:
            return
        for event in events:
            self._pace.take(event)
        if any(isinstance(event, Started) for event in events):
            self._read()
        self.progress.setValue(round(1000 * self._pace.share))
        self.say(self._pace.words, "secondary")

    @Slot(str)
    def _on_state(self, state: str) -> None:
        runner = self._session.runner
        if self._own and state in ("finished", "failed"):
            self._read()
            self._own = False
            self.say(runner.error, "error" if runner.error else "secondary")
        self.show_busy(self._own, possible=not (runner.active or self.form.problem))
        if state == "loading":
            self.progress.setValue(0)

    # Showing

    def _read(self) -> None:
        run = self._session.runner.folder
        if self._own and run is not None and run != self._before and is_series(run.parent):
            self._folder = run.parent
        folder = self._folder
        if folder is not None:
            self._later.ask(in_thread(lambda: findings(Series(folder)), "sweep"))

    def _preview(self) -> Findings:
        """The sizes before anything is known of them."""
        points = tuple(Point(each.level, each.title, each.parameters, each.macs, each.note) for each in self.form.found)
        return Findings(points, count=len(points) * self.form.sweep.seeds)

    def _form_changed(self) -> None:
        if self._folder is None and not self._own:
            self.show_found(self._preview())
        self._on_state(self._session.state)

    def _open_row(self) -> None:
        """A size's network with its recipe, in a window of its own."""
        row = self.table.currentIndex().row()
        if not (0 <= row < len(self.found.points) and self.found.points[row].runs):
            return
        try:
            self._open_project(Run(self.found.points[row].runs[0]).project)
        except NetbuilderError as error:
            self.say(str(error), "error")
