"""The table of runs as Qt sees it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from netbuilder.core import format as written
from netbuilder.ui.icons import icon
from netbuilder.ui.panels.runs.reader import Row
from netbuilder.ui.theme import mono_font
from netbuilder.ui.widgets.columns_model import ColumnsModel, Index

COLUMNS = ("Name", "State", "Accuracy", "Epochs", "Parameters", "Time", "Started")
STATES = {
    "done": "finished",
    "early stopping": "stopped early",
    "stopped": "stopped",
    "edited": "edited",
    "diverged": "diverged",
    "failed": "failed",
    "running": "training…",
    "interrupted": "interrupted",
    "loaded": "weights only",
    "unreadable": "unreadable",
}
MANY = 10
"""A series of more runs than this is folded at first."""
INDENT = "\u2003\u2002"


class RunsModel(ColumnsModel):
    """Rows keep their place while figures change; names can be edited, which `renamer` carries out."""

    columns, figures = COLUMNS, range(2, 6)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()
        self._all: tuple[Row, ...] = ()
        self._folded: dict[Path, bool] = {}
        self._colours: dict[Path, QColor] = {}

    @property
    def rows(self) -> tuple[Row, ...]:
        """All runs, as shown."""
        return self._rows

    def show_rows(self, rows: Sequence[Row]) -> bool:
        """Show these runs; whether the set of runs changed (then the selection must be made again)."""
        self._all = tuple(rows)
        for row in rows:
            self._folded.setdefault(row.folder, row.members > MANY)
        fresh = tuple(row for row in rows if row.parent is None or not self._folded.get(row.parent, False))
        if fresh == self._rows:
            return False
        if [row.folder for row in fresh] == [row.folder for row in self._rows]:
            self._rows = fresh
            self.dataChanged.emit(self.index(0, 0), self.index(len(fresh) - 1, len(COLUMNS) - 1))
            return False
        self.beginResetModel()
        self._rows = fresh
        self.endResetModel()
        return True

    def fold(self, folder: Path) -> bool:
        """Show or hide the runs of a series; whether the set of runs changed."""
        self._folded[folder] = not self._folded.get(folder, False)
        return self.show_rows(self._all)

    def place(self, folder: Path) -> int:
        """The number of a run's row; -1 for one that is not listed."""
        return next((number for number, row in enumerate(self._rows) if row.folder == folder), -1)

    def members(self, folder: Path) -> list[Path]:
        """The folders of a series' runs, shown or not; a run is its own only member."""
        return [row.folder for row in self._all if row.parent == folder] or [folder]

    def show_colours(self, colours: dict[Path, QColor]) -> None:
        """Mark compared runs with the colour of their curves."""
        self._colours = colours
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, 0), [Qt.ItemDataRole.DecorationRole])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One for each run."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, alignment, font, colour mark and tip of a cell."""
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _cell(row, index.column())
            case Qt.ItemDataRole.TextAlignmentRole:
                return self.alignment(index.column())
            case Qt.ItemDataRole.FontRole if 2 <= index.column() <= 6:
                return mono_font(12)
            case Qt.ItemDataRole.DecorationRole if index.column() == 0 and row.series:
                return icon("chevron-right" if self._folded.get(row.folder) else "chevron-down", None, 12)
            case Qt.ItemDataRole.DecorationRole if index.column() == 0 and row.folder in self._colours:
                return _dot(self._colours[row.folder])
            case Qt.ItemDataRole.ToolTipRole:
                return _tip(row)
        return None


def _cell(row: Row, column: int) -> str:
    match column:
        case 0:
            return row.name if row.parent is None else f"{INDENT}{row.name}"
        case 1:
            return STATES.get(row.status, row.status)
        case 2:
            return _accuracy(row)
        case 3:
            return str(row.epochs)
        case 4:
            return "–" if row.parameters is None else written.count(row.parameters)
        case 5:
            return written.duration(row.seconds)
    return f"{row.created:%d %b %H:%M}" if row.created else "–"


def _accuracy(row: Row) -> str:
    if row.best_accuracy is None:
        return "–"
    return f"{row.best_accuracy:.4f}" if row.deviation is None else f"{row.best_accuracy:.3f} ± {row.deviation:.3f}"


def _tip(row: Row) -> str:
    """Everything that has no column of its own, or may have lost it."""
    parameters = "" if row.parameters is None else f"{written.count(row.parameters)} parameters, "
    best = "" if row.best_epoch is None else f", best epoch {row.best_epoch}"
    if row.sweep:
        best = f"\n{row.members} runs of several sizes: accuracy of the best size. Double-click to fold."
    elif row.series:
        best = f"\n{row.members} runs: mean ± standard deviation of the accuracy at each one's best epoch. Double-click to fold."
    return f"{row.name}\n{parameters}{written.duration(row.seconds)} of training{best}\n{_cell(row, 6)} · {row.folder}"


def _dot(colour: QColor) -> QIcon:
    """A dot of exactly the curve's colour, in selected rows too."""
    pixmap = QPixmap(20, 20)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(QRectF(1, 1, 8, 8))
    painter.end()
    dot = QIcon(pixmap)
    dot.addPixmap(pixmap, QIcon.Mode.Selected)
    return dot
