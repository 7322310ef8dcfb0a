"""The learning-rate range test: the loss over the rate as it rises, the suggested rate, and a button that takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from netbuilder.core.errors import NetbuilderError
from netbuilder.train.recipe import Recipe
from netbuilder.train.trials.range_test import range_test
from netbuilder.ui.context import UiContext
from netbuilder.ui.dialogs.trial_watch import TrialWatch
from netbuilder.ui.plots.chart import Chart
from netbuilder.ui.plots.chart_parts import Content, Ink, Line, Mark, axis, log_axis
from netbuilder.ui.widgets.dialog import Dialog
from netbuilder.ui.widgets.labels import label

LOW, HIGH = 1e-6, 10.0
TALLEST = 1.6
"""The loss is drawn up to so many times its first value; it leaves the picture when it explodes."""
APART = 5.0
"""Rates that are closer than this factor have no room for both their words."""
WORDS = (
    "A network of its own takes 100 steps while the learning rate rises from 0.000001 to 10. Where the loss falls, the rate is useful; "
    "where it turns up, the rate is too large. Nothing of this is kept."
)


class RateTestDialog(Dialog):
    """Starts by itself; `suggestion` is the rate to take once it is known."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.rate_test")
        self.setWindowTitle("Find a learning rate")
        self.setModal(True)
        self.resize(640, 460)
        self._context = context
        self.suggestion: float | None = None
        self.watch = TrialWatch(context, self)
        self.watch.moved.connect(self._show)
        self.watch.ended.connect(self._show_end)
        self._build()
        self._begin()

    def take(self) -> None:
        """Write the suggested rate into the recipe."""
        if self.suggestion is None:
            return
        document = self._context.session.document
        training = document.project.training
        chosen = training.get("optimizer", "sgd")
        optimizer = dict(chosen) if isinstance(chosen, Mapping) else {"name": chosen}
        changed = {**training, "optimizer": {**optimizer, "learning_rate": self.suggestion}}
        document.configure(label="Change learning rate", training=changed)
        self.accept()

    def done(self, result: int) -> None:
        """Leave no thread behind."""
        self.watch.close()
        super().done(result)

    def _begin(self) -> None:
        self.suggestion = None
        self._say("Loading data…", "secondary")
        self.watch.start(range_test)

    def _again(self) -> None:
        if self.watch.runner.active:
            self.watch.runner.stop()
        else:
            self._begin()

    def _show(self) -> None:
        points = [(tick.x, tick.y) for tick in self.watch.runner.ticks()]
        active = self.watch.runner.active
        self._start.setText("Stop" if active else "Once more")
        self._take.setEnabled(self.suggestion is not None)
        if points and active:
            self._say(f"Step {len(points)} of 100, rate {points[-1][0]:.2g}, loss {points[-1][1]:.4g}", "secondary")
        self._draw(points)

    def _show_end(self) -> None:
        runner = self.watch.runner
        if runner.outcome is not None:
            self.suggestion = runner.outcome.evidence.get("suggestion")
            self._say(f"{runner.outcome.message} {runner.outcome.remedy}".strip(), "" if runner.outcome.good else "warning")
        else:
            self._say(runner.error or "Stopped.", "error" if runner.error else "secondary")
        self._take.setText("Take this rate" if self.suggestion is None else f"Take {self.suggestion:g}")
        self._show()
        if self.suggestion is not None:
            self._take.setFocus()

    def _draw(self, points: Sequence[tuple[float, float]]) -> None:
        across = log_axis((LOW, HIGH), "learning rate", _written)
        if not points:
            self.chart.show_content(Content(across, axis(0, 1, "loss")))
            return
        rates, losses = np.log10([x for x, _ in points]), np.array([y for _, y in points])
        low, high = float(losses.min()), min(float(losses.max()), TALLEST * float(losses[0]))
        room = 0.06 * (high - low or 1.0)
        marks = [Mark(float(np.log10(rate)), title, ink) for rate, title, ink in self._marks()]
        lines = (Line(rates, np.where(losses > high + room, np.nan, losses), "accent", 2.0),)
        self.chart.show_content(Content(across, axis(low - room, high + room, "loss"), lines, marks=tuple(marks)))

    def _marks(self) -> list[tuple[float, str, str]]:
        found: list[tuple[float, str, str]] = []
        try:
            found.append((Recipe.read(self._context.session.document.project.training).optimizer.learning_rate, "now", "secondary"))
        except NetbuilderError:
            found.clear()
        if self.suggestion is not None:
            found = [
                (rate, "" if max(rate, self.suggestion) < APART * min(rate, self.suggestion) else title, ink) for rate, title, ink in found
            ]
            found.append((self.suggestion, f"{self.suggestion:g}", "good"))
        return [each for each in found if LOW <= each[0] <= HIGH]

    def _describe(self, x: float, _y: float) -> list[tuple[str, Ink]]:
        ticks = self.watch.runner.ticks()
        if not ticks:
            return []
        near = min(ticks, key=lambda tick: abs(np.log10(tick.x) - x))
        return [(f"rate {near.x:.2g}", "secondary"), (f"loss {near.y:.4g}", "accent")]

    def _say(self, text: str, role: str) -> None:
        self._line.setText(text)
        self._line.setProperty("role", role)
        self._line.style().unpolish(self._line)
        self._line.style().polish(self._line)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        self.chart = Chart(self._context.themes)
        self.chart.setObjectName("rate_test.chart")
        self.chart.describe = self._describe
        self._line = label("", "secondary", self, wrap=True)
        self._line.setObjectName("rate_test.line")
        self._line.setMinimumHeight(34)
        column.addWidget(label(WORDS, "secondary", self, wrap=True))
        column.addWidget(self.chart, 1)
        column.addWidget(self._line)
        row = QHBoxLayout()
        row.setSpacing(8)
        self._start = self._button("Stop", "start", self._again)
        self._take = self._button("Take this rate", "take", self.take)
        self._take.setProperty("kind", "primary")
        close = self._button("Close", "close", self.reject)
        row.addWidget(self._start)
        row.addStretch(1)
        row.addWidget(self._take)
        row.addWidget(close)
        column.addLayout(row)

    def _button(self, text: str, name: str, run: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(f"rate_test.{name}")
        button.setAutoDefault(False)
        button.clicked.connect(run)
        return button


def _written(rate: float) -> str:
    """A tick: 1e-5, 0.01, 10."""
    return f"{rate:g}".replace("e-0", "e-")
