"""The curves of a recorded run in the place of the present training's; those of a run in progress grow."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from netbuilder.app.runs import History, Run
from netbuilder.ui.commands import CommandRegistry
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.later import Later, in_thread
from netbuilder.ui.panels.training.output_curves import add_outputs, remove_outputs
from netbuilder.ui.plots.curve_pair import CurvePair
from netbuilder.ui.plots.curve_plot import CurvePlot
from netbuilder.ui.widgets.elided_label import ElidedLabel

PERIOD = 1000


class RecordedCurves(QWidget):
    """Reads the run once a second while visible, in a thread. `left` asks to return to the present training."""

    left = Signal()

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training.recorded")
        self._run: Run | None = None
        self.title = ElidedLabel()
        self.title.setProperty("role", "heading")
        self.loss = CurvePlot(context.themes, "Loss", empty="This run has no curves yet.")
        self.accuracy = CurvePlot(context.themes, "Accuracy")
        self.accuracy.set_limits(0.0, 1.0)
        self._later = Later(self)
        self._later.answered.connect(self._show)
        self._later.failed.connect(lambda error: context.notify(str(error), kind="error"))
        self._clock = QTimer(self)
        self._clock.setInterval(PERIOD)
        self._clock.timeout.connect(self._read)
        self._build(context.commands)

    @property
    def run(self) -> Run | None:
        """The run on show."""
        return self._run

    def show_run(self, run: Run) -> None:
        """Show this run from now on."""
        self._run = run
        self.title.setText(f"Run “{run.about.get('name', run.folder.name)}”")
        self.title.setToolTip(str(run.folder))
        for plot in (self.loss, self.accuracy):
            for key in plot.keys:
                plot.remove_curve(key)
            plot.mark_best(None)
        self._later.forget()
        self._read()

    def showEvent(self, event: QShowEvent) -> None:
        """Look at once, then once a second."""
        self._clock.start()
        self._read()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody is looking."""
        self._clock.stop()

    def _read(self) -> None:
        run = self._run
        if run is not None and self.isVisible() and not self._later.waiting:
            self._later.ask(in_thread(run.history, "run"))

    def _show(self, history: History) -> None:
        assert self._run is not None
        draw_run((self.loss, self.accuracy), self._run.folder, history)
        for plot in (self.loss, self.accuracy):
            plot.refresh(everything=True)

    def _build(self, commands: CommandRegistry) -> None:
        back = QPushButton("Back")
        back.setToolTip("Back to the present training")
        back.setObjectName("training.back")
        back.clicked.connect(self.left)
        begin = QPushButton("Train from it")
        begin.setObjectName("training.fine_tune")
        if "train.fine_tune" in commands:
            action = commands.action("train.fine_tune")
            begin.setToolTip(action.toolTip())
            begin.clicked.connect(action.trigger)
            action.changed.connect(lambda: begin.setEnabled(action.isEnabled()))
            action.changed.connect(lambda: begin.setToolTip(action.toolTip()))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title, 1)
        for button in (begin, back):
            button.setProperty("kind", "small")
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(CurvePair(self.loss, self.accuracy), 1)


def draw_run(
    plots: tuple[CurvePlot, CurvePlot], folder: Path, history: History, name: str = "validation", colour: int | None = None
) -> None:
    """Put a run's curves into a plot of losses and one of accuracies; one of several, with a `colour`, shows validation only.

    A run alone also shows each of several outputs.
    """
    steps_per_epoch = next((e.step / e.epoch for e in history.epochs if e.epoch), None)
    best = next((e.epoch for e in reversed(history.epochs) if e.best), None)
    for plot, figure in zip(plots, ("loss", "accuracy"), strict=True):
        if colour is None and steps_per_epoch:
            plot.add_curve(f"{folder}:train", "train", "train")
            steps = [(s.step / steps_per_epoch, getattr(s, figure)) for s in history.steps]
            plot.replace(f"{folder}:train", [(x, y) for x, y in steps if y is not None])
        plot.add_curve(f"{folder}:validation", name, "validation", colour)
        values = [(float(e.epoch), getattr(e, f"validation_{figure}")) for e in history.epochs]
        plot.replace(f"{folder}:validation", [(x, y) for x, y in values if y is not None])
        plot.mark_best(best if colour is None else None, f"best · epoch {best}")
    remove_outputs(plots, f"{folder}:")
    for epoch in history.epochs if colour is None else ():
        add_outputs(plots, epoch, f"{folder}:")
