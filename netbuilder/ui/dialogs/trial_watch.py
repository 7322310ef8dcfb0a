"""Follows a trial in another thread and tells the window's thread of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from netbuilder.app.trials import TrialRunner
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Graph
from netbuilder.data.dataset import Dataset
from netbuilder.train.recipe import Recipe
from netbuilder.train.trials.trial import Trial
from netbuilder.ui.context import UiContext

PERIOD = 50


class TrialWatch(QObject):
    """`moved` fires while a trial goes on, `ended` once it is over, whichever way."""

    moved = Signal()
    ended = Signal()

    def __init__(self, context: UiContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.runner = TrialRunner(context.session)
        self._clock = QTimer(self)
        self._clock.setInterval(PERIOD)
        self._clock.timeout.connect(self._look)

    def start(self, trial: Callable[[Graph, Dataset, Recipe], Trial]) -> None:
        """Begin; says in the window why that cannot be."""
        try:
            self.runner.start(trial)
        except NetbuilderError as error:
            self._context.notify(str(error), kind="error", place=error.place)
            self.ended.emit()
        else:
            self._clock.start()
            self.moved.emit()

    def close(self) -> None:
        """Stop and wait for the thread."""
        self._clock.stop()
        self.runner.close()

    def _look(self) -> None:
        self.moved.emit()
        if not self.runner.active:
            self._clock.stop()
            self.ended.emit()
