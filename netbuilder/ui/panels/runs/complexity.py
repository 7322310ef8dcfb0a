"""What accuracy costs: the user's own runs as bubbles over operations or parameters."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from netbuilder.core import format as written
from netbuilder.ui.panels.runs.reader import Row
from netbuilder.ui.plots.chart import Chart
from netbuilder.ui.plots.chart_parts import Axis, Content, Dots, Floats, Ink, axis, log_axis
from netbuilder.ui.theme import Themes
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.segmented import Segmented

VIEWS = (("curves", "Curves"), ("complexity", "Complexity"))
MEASURES = (("macs", "Operations"), ("parameters", "Parameters"))
SMALLEST, LARGEST = 9.0, 40.0
"""Diameters of the lightest and the heaviest network, in pixels."""


class ComplexityView(QWidget):
    """Accuracy over cost on a logarithmic axis; the area of a bubble is the other measure. `picked` carries a run's folder."""

    picked = Signal(object)

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs.complexity")
        self._rows: tuple[Row, ...] = ()
        self._selected: frozenset[Path] = frozenset()
        self.measure = Segmented(MEASURES)
        self.measure.chosen.connect(lambda _key: self._draw())
        self._hint = label("", "secondary")
        self.chart = Chart(themes, empty="Train networks that tell classes apart to see what their accuracy costs.")
        self.chart.setAccessibleName("Accuracy over cost")
        self.chart.describe = self._describe
        self.chart.pressed.connect(self._pick)
        head = QHBoxLayout()
        head.addWidget(self.measure)
        head.addWidget(self._hint, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.chart, 1)

    def show_rows(self, rows: Sequence[Row], selected: Collection[Path]) -> None:
        """Show all runs with an accuracy and a cost; the runs of a series as one."""
        shown = tuple(row for row in rows if row.parent is None and row.best_accuracy is not None and row.macs and row.parameters)
        if (shown, frozenset(selected)) != (self._rows, self._selected):
            self._rows, self._selected = shown, frozenset(selected)
            self._draw()

    def _costs(self, name: str) -> Floats:
        return np.array([float(getattr(row, name)) for row in self._rows])

    def _draw(self) -> None:
        if not self._rows:
            self.chart.show_content(None)
            return
        measure = self.measure.current
        other, title = next(pair for pair in MEASURES if pair[0] != measure)
        self._hint.setText(f"area: {title.lower()}")
        x, y, sizes = np.log10(self._costs(measure)), self._accuracies(), diameters(self._costs(other))
        order = np.argsort(-sizes, kind="stable")
        chosen = np.array([row.folder in self._selected for row in self._rows])
        dots = [Dots(x[n : n + 1], y[n : n + 1], "accent" if chosen[n] else "faint", sizes[n], edge="panel") for n in order]
        if chosen.any():
            dots.append(Dots(x[chosen], y[chosen], "text", sizes[chosen] + 4, hollow=True))
        across = log_axis(self._costs(measure), dict(MEASURES)[measure].lower(), written.macs if measure == "macs" else written.compact)
        self.chart.show_content(Content(across, self._up(y), dots=tuple(dots)))

    def _accuracies(self) -> Floats:
        return np.array([row.best_accuracy or 0.0 for row in self._rows])

    @staticmethod
    def _up(y: Floats) -> Axis:
        room = max(0.015, 0.25 * float(y.max() - y.min()))
        return axis(float(y.min()) - room, min(float(y.max()) + room, 1.0 + room), "validation accuracy", 4)

    def _near(self, x: float, y: float) -> int | None:
        if not self._rows:
            return None
        return self.chart.nearest(np.log10(self._costs(self.measure.current)), self._accuracies(), (x, y), LARGEST / 2)

    def _describe(self, x: float, y: float) -> list[tuple[str, Ink]]:
        near = self._near(x, y)
        if near is None:
            return []
        row = self._rows[near]
        costs = f"{written.macs(row.macs or 0)}, {written.count(row.parameters or 0)} parameters"
        return [(row.name, "text"), (f"accuracy {row.best_accuracy:.4f}", "text"), (costs, "secondary")]

    def _pick(self, x: float, y: float) -> None:
        near = self._near(x, y)
        if near is not None:
            self.picked.emit(self._rows[near].folder)


def views(curves: Sequence[QWidget], complexity: ComplexityView, switch: Segmented) -> QStackedWidget:
    """The curves side by side or what accuracy costs, as the switch of `VIEWS` says."""
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(16)
    for each in curves:
        row.addWidget(each)
    found = QStackedWidget()
    found.addWidget(both)
    found.addWidget(complexity)
    switch.chosen.connect(lambda key: found.setCurrentWidget(both if key == "curves" else complexity))
    return found


def diameters(costs: Floats) -> Floats:
    """Areas in proportion to the costs, the largest at its full size and none too small to see."""
    found: Floats = np.maximum(SMALLEST, LARGEST * np.sqrt(costs / max(float(costs.max()), 1e-12)))
    return found
