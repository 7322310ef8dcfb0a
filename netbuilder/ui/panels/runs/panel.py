"""The Runs tab: every training on disk, also those that another process writes, and their curves side by side."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from netbuilder.app.runs import History, Run
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.later import Later, in_thread
from netbuilder.ui.panels.runs.actions import RunActions
from netbuilder.ui.panels.runs.complexity import VIEWS, ComplexityView, views
from netbuilder.ui.panels.runs.model import COLUMNS, RunsModel
from netbuilder.ui.panels.runs.reader import Reading, Row, RunsReader
from netbuilder.ui.panels.training.recorded_curves import draw_run
from netbuilder.ui.plots.curve_plot import CurvePlot
from netbuilder.ui.plots.strokes import stroke
from netbuilder.ui.widgets.empty_state import EmptyState
from netbuilder.ui.widgets.segmented import Segmented

PERIOD = 1000
MOST_COMPARED = 6
ROOMS = {"Parameters": 1180, "Time": 860, "Started": 1060}
"""Widths of the panel from which the table shows a column."""
SWITCH = 720
"""Width from which there is room for the switch to complexity."""


class RunsPanel(QWidget):
    """Reads the folder once a second while visible, in a thread; compares up to six selected runs."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel.runs")
        self._context = context
        self._reader = RunsReader(context.session.runs)
        self._selected: list[Path] = []
        self._alone = True
        self.model = RunsModel(self)
        self.loss = CurvePlot(context.themes, "Loss", empty="Select a run to see its curves, several to compare them.")
        self.accuracy = CurvePlot(context.themes, "Accuracy")
        self._actions = RunActions(context, self, self._selected_rows, self.read)
        self._later = Later(self)
        self._later.answered.connect(self.show_reading)
        self._later.failed.connect(lambda error: context.notify(str(error), kind="error"))
        self._clock = QTimer(self)
        self._clock.setInterval(PERIOD)
        self._clock.timeout.connect(self.read)
        self._build()
        context.bridge.state_changed.connect(lambda _state: self.read())

    @property
    def selected(self) -> list[Path]:
        """Folders of the selected runs."""
        return list(self._selected)

    def read(self) -> None:
        """Look at the disk now, unless nobody is looking or a look is in progress."""
        if self.isVisible() and not self._later.waiting:
            wanted = tuple(self._compared())
            self._later.ask(in_thread(lambda: self._reader.read(wanted), "runs"))

    def _compared(self) -> list[Path]:
        """The selected runs; for a selected series its own."""
        found = dict.fromkeys(run for folder in self._selected for run in self.model.members(folder))
        return list(found)[:MOST_COMPARED]

    def show_reading(self, reading: Reading) -> None:
        """Show what was read."""
        keep = set(self._selected)
        if self.model.show_rows(reading.rows):
            self._restore(keep)
        self._stack.setCurrentWidget(self._body if reading.rows else self._empty)
        self._show_curves(reading.histories)
        self.complexity.show_rows(reading.rows, self._selected)

    # Selection and curves

    def _restore(self, keep: set[Path]) -> None:
        """Select the same runs again after the table changed."""
        selection = self.table.selectionModel()
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for number, row in enumerate(self.model.rows):
            if row.folder in keep:
                selection.select(self.model.index(number, 0), flags)
        self._select()

    def _select(self) -> None:
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        before, self._selected = self._selected, [self.model.rows[row].folder for row in rows]
        if self._selected != before:
            self._inspect()
        self._actions.refresh()
        self._later.forget()
        self.read()

    def _selected_rows(self) -> list[Row]:
        return [row for row in self.model.rows if row.folder in self._selected]

    def _inspect(self) -> None:
        """A single selected run is what Training and Feature maps show, unless it is the present training anyway."""
        session, alone = self._context.session, self._selected if len(self._selected) == 1 else []
        run = next((Run(folder) for folder in alone if folder != session.runner.folder and (folder / "run.json").is_file()), None)
        if run is not None or session.inspected is not None:
            session.inspect(run)

    def _show_curves(self, histories: object) -> None:
        compared = self._compared()
        found: dict[Path, History] = {p: h for p, h in dict(histories).items() if p in compared}  # type: ignore[call-overload]
        names = {row.folder: row.name for row in self.model.rows}
        alone = len(found) == 1
        for plot in (self.loss, self.accuracy):
            wanted = {f"{folder}:{role}" for folder in found for role in (("train", "validation") if alone else ("validation",))}
            for key in plot.keys:
                if key not in wanted or alone != self._alone:
                    plot.remove_curve(key)
        self._alone = alone
        for number, (folder, history) in enumerate(found.items()):
            name, colour = ("validation", None) if alone else (names.get(folder, folder.name), number)
            draw_run((self.loss, self.accuracy), folder, history, name, colour)
        theme = self._context.themes.current
        colours = {} if alone else {folder: stroke(theme, "validation", n).colour for n, folder in enumerate(found)}
        self.model.show_colours(colours)
        for plot in (self.loss, self.accuracy):
            plot.refresh(everything=True)

    def _open_row(self) -> None:
        """Show or hide the runs of a series; of a run, ask for another name."""
        row = self._actions.row
        if row is None or not row.series:
            self._actions.ask_name()
        elif self.model.fold(row.folder):
            self._restore(set(self._selected))

    # Visibility

    def showEvent(self, event: QShowEvent) -> None:
        """Look at once, then once a second."""
        self._clock.start()
        self.read()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody is looking."""
        self._clock.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room for all columns, the least telling ones make way; tips on the rows still have them."""
        for title, room in ROOMS.items():
            self.table.setColumnHidden(COLUMNS.index(title), event.size().width() < room)
        roomy = event.size().width() >= SWITCH
        self._view.setVisible(roomy)
        if not roomy and self._view.current != "curves":
            self._view.choose("curves")
            self._view.chosen.emit("curves")

    def _build(self) -> None:
        self._stack = QStackedWidget(self)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)
        self._empty = EmptyState("list", "No runs yet", "Every training you start is kept here, with its curves and weights.")
        self._body = QWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._body)
        row = QHBoxLayout(self._body)
        row.setContentsMargins(8, 8, 16, 8)
        row.setSpacing(16)
        left = QVBoxLayout()
        left.setSpacing(6)
        self.table = self._make_table()
        left.addWidget(self.table, 1)
        self._view = Segmented(VIEWS)
        self._actions.addWidget(self._view)
        left.addLayout(self._actions)
        self.accuracy.set_limits(0.0, 1.0)
        self.loss.cursor_moved.connect(self.accuracy.show_cursor)
        self.accuracy.cursor_moved.connect(self.loss.show_cursor)
        row.addLayout(left, 13)
        self.complexity = ComplexityView(self._context.themes)
        self.complexity.picked.connect(lambda folder: self.table.selectRow(self.model.place(folder)))
        row.addWidget(views((self.loss, self.accuracy), self.complexity, self._view), 12)

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setObjectName("runs.table")
        table.setAccessibleName("Runs")
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(28)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(48)
        table.selectionModel().selectionChanged.connect(lambda *_: self._select())
        table.doubleClicked.connect(lambda *_: self._open_row())
        return table
