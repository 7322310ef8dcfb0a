"""The checkpoints of a recorded run as stops of the epoch slider, and their filters as they are asked for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from netbuilder.app.models import checkpoint_epochs
from netbuilder.app.runs import Run
from netbuilder.net.analysis import analyze
from netbuilder.net.results import Analysis
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.filters.snapshots import Snapshots
from netbuilder.ui.panels.later import Later


class RecordedFilters(QObject):
    """Weights of one run, read through the session. `arrived` tells that those asked for last are there."""

    arrived = Signal()

    def __init__(self, context: UiContext, run: Run, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = context.session
        self.run = run
        self.analysis: Analysis = analyze(run.project.graph)
        self._names = checkpoint_epochs(run)
        self._known = Snapshots()
        self._wanted = (0, "")
        self._later = Later(self)
        self._later.answered.connect(self._keep)
        self._later.failed.connect(lambda error: context.notify(str(error), kind="error"))

    @property
    def epochs(self) -> list[int]:
        """Epochs of which there is a checkpoint, in order."""
        return sorted(self._names)

    def at(self, epoch: int, node: str) -> NDArray[np.float32] | None:
        """A node's weights after an epoch; when they are not there yet they are fetched, and every view looks at that epoch."""
        weights = self._known.at(epoch, node)
        name = self._names.get(epoch)
        if name is not None and self._session.inspected != (self.run, name):
            self._session.inspect(self.run, name)
        if name is not None and weights is None and node and self._wanted != (epoch, node):
            self._wanted = (epoch, node)
            self._later.ask(self._session.filters([node]))
        return weights

    def _keep(self, weights: dict[str, NDArray[np.float32]]) -> None:
        self._known.keep(self._wanted[0], weights)
        self._wanted = (0, "")
        self.arrived.emit()
