"""A slice of a tensor to look at: as a picture, as a curve where it is one row, as a table of numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QTableView, QVBoxLayout, QWidget

from netbuilder.probe.slices import Cut
from netbuilder.ui.plots.chart import Chart
from netbuilder.ui.plots.chart_parts import Content, Dots, Ink, Line, axis
from netbuilder.ui.plots.slice_colours import ColourBar, Range, Scale, range_of
from netbuilder.ui.plots.slice_view import SliceView
from netbuilder.ui.theme import Themes, mono_font
from netbuilder.ui.widgets.flow_row import FlowRow
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.segmented import Segmented

MOST_ROWS, MOST_COLUMNS = 10_000, 1_000
POINTS, DOTTED = 2_000, 60
"""Points of a curve; above them the smallest and the largest of equal pieces are drawn. Few points are dots, too."""
Index = QModelIndex | QPersistentModelIndex


class Cells(QAbstractTableModel):
    """The numbers of a slice; of very many rows and columns the first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._values: NDArray[Any] = np.zeros((0, 0))
        self._font = mono_font(11)

    def show_values(self, values: NDArray[Any]) -> None:
        """Show these (rows, columns)."""
        if values.shape == self._values.shape and values.size:
            self._values = values
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))
            return
        self.beginResetModel()
        self._values = values
        self.endResetModel()

    @property
    def cut_off(self) -> bool:
        """Whether there are more than are listed."""
        return bool(self._values.shape[0] > MOST_ROWS or self._values.shape[1] > MOST_COLUMNS)

    def rowCount(self, parent: Index | None = None) -> int:
        """Rows that are listed."""
        return 0 if parent is not None and parent.isValid() else min(self._values.shape[0], MOST_ROWS)

    def columnCount(self, parent: Index | None = None) -> int:
        """Columns that are listed."""
        return 0 if parent is not None and parent.isValid() else min(self._values.shape[1], MOST_COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The number, to six digits."""
        if role == Qt.ItemDataRole.DisplayRole:
            value = self._values[index.row(), index.column()].item()
            return str(value) if isinstance(value, int) else f"{value:.6g}".replace("-", "−")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return self._font if role == Qt.ItemDataRole.FontRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The places on the two axes."""
        return str(section) if role == Qt.ItemDataRole.DisplayRole else None


class TensorStage(QWidget):
    """Picture, curve or numbers of one slice, and how it is coloured."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: NDArray[Any] = np.zeros((0, 0))
        self._cut = Cut()
        self._whole: Range | None = None
        self.picture, self.curve, self.cells = SliceView(themes), Chart(themes), Cells(self)
        self.curve.setObjectName("tensor.curve")
        self.curve.setAccessibleName("Slice of the tensor as a curve")
        self.curve.describe = self._point
        self.table = QTableView()
        self.table.setObjectName("tensor.table")
        self.table.setAccessibleName("Numbers of the slice")
        self.table.setModel(self.cells)
        self.table.horizontalHeader().setDefaultSectionSize(112)
        self.table.verticalHeader().setDefaultSectionSize(26)
        self.pages = Segmented((("picture", "Picture"), ("curve", "Curve"), ("numbers", "Numbers")))
        self.pages.chosen.connect(lambda _key: self._show())
        self.colours = Segmented((("auto", "Auto"), ("diverging", "Around 0"), ("grey", "Grey")))
        self.scope = Segmented((("slice", "This slice"), ("tensor", "Whole tensor")))
        self.colours.explain({"auto": "Two colours around 0 where there are negative numbers, else greys"})
        self.scope.explain({"slice": "Colours reach from the smallest to the largest number of this slice"})
        for choice in (self.colours, self.scope):
            choice.chosen.connect(lambda _key: self._show())
        self.bar = ColourBar(themes)
        self.caption: QLabel = label("", "secondary")
        self._stack = QStackedWidget()
        for page in (self.picture, self.curve, self.table):
            self._stack.addWidget(page)
        self._build()

    def show_slice(self, values: NDArray[Any], where: Cut, whole: Range | None) -> None:
        """Show (rows, columns) numbers cut out of a tensor that reaches from one number to another, if that is known."""
        self._values, self._cut, self._whole = values, where, whole
        row = 1 in values.shape and values.size > 1
        self.pages.show_option("curve", row)
        if self.pages.current == "curve" and not row:
            self.pages.choose("picture")
        self._show()

    def _show(self) -> None:
        page = self.pages.current
        self._stack.setCurrentIndex(("picture", "curve", "numbers").index(page))
        for part in (*self._colouring, self.bar):
            part.setVisible(page == "picture")
        self.caption.setText("")
        if page == "curve":
            self._show_curve()
        elif page == "numbers":
            self.cells.show_values(self._values)
            if self.cells.cut_off:
                rows, columns = self._values.shape
                listed = f"{self.cells.rowCount():,}×{self.cells.columnCount():,}"
                self.caption.setText(f"The first {listed} of {rows:,}×{columns:,} numbers are listed.")
        else:
            self._show_picture()

    def _show_picture(self) -> None:
        limits = self._whole if self.scope.current == "tensor" and self._whole is not None else range_of(self._values)
        chosen = self.colours.current
        scale: Scale = "grey" if chosen == "grey" or (chosen == "auto" and limits[0] >= 0) else "diverging"
        self.picture.show_slice(self._values, self._cut, limits, scale)
        self.bar.show_range(limits, scale)
        if min(self.picture.cell_size) < 1:
            self.caption.setText("More numbers than pixels: some are left out until you zoom in.")

    def _show_curve(self) -> None:
        y = np.asarray(self._values, np.float64).ravel()
        x, known = np.arange(len(y), dtype=np.float64), y[np.isfinite(y)]
        low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
        room = 0.05 * (high - low)
        shown = Line(*_envelope(x, y)) if len(y) > POINTS else Line(x, y)
        dots = (Dots(x, y),) if len(y) <= DOTTED else ()
        self.curve.show_content(Content(axis(0, max(1, len(y) - 1), "index"), axis(low - room, high + room), (shown,), dots))

    def _point(self, x: float, _y: float) -> list[tuple[str, Ink]]:
        at = min(max(round(x), 0), self._values.size - 1)
        row, column = (0, at) if self._values.shape[0] == 1 else (at, 0)
        index, value = self._cut.index(row, column), self._values[row, column].item()
        return [(str(list(index)), "secondary"), (f"{value:.7g}".replace("-", "−"), "text")]

    def _build(self) -> None:
        self._colouring = (_titled("colours", self.colours), _titled("scale", self.scope))
        head = FlowRow()
        for part in (self.pages, *self._colouring):
            head.add(part)
        foot = QHBoxLayout()
        foot.addWidget(self.caption, 1)
        foot.addWidget(self.bar)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(head)
        column.addWidget(self._stack, 1)
        column.addLayout(foot)


def _titled(title: str, choice: Segmented) -> QWidget:
    """A choice behind its title."""
    group = QWidget()
    row = QHBoxLayout(group)
    row.setContentsMargins(8, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(label(title, "label"))
    row.addWidget(choice)
    return group


def _envelope(x: NDArray[Any], y: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """The smallest and the largest of each of `POINTS / 2` pieces, in turn."""
    pieces = POINTS // 2
    starts = np.linspace(0, len(y), pieces, endpoint=False).astype(np.intp)
    low, high = np.fmin.reduceat(y, starts), np.fmax.reduceat(y, starts)
    return np.repeat(x[starts], 2), np.stack([low, high], 1).ravel()
