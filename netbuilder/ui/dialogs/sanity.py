"""Sanity checks as buttons: each asks one question before a long training, and answers it with its evidence."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from netbuilder.core.graph import Graph
from netbuilder.data.dataset import Dataset
from netbuilder.train.recipe import Recipe
from netbuilder.train.trials.sanity import CHECKS, few
from netbuilder.train.trials.trial import Outcome, Tick, Trial
from netbuilder.ui.context import UiContext
from netbuilder.ui.dialogs.trial_watch import TrialWatch
from netbuilder.ui.icons import glyph_pixmap
from netbuilder.ui.plots.chart import Chart
from netbuilder.ui.plots.chart_parts import Content, Line, axis
from netbuilder.ui.widgets.dialog import Dialog
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.scroller import Scroller

MARKS = {True: ("circle-check", "good"), False: ("triangle-alert", "warning"), None: ("info", "secondary")}
HEIGHT = 96
SETTLED = 20
"""Milliseconds after which the layouts of the cards know their new size."""


class SanityDialog(Dialog):
    """One check at a time; `run_all` does them from top to bottom."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.sanity")
        self.setWindowTitle("Sanity checks")
        self.setModal(True)
        self.setMinimumWidth(600)
        self._watch = TrialWatch(context, self)
        self._watch.moved.connect(self._show)
        self._watch.ended.connect(self._show_end)
        self._waiting: list[str] = []
        self._now = ""
        self.cards = {name: _Card(context, name, title, asks) for name, (title, asks, _) in CHECKS.items()}
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(10)
        words = "Before a long training. Each check works on a network of its own and on part of the data; nothing of it is kept."
        column.addWidget(label(words, "secondary", self, wrap=True))
        cards = QVBoxLayout()
        cards.setSpacing(10)
        for name, card in self.cards.items():
            card.button.clicked.connect(lambda _checked=False, name=name: self._press(name))
            cards.addWidget(card)
        cards.addStretch(1)
        column.addWidget(Scroller(cards), 1)
        column.addLayout(self._buttons())

    def run_all(self) -> None:
        """Every check, from top to bottom."""
        self._waiting = list(CHECKS)
        self._next()

    def done(self, result: int) -> None:
        """Leave no thread behind."""
        self._waiting = []
        self._watch.close()
        super().done(result)

    def _press(self, name: str) -> None:
        if self._watch.runner.active:
            self._waiting = []
            self._watch.runner.stop()
        else:
            self._waiting = [name]
            self._next()

    def _next(self) -> None:
        if self._waiting:
            self._now = self._waiting.pop(0)
            self.cards[self._now].clear()
            self._watch.start(_on_few(CHECKS[self._now][2]))

    def _show(self) -> None:
        active = self._watch.runner.active
        for name, card in self.cards.items():
            card.button.setText("Stop" if active and name == self._now else "Run")
            card.button.setEnabled(not active or name == self._now)
        self._all.setEnabled(not active)
        if active:
            self.cards[self._now].show_ticks(self._watch.runner.ticks())
            QTimer.singleShot(SETTLED, self, self.grow)

    def _show_end(self) -> None:
        runner = self._watch.runner
        if runner.outcome is not None:
            self.cards[self._now].show_outcome(runner.outcome)
        else:
            self.cards[self._now].say(runner.error or "Stopped.", "", None)
            self._waiting = []
        self._show()
        self._next()
        QTimer.singleShot(SETTLED, self, self.grow)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._all = QPushButton("Run all", self)
        self._all.setObjectName("sanity.all")
        self._all.setProperty("kind", "primary")
        self._all.clicked.connect(self.run_all)
        close = QPushButton("Close", self)
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        row.addStretch(1)
        row.addWidget(self._all)
        row.addWidget(close)
        return row


class _Card(QFrame):
    """One check: what it asks, its button, and what came of it."""

    def __init__(self, context: UiContext, name: str, title: str, asks: str) -> None:
        super().__init__()
        self._context = context
        self.setProperty("role", "note")
        self.setObjectName(f"sanity.{name}")
        self.button = QPushButton("Run", self)
        self.button.setObjectName(f"sanity.run.{name}")
        self.button.setProperty("kind", "small")
        self.button.setAutoDefault(False)
        self.button.setFixedWidth(72)
        self._mark = QLabel(self)
        self.message = label("", "", self, wrap=True, selectable=True)
        self._remedy = label("", "secondary", self, wrap=True)
        self.chart = Chart(context.themes, parent=self)
        self.chart.setFixedHeight(HEIGHT)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(title, "heading", self))
        words.addWidget(label(asks, "secondary", self, wrap=True))
        top = QHBoxLayout()
        top.addLayout(words, 1)
        top.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        said = QVBoxLayout()
        said.addWidget(self.message)
        said.addWidget(self._remedy)
        below = QHBoxLayout()
        below.setSpacing(10)
        below.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        below.addLayout(said, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 12, 10)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.chart)
        column.addLayout(below)
        self.clear()

    def clear(self) -> None:
        """Nothing is known yet."""
        for part in (self.chart, self._mark, self.message, self._remedy):
            part.hide()
        self._colour("")

    def show_ticks(self, ticks: list[Tick]) -> None:
        """The curve so far."""
        self._draw([(tick.x, tick.y) for tick in ticks])

    def show_outcome(self, outcome: Outcome) -> None:
        """What was found."""
        self._draw(list(outcome.curve))
        self.say(outcome.message, outcome.remedy, outcome.good)

    def say(self, message: str, remedy: str, good: bool | None) -> None:
        """A sentence with its sign."""
        glyph, token = MARKS[good]
        self._mark.setPixmap(glyph_pixmap(glyph, self._context.themes.current.tokens()[token], 16, self.devicePixelRatioF()))
        self.message.setText(message)
        self._remedy.setText(remedy)
        for part in (self._mark, self.message):
            part.show()
        self._remedy.setVisible(bool(remedy))
        self._colour(token)

    def _draw(self, points: list[tuple[float, float]]) -> None:
        self.chart.setVisible(len(points) > 1)
        if len(points) < 2:
            return
        x, y = np.array([a for a, _ in points]), np.array([b for _, b in points])
        up = axis(0.0, max(float(y.max()) * 1.05, 1e-6), "loss", 3)
        self.chart.show_content(Content(axis(float(x[0]), float(x[-1]), "step"), up, (Line(x, y, "accent", 1.8),)))

    def _colour(self, kind: str) -> None:
        self.setProperty("kind", kind)
        self.style().unpolish(self)
        self.style().polish(self)


def _on_few(trial: Callable[[Graph, Dataset, Recipe], Trial]) -> Callable[[Graph, Dataset, Recipe], Trial]:
    """The trial on part of the data."""
    return lambda graph, dataset, recipe: trial(graph, few(dataset), recipe)
