"""What a step looks like: input, kernel and output as numbers with the sum written out, or the whole as a matrix."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from netbuilder.core.format import count
from netbuilder.probe.sliding import Sliding
from netbuilder.ui.plots.number_grid import NumberGrid
from netbuilder.ui.plots.weight_matrix import WeightMatrix
from netbuilder.ui.theme import Themes
from netbuilder.ui.widgets.formula_card import FormulaCard
from netbuilder.ui.widgets.labels import label


class StepStage(QWidget):
    """Shows one step of a sliding window. `picked` carries the step whose output was clicked."""

    picked = Signal(int)

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = 1
        self.input, self.output = NumberGrid(themes, "Input"), NumberGrid(themes, "Output")
        self.weights = NumberGrid(themes, "Kernel")
        self.input.setObjectName("step.input")
        self.output.setObjectName("step.output")
        self.output.picked.connect(lambda row, column: self.picked.emit(row * self._columns + column))
        self.sum, self.counts, self.matrix = FormulaCard(themes), FormulaCard(themes), WeightMatrix(themes)
        self._where = label("", "secondary")
        steps, banded = QWidget(), QWidget()
        grids, beside = QHBoxLayout(steps), QHBoxLayout(banded)
        for layout in (grids, beside):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(24)
        for grid, share in ((self.input, 5), (self.weights, 3), (self.output, 4)):
            grids.addWidget(grid, share)
        beside.addWidget(self.matrix, 3)
        beside.addWidget(self.counts, 2, Qt.AlignmentFlag.AlignTop)
        self._shown = QStackedWidget()
        self._shown.addWidget(steps)
        self._shown.addWidget(banded)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._shown, 1)
        column.addWidget(self._where)
        column.addWidget(self.sum)

    def show_as_matrix(self, on: bool) -> None:
        """The matrix instead of the three grids."""
        self._shown.setCurrentIndex(int(on))

    def show_step(self, sliding: Sliding, step: int) -> None:
        """Mark the window of a step; outputs of later steps are still empty."""
        self._columns = sliding.shape[1]
        rows, columns = sliding.padded.shape
        (top, bottom), (left, right) = sliding.window.margins
        inside = {(row, column) for row in range(top, rows - bottom) for column in range(left, columns - right)}
        edge = {(row, column) for row in range(rows) for column in range(columns)} - inside
        here = divmod(step, sliding.shape[1])
        self.input.show_numbers(sliding.padded, sliding.cells(step), edge)
        self.weights.setVisible(sliding.window.operation == "convolution")
        self.weights.show_numbers(sliding.weights)
        self.output.show_numbers(sliding.output, {here}, known=step + 1)
        self.sum.set_text(sliding.written(step))
        self._where.setText(f"Place {step + 1} of {sliding.steps}, output row {here[0] + 1}, column {here[1] + 1}")
        if sliding.window.operation != "maximum":
            shares = sliding.shares()
            self.matrix.show_matrix(shares, sliding.matrix(), step)
            self.counts.set_text(counted(shares))


def counted(shares: NDArray[np.int64]) -> str:
    """Sparse interaction and shared weights, in figures."""
    used, distinct = int((shares > 0).sum()), len(set(shares[shares > 0].tolist()))
    return (
        f"dense: {shares.shape[0]}·{shares.shape[1]} weights = {count(shares.size)}\n"
        f"of them not 0 = {count(used)}\n"
        f"and different, as they are shared = {count(distinct)}"
    )
