"""A complexity sweep as a chart, error over parameters with bands, and as a table of its sizes."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from PySide6.QtCore import QModelIndex, QObject, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from netbuilder.app.sweep_results import Findings, Point
from netbuilder.core import format as written
from netbuilder.ui.plots.chart_parts import Axis, Band, Content, Dots, Floats, Ink, Line, Mark, axis, colour
from netbuilder.ui.theme import Themes, mono_font
from netbuilder.ui.widgets.columns_model import ColumnsModel, Index

COLUMNS = ("Size", "Parameters", "Training", "Validation", "Verdict")
INKS: dict[str, Ink] = {"training": "accent", "validation": "warning"}
_VERDICTS: dict[str, Ink] = {"fits": "good", "underfits": "warning", "overfits": "error", "worse": "secondary"}


def drawn(found: Findings) -> Content | None:
    """Training and validation error of every size with one standard deviation on either side; nothing while none is known."""
    known = [point for point in found.points if point.known]
    if not known:
        return None
    x = across(found)
    low, high = _reach(known)
    room = 0.08 * (high - low or 1.0)
    bands, lines, dots = [], [], []
    for name in ("training", "validation"):
        means, deviations = _values(found, name)
        ink = INKS[name]
        bands.append(Band(x, means - deviations, means + deviations, ink))
        lines.append(Line(x, means, ink, 2.0 if name == "validation" else 1.4))
        dots.append(Dots(x, means, ink, 7.0 if name == "validation" else 5.0))
    marks: tuple[Mark, ...] = ()
    if found.best is not None:
        marks = (Mark(float(x[found.best]), f"best · {found.points[found.best].title}", "good"),)
    up = axis(max(0.0, low - room), high + room, _title(found))
    up = Axis(up.low, up.high, up.label, tuple((place, found.say(place)) for place, _text in up.ticks))
    return Content(_across(found, x), up, tuple(lines), tuple(dots), marks, bands=tuple(bands))


def across(found: Findings) -> Floats:
    """Where each size stands: at the logarithm of its parameters, or evenly spaced where those do not grow with it."""
    if grows(found):
        return np.log10([float(point.parameters) for point in found.points])
    return np.arange(len(found.points), dtype=float)


def grows(found: Findings) -> bool:
    """Whether every size has more parameters than the one before."""
    counts = [point.parameters for point in found.points]
    return all(a < b for a, b in pairwise(counts)) and counts[0] > 0


def told(found: Findings, number: int) -> list[tuple[str, Ink]]:
    """What the chip says of a size."""
    point = found.points[number]
    lines: list[tuple[str, Ink]] = [(f"{point.title} · {written.count(point.parameters)} parameters", "text")]
    lines += [(f"{name} {found.tell(getattr(point, name))}", INKS[name]) for name in ("training", "validation")]
    if point.note:
        lines.append((point.note, "secondary"))
    return lines


class SizesModel(ColumnsModel):
    """A row for each size."""

    columns, figures = COLUMNS, range(1, 4)

    def __init__(self, themes: Themes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self.found = Findings()

    def show_found(self, found: Findings) -> None:
        """Replace everything."""
        self.beginResetModel()
        self.found = found
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One for each size."""
        return 0 if parent.isValid() else len(self.found.points)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Figures in mono, the verdict in its colour."""
        point = self.found.points[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._cell(point, index)
            case Qt.ItemDataRole.TextAlignmentRole:
                return self.alignment(index.column())
            case Qt.ItemDataRole.FontRole if index.column() in self.figures:
                return mono_font(12)
            case Qt.ItemDataRole.ForegroundRole if index.column() == 4:
                ink = "good" if index.row() == self.found.best else _VERDICTS.get(point.state, "secondary")
                return QColor(colour(self._themes.current, ink))
            case Qt.ItemDataRole.ToolTipRole:
                return f"{point.note or point.title}\nDouble-click to open this network."
        return None

    def _cell(self, point: Point, index: Index) -> str:
        match index.column():
            case 0:
                return point.title
            case 1:
                return written.count(point.parameters)
            case 2 | 3:
                return self.found.tell(point.training if index.column() == 2 else point.validation)
        return self.found.verdict(index.row())


def sizes_table(model: SizesModel) -> QTableView:
    """A view of the sizes, of which one is chosen."""
    table = QTableView()
    table.setObjectName("sweep.table")
    table.setAccessibleName("Sizes")
    table.setModel(model)
    table.setShowGrid(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(26)
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.horizontalHeader().setStretchLastSection(True)
    return table


def _values(found: Findings, name: str) -> tuple[Floats, Floats]:
    figures = [getattr(point, name) for point in found.points]
    means = np.array([np.nan if each is None else each.mean for each in figures])
    return means, np.array([np.nan if each is None else each.deviation for each in figures])


def _reach(known: list[Point]) -> tuple[float, float]:
    """The lowest and the highest place of a band."""
    figures = [each for point in known for each in (point.training, point.validation) if each is not None]
    return min(each.mean - each.deviation for each in figures), max(each.mean + each.deviation for each in figures)


def _across(found: Findings, x: Floats) -> Axis:
    room = max(0.06 * float(x.max() - x.min()), 0.05)
    texts = [written.compact(point.parameters) if grows(found) else point.title for point in found.points]
    ticks = tuple((float(place), text) for place, text in zip(x, texts, strict=True))
    return Axis(float(x.min()) - room, float(x.max()) + room, "", ticks)


def _title(found: Findings) -> str:
    return f"{'wrong answers' if found.kind == 'error' else 'loss'} over {'parameters' if grows(found) else 'sizes'}"
