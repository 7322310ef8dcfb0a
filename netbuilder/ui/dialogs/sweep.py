"""The complexity sweep: a window beside the main one in which sizes are chosen, trained, drawn and told apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QModelIndex, QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from netbuilder.app.runs import Run
from netbuilder.app.series import Series, is_series
from netbuilder.app.sweep_pace import SweepPace
from netbuilder.app.sweep_results import Findings, Point, findings
from netbuilder.core.document import Project
from netbuilder.core.errors import NetbuilderError
from netbuilder.train.events import Event, Started
from netbuilder.ui.context import UiContext
from netbuilder.ui.dialogs.sweep_drawing import INKS, SizesModel, across, drawn, sizes_table, told
from netbuilder.ui.dialogs.sweep_form import SweepForm
from netbuilder.ui.panels.later import Later, in_thread
from netbuilder.ui.plots.chart import Chart
from netbuilder.ui.plots.chart_parts import Ink, colour
from netbuilder.ui.widgets.dialog import Dialog
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.transport import small_button

SIDE = 372
EMPTY = "Press Start to train every size. The chart shows training and validation error over the number of parameters."


class SweepWindow(Dialog):
    """Training goes on when it is closed; `show_series` shows one that was made before. `open_project` opens a size's network."""

    def __init__(self, context: UiContext, open_project: Callable[[Project], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.sweep")
        self.setWindowTitle("Complexity sweep")
        self.resize(1060, 640)
        self._context, self._session, self._open_project = context, context.session, open_project
        self._folder: Path | None = None
        self._before: Path | None = None
        self._own = False
        self._pace = SweepPace()
        self._later = Later(self)
        self._later.answered.connect(self._show_found)
        self._later.failed.connect(lambda error: self._say(str(error), "error"))
        self._build()
        self._edits = QTimer(self)
        self._edits.setSingleShot(True)
        self._edits.setInterval(150)
        self._edits.timeout.connect(self._offer)
        self._session.document.changed.connect(self._on_changed)
        self.destroyed.connect(lambda: self._session.document.changed.disconnect(self._on_changed))
        context.bridge.events.connect(self._take)
        context.bridge.state_changed.connect(self._on_state)
        context.themes.changed.connect(self._recolour)
        self._recolour()
        self._on_state(self._session.state)

    @property
    def found(self) -> Findings:
        """What is on show."""
        return self.model.found

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
            self._say(str(error), "error")
            return
        self._own, self._folder, self._before = True, None, self._session.runner.folder
        self._pace.begin([each.macs for each in self.form.found] * self.form.sweep.seeds, self.form.sweep.epochs)
        self._show_found(self._preview())
        self._say("Loading data…", "secondary")
        self._on_state("loading")

    def showEvent(self, event: QShowEvent) -> None:
        """The network may have changed since."""
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
        self._progress.setValue(round(1000 * self._pace.share))
        self._say(self._pace.words, "secondary")

    @Slot(str)
    def _on_state(self, state: str) -> None:
        runner = self._session.runner
        if self._own and state in ("finished", "failed"):
            self._read()
            self._own = False
            self._say(runner.error, "error" if runner.error else "secondary")
        self._start.setText("Stop" if self._own else "Start")
        self._start.setProperty("kind", "" if self._own else "primary")
        self._start.style().unpolish(self._start)
        self._start.style().polish(self._start)
        self._start.setEnabled(self._own or not (runner.active or self.form.problem))
        self.form.setEnabled(not self._own)
        self._progress.setVisible(self._own)
        if state == "loading":
            self._progress.setValue(0)

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
            self._show_found(self._preview())
        self._on_state(self._session.state)

    def _show_found(self, found: Findings) -> None:
        row = self.table.currentIndex().row()
        self.model.show_found(found)
        if 0 <= row < len(found.points):
            self.table.selectRow(row)
        self.chart.show_content(drawn(found))
        self._sentence.setText(found.sentence)
        self._select()

    def _describe(self, x: float, y: float) -> list[tuple[str, Ink]]:
        if not self.found.points:
            return []
        places = across(self.found)
        near = int(abs(places - x).argmin())
        return told(self.found, near) if self.found.points[near].known else []

    def _pick(self, x: float, _y: float) -> None:
        if self.found.points:
            self.table.selectRow(int(abs(across(self.found) - x).argmin()))

    def _select(self) -> None:
        row = self.table.currentIndex().row()
        self._open.setEnabled(0 <= row < len(self.found.points) and bool(self.found.points[row].runs))

    def _open_row(self, _index: QModelIndex | None = None) -> None:
        """A size's network with its recipe, in a window of its own."""
        row = self.table.currentIndex().row()
        if not (0 <= row < len(self.found.points) and self.found.points[row].runs):
            return
        try:
            self._open_project(Run(self.found.points[row].runs[0]).project)
        except NetbuilderError as error:
            self._say(str(error), "error")

    def _recolour(self) -> None:
        for each, ink in zip(self._legend, INKS.values(), strict=True):
            each.setStyleSheet(f"color: {colour(self._context.themes.current, ink).name()}")

    def _say(self, text: str, role: str) -> None:
        self._line.setText(text)
        self._line.setProperty("role", role)
        self._line.style().unpolish(self._line)
        self._line.style().polish(self._line)

    def _build(self) -> None:
        themes = self._context.themes
        self.chart = Chart(themes, empty=EMPTY)
        self.chart.setObjectName("sweep.chart")
        self.chart.setAccessibleName("Training and validation error over the number of parameters")
        self.chart.describe = self._describe
        self.chart.pressed.connect(self._pick)
        self.chart.chosen.connect(lambda _x, _y: self._open_row())
        self._legend = tuple(label(f"— {name}", "", self) for name in INKS)
        self._sentence = label("", "", self, wrap=True, selectable=True)
        self._sentence.setObjectName("sweep.sentence")
        self._sentence.setMinimumHeight(54)
        self.form = SweepForm(self)
        self.model = SizesModel(themes, self)
        self.table = sizes_table(self.model)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._select())
        self.table.doubleClicked.connect(self._open_row)
        self._line = label("", "secondary", self, wrap=True)
        self._line.setObjectName("sweep.line")
        self._progress = QProgressBar(self)
        self._progress.setTextVisible(False)
        self._progress.setRange(0, 1000)
        self._start = small_button("Start", "sweep.start", self.start)
        self._open = small_button("Open this network", "sweep.open", self._open_row)
        self._open.setToolTip("The network of the selected size with its recipe, in a window of its own")
        self.form.changed.connect(self._form_changed)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 16, 16)
        row.setSpacing(20)
        row.addLayout(self._left(), 1)
        row.addWidget(self._right())

    def _left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        legend = QHBoxLayout()
        legend.setSpacing(16)
        legend.addStretch(1)
        for each in self._legend:
            legend.addWidget(each)
        column.addLayout(legend)
        for part, stretch in ((self.chart, 3), (self._sentence, 0), (self.table, 2)):
            column.addWidget(part, stretch)
        return column

    def _right(self) -> QWidget:
        holder = QWidget(self)
        holder.setFixedWidth(SIDE)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.form)
        column.addStretch(1)
        column.addWidget(self._line)
        column.addWidget(self._progress)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._open)
        buttons.addStretch(1)
        buttons.addWidget(self._start)
        column.addLayout(buttons)
        return holder
