"""The chosen loss as a curve over what makes an answer right or wrong."""

from __future__ import annotations

import sys

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from netbuilder.train.losses import Loss, Mixture
from netbuilder.train.losses.curve import Curve, curve
from netbuilder.ui.panels.later import Later, in_thread
from netbuilder.ui.plots.chart import Chart
from netbuilder.ui.plots.chart_parts import Content, Ink, Line, axis
from netbuilder.ui.theme import Themes

HEIGHT = 112
PATIENCE = 700
"""Milliseconds between two looks whether torch has arrived, which the window brings along after it is painted."""


class LossCurve(QWidget):
    """Hidden where a loss has no curve; worked out in a thread, once somebody sees it."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loss: Loss | None = None
        self._drawn: Loss | None = None
        self._curve: Curve | None = None
        self._later = Later(self)
        self._later.answered.connect(self._take)
        self.chart = Chart(themes)
        self.chart.setObjectName("loss.curve")
        self.chart.setAccessibleName("Curve of the loss")
        self.chart.describe = self._describe
        self.setFixedHeight(HEIGHT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.chart)

    def show_loss(self, loss: Loss) -> None:
        """Draw this one."""
        self._loss = loss
        self.setVisible(loss.probe is not None or isinstance(loss, Mixture))
        self._ask()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what was chosen meanwhile."""
        self._ask()

    def _ask(self) -> None:
        loss = self._loss
        if loss is None or loss == self._drawn or not self.isVisible():
            return
        if "torch" not in sys.modules:
            QTimer.singleShot(PATIENCE, self, self._ask)
            return
        self._drawn = loss
        self._later.ask(in_thread(lambda: curve(loss), "loss curve"))

    def _take(self, found: Curve | None) -> None:
        self._curve = found
        if found is None:
            self.hide()
            return
        self.chart.setToolTip(found.words)
        high = float(found.y.max())
        line = Line(found.x, found.y, "accent", 1.8, filled=True)
        across = axis(float(found.x[0]), float(found.x[-1]), found.label, 6)
        self.chart.show_content(Content(across, axis(min(0.0, float(found.y.min())), 1.08 * high, "loss", 3), (line,)))

    def _describe(self, x: float, _y: float) -> list[tuple[str, Ink]]:
        if self._curve is None:
            return []
        return [(f"at {x:.2f}", "secondary"), (f"loss {np.interp(x, self._curve.x, self._curve.y):.3f}", "accent")]
