"""The optimisation playground: optimizers race from one start over a curve or a landscape, step by step."""

from __future__ import annotations

from math import isfinite

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLineEdit, QTableView, QVBoxLayout, QWidget

from netbuilder.train.playground import SURFACES, Point, Positions, Race, contenders
from netbuilder.ui.context import UiContext
from netbuilder.ui.dialogs.playground_drawing import drawn
from netbuilder.ui.dialogs.playground_parts import RacerRow, StepsModel, say_point
from netbuilder.ui.icons import icon
from netbuilder.ui.panels.chooser import Choice, Chooser
from netbuilder.ui.plots.chart import Chart
from netbuilder.ui.plots.chart_parts import Ink
from netbuilder.ui.widgets.dialog import Dialog
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.transport import Transport, small_button

FRAME, CROWD = 60, 6
FIRST = ("sgd", "momentum", "rmsprop", "adam")
SIDE = 400


class PlaygroundWindow(Dialog):
    """A window of its own beside the main one. Space plays and holds, → and ← step, Home starts anew."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.playground")
        self.setWindowTitle("Optimisation playground")
        self.resize(1080, 640)
        self._themes = context.themes
        self._surface = SURFACES["parabola"]
        self._start: Point = self._surface.start
        self._race: Race | None = None
        self._rows: list[RacerRow] = []
        self._clock = QTimer(self)
        self._clock.setInterval(FRAME)
        self._clock.timeout.connect(self.step)
        self._build()
        self._themes.changed.connect(self._recolour)
        self._recolour()
        self.show_surface("parabola")

    # What is raced

    @property
    def positions(self) -> Positions:
        """Where the racers stand."""
        assert self._race is not None
        return self._race.positions

    @property
    def racers(self) -> list[RacerRow]:
        """The rows of the race."""
        return list(self._rows)

    def show_surface(self, name: str) -> None:
        """Race over another surface, from its own start, at rates that suit it."""
        self._surface = SURFACES[name]
        self._start = self._surface.start
        self.surface.choose(name)
        self.formula.setText(f"f = {self._surface.formula}")
        found = contenders(self._surface)
        if not self._rows:
            self._add_racer(FIRST[0])
        elif len(self._surface.window) == 2 and len(self._rows) == 1:
            for each in FIRST[1:]:
                self._add_racer(each)
        for row in self._rows:
            row.blockSignals(True)
            row.suit(found)
            row.blockSignals(False)
        self.reset()

    def begin_at(self, *point: float) -> None:
        """Race from another place; one outside the window is drawn to its edge."""
        ends = self._surface.window
        self._start = tuple(float(min(max(value, low), high)) for value, (low, high) in zip(point, ends, strict=False))
        self.reset()

    def _type_start(self) -> None:
        """Numbers as written; anything else is taken back."""
        try:
            point = tuple(float(part) for part in self.start.text().replace(";", ",").split(","))
        except ValueError:
            point = ()
        if len(point) == len(self._start) and all(isfinite(value) for value in point):
            if point != self._start:
                self.begin_at(*point)
        else:
            self.start.setText(say_point(self._start))

    def reset(self) -> None:
        """Everybody back to the start."""
        self._race = Race(self._surface, tuple(row.optimizer for row in self._rows), self._start)
        self.start.setText(say_point(self._start))
        self._show()

    def step(self) -> None:
        """One step of all racers."""
        if self._race is not None and self._race.forth():
            self._show()
        else:
            self.hold()

    def back(self) -> None:
        """One step back."""
        self.hold()
        if self._race is not None:
            self._race.back()
            self._show()

    def play(self) -> None:
        """Step after step, or hold."""
        if self._clock.isActive():
            self.hold()
        else:
            self._clock.start()
            self._transport.show_playing(True)

    def hold(self) -> None:
        """Stay where it is."""
        self._clock.stop()
        self._transport.show_playing(False)

    @property
    def playing(self) -> bool:
        """Whether it goes on by itself."""
        return self._clock.isActive()

    def _add_racer(self, name: str) -> None:
        row = RacerRow(self._themes, len(self._rows), contenders(self._surface), name)
        row.changed.connect(self.reset)
        row.removed.connect(lambda: self._remove(row))
        self._rows.append(row)
        self._list.addWidget(row)
        self._add.setEnabled(len(self._rows) < CROWD)

    def _remove(self, row: RacerRow) -> None:
        """The others keep their order and take on the colours of their new places."""
        if len(self._rows) == 1:
            return
        kept = [(each.name, each.optimizer.learning_rate) for each in self._rows if each is not row]
        for each in self._rows:
            self._list.removeWidget(each)
            each.hide()
            each.deleteLater()
        self._rows = []
        for name, rate in kept:
            self._add_racer(name)
            self._rows[-1].blockSignals(True)
            self._rows[-1].set_rate(rate)
            self._rows[-1].blockSignals(False)
        self.reset()

    def _join(self) -> None:
        taken = {row.name for row in self._rows}
        self._add_racer(next((name for name in contenders(self._surface) if name not in taken), FIRST[0]))
        self.reset()

    # Drawing

    def _show(self) -> None:
        assert self._race is not None
        self.chart.show_content(drawn(self._surface, self._race.seen, self._themes.current))
        self._model.show_steps(tuple(row.title for row in self._rows), self._race.seen)
        self.table.scrollToBottom()
        self._transport.back.setEnabled(self.positions.step > 0)
        best = int(np.argmin(np.nan_to_num(self.positions.heights, nan=np.inf)))
        lead = f" · lowest: {self._rows[best].title}, {self.positions.heights[best]:.4g}" if len(self._rows) > 1 else ""
        self.status.setText(f"Step {self.positions.step} from {say_point(self._start)}{lead}")

    def _describe(self, x: float, y: float) -> list[tuple[str, Ink]]:
        point = (x,) if len(self._surface.window) == 1 else (x, y)
        height = float(self._surface.function(*point))
        slope = self._surface.gradient(point)
        return [(f"at {say_point(point)}", "text"), (f"f = {height:.4g}", "text"), (f"slope {say_point(slope)}", "secondary")]

    # Keys and looks

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Play, step, back, start anew."""
        if not self._transport.takes(event.key()):
            super().keyPressEvent(event)

    def hideEvent(self, event: object) -> None:
        """Nobody is looking."""
        self.hold()

    def _recolour(self) -> None:
        self._add.setIcon(icon("plus", self._themes.current.text, 14))
        if self._race is not None:
            self._show()

    def _build(self) -> None:
        self.chart = Chart(self._themes)
        self.chart.setObjectName("playground.chart")
        self.chart.setAccessibleName("Surface with the paths of the optimizers; click to choose the start")
        self.chart.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.chart.setToolTip("Click to choose the start")
        self.chart.describe = self._describe
        self.chart.pressed.connect(self.begin_at)
        self.chart.dragged.connect(self.begin_at)
        self.surface = Chooser(Choice(name, surface.title) for name, surface in SURFACES.items())
        self.surface.setObjectName("playground.surface")
        self.surface.setAccessibleName("Surface")
        self.surface.chosen.connect(self.show_surface)
        self.formula = label("", "mono", selectable=True)
        self.status = label("", "secondary")
        self.start = QLineEdit()
        self.start.setObjectName("playground.start")
        self.start.setAccessibleName("Start")
        self.start.setProperty("role", "value")
        self.start.setFixedWidth(130)
        self.start.setToolTip("Where all begin; a click on the surface chooses it, too")
        self.start.editingFinished.connect(self._type_start)
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        self._add = small_button("Add optimizer", "playground.add", self._join)
        self._transport = Transport("playground", self._themes, play=self.play, back=self.back, step=self.step, reset=self.reset)
        self._model = StepsModel(self._themes, self)
        self.table = _table(self._model)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 16, 12)
        row.setSpacing(16)
        left = QVBoxLayout()
        left.addWidget(self.chart, 1)
        left.addWidget(self.status)
        row.addLayout(left, 1)
        row.addWidget(self._side())

    def _side(self) -> QWidget:
        holder = QWidget()
        holder.setFixedWidth(SIDE)
        side = QVBoxLayout(holder)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(10)
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.surface, 1)
        first.addWidget(label("start", "label"))
        first.addWidget(self.start)
        side.addLayout(first)
        side.addWidget(self.formula)
        side.addLayout(self._list)
        side.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        side.addWidget(self._transport)
        side.addWidget(self.table, 1)
        return holder


def _table(model: StepsModel) -> QTableView:
    table = QTableView()
    table.setObjectName("playground.table")
    table.setModel(model)
    table.setShowGrid(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(22)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    return table
