"""The pages of the Results tab: figures per class, curves over thresholds, and values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QSlider,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from netbuilder.app.looking import Outcome
from netbuilder.train.evaluation import scoring
from netbuilder.train.evaluation.scoring import Tradeoff
from netbuilder.ui.panels.chooser import Choice, Chooser
from netbuilder.ui.plots.chart import Chart
from netbuilder.ui.plots.chart_parts import Content, Dots, Ink, Line, axis
from netbuilder.ui.theme import Themes, mono_font
from netbuilder.ui.widgets.facts import Facts

PAGES = (("matrix", "Matrix"), ("classes", "Per class"), ("curves", "ROC"), ("samples", "Mistakes"))
TIPS = {
    "matrix": "Which class was taken for which",
    "curves": "ROC and precision–recall over all thresholds",
    "samples": "Wrong answers, the surest first",
}
COLUMNS = ("Class", "Sensitivity", "Specificity", "Precision", "F1", "AUC", "Samples")
STEPS = 1000


class ClassTable(QTableWidget):
    """One row for each class. `chosen` carries the class of the row that is entered."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(COLUMNS), parent)
        self.setObjectName("results.classes")
        self.setAccessibleName("Results by class")
        for column, name in enumerate(COLUMNS):
            title = QTableWidgetItem(name)
            title.setTextAlignment((Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(column, title)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(22)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(44)
        self.setToolTip("Sensitivity (recall): share of the class that is found. Specificity: share of the others that is left alone.")
        self.currentCellChanged.connect(lambda row, *_: self.chosen.emit(row) if row >= 0 else None)

    def show_outcome(self, outcome: Outcome, names: Sequence[str], curves: Sequence[Tradeoff]) -> None:
        """Fill in the figures, with their mean over classes in the last row."""
        said, positives = outcome.answers.said, outcome.answers.positives
        found = [scoring.counts(said[:, n], positives[:, n]) for n in range(len(names))]
        rows = [[c.sensitivity, c.specificity, c.precision, c.f1, curve.area] for c, curve in zip(found, curves, strict=True)]
        self.setRowCount(len(rows) + 1)
        for number, (name, row, each) in enumerate(zip(names, rows, found, strict=True)):
            self._fill(number, name, row, each.support)
        means = [
            float(np.mean(known)) if (known := [v for v in column if np.isfinite(v)]) else float("nan")
            for column in zip(*rows, strict=True)
        ]
        self._fill(len(rows), "mean", means, sum(each.support for each in found))

    def _fill(self, row: int, name: str, values: Sequence[float], support: int) -> None:
        texts = [name, *("–" if not np.isfinite(value) else f"{value:.4f}" for value in values), f"{support:,}"]
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            if column:
                item.setFont(mono_font(12))
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.setItem(row, column, item)


class CurvesPage(QWidget):
    """ROC and precision–recall of every class, one of them strong, with a threshold that moves along both."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outcome: Outcome | None = None
        self._names: Sequence[str] = ()
        self._curves: tuple[Sequence[Tradeoff], Sequence[Tradeoff]] = ((), ())
        self._macro: Tradeoff | None = None
        self.roc, self.trade = Chart(themes), Chart(themes)
        self.roc.setAccessibleName("ROC curve")
        self.trade.setAccessibleName("Precision–recall curve")
        self.roc.describe = lambda x, y: self._describe(0, x, y)
        self.trade.describe = lambda x, y: self._describe(1, x, y)
        self.chooser = Chooser()
        self.chooser.setObjectName("results.class")
        self.chooser.setAccessibleName("Class whose curves are strong")
        self.chooser.chosen.connect(lambda _key: self._draw())
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("results.threshold")
        self.slider.setAccessibleName("Threshold")
        self.slider.setRange(0, STEPS)
        self.slider.setValue(STEPS // 2)
        self.slider.valueChanged.connect(lambda _value: self._draw())
        keys = ("threshold", "sensitivity", "specificity", "precision", "f1", "auc", "macro")
        titles = ("Threshold", "Sensitivity", "Specificity", "Precision", "F1", "AUC", "AUC, mean of classes")
        self.facts = Facts(dict(zip(keys, titles, strict=True)))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.roc, 1)
        row.addWidget(self.trade, 1)
        side = QVBoxLayout()
        side.setSpacing(4)
        for part in (self.chooser, self.slider, self.facts):
            part.setFixedWidth(176)
            side.addWidget(part)
        side.addStretch(1)
        row.addLayout(side)

    @property
    def threshold(self) -> float:
        """The probability from which on the network is taken to say the class."""
        return self.slider.value() / STEPS

    def show_outcome(self, outcome: Outcome, names: Sequence[str], curves: Sequence[Tradeoff]) -> None:
        """Show the curves of these classes."""
        self._outcome, self._names = outcome, names
        answers = outcome.answers
        trades = [scoring.precision_recall(answers.outputs[:, n], answers.positives[:, n]) for n in range(len(names))]
        self._curves, self._macro = (curves, trades), scoring.macro(list(curves))
        if [self.chooser.itemText(n) for n in range(self.chooser.count())] != list(names):
            self.chooser.offer(Choice(str(n), name) for n, name in enumerate(names))
        self._draw()

    def choose(self, number: int) -> None:
        """Make a class the strong one."""
        if number < len(self._names):
            self.chooser.choose(str(number))
            self._draw()

    def _draw(self) -> None:
        if self._outcome is None or not self.chooser.key:
            return
        number, answers = int(self.chooser.key), self._outcome.answers
        found = scoring.counts(answers.outputs[:, number] >= self.threshold, answers.positives[:, number])
        at = ((1 - found.specificity, found.sensitivity), (found.sensitivity, found.precision))
        labels = (("1 − specificity", "sensitivity"), ("recall (sensitivity)", "precision"))
        for chart, curves, place, (across, up) in zip((self.roc, self.trade), self._curves, at, labels, strict=True):
            others = [Line(c.x, c.y, "line", 1.2) for n, c in enumerate(curves) if n != number]
            guide = [Line(np.array([0.0, 1.0]), np.array([0.0, 1.0]), "faint", 1.0, dashed=True)] if chart is self.roc else []
            if chart is self.roc and self._macro is not None:
                guide.append(Line(self._macro.x, self._macro.y, "secondary", 1.2, dashed=True))
            strong = Line(curves[number].x, curves[number].y, "accent", 2.0, filled=True)
            dot = Dots(np.array([place[0]]), np.array([place[1]]), "warning", 9.0, edge="panel")
            chart.show_content(Content(axis(0, 1, across), axis(0, 1, up), (*others, *guide, strong), (dot,)))
        self._tell(found, self._curves[0][number].area)

    def _tell(self, found: scoring.Counts, area: float) -> None:
        for key in ("sensitivity", "specificity", "precision", "f1"):
            self.facts.set(key, _share(getattr(found, key)))
        self.facts.set("threshold", f"{self.threshold:.3f}")
        self.facts.set("auc", _share(area))
        self.facts.set("macro", _share(self._macro.area) if self._macro is not None else "–")

    def _describe(self, which: int, x: float, y: float) -> list[tuple[str, Ink]]:
        """The nearest point of the nearest curve."""
        chart = (self.roc, self.trade)[which]
        strong = int(self.chooser.key or 0)
        for number in (strong, *(n for n in range(len(self._names)) if n != strong)):
            curve = self._curves[which][number]
            near = chart.nearest(curve.x, curve.y, (x, y))
            if near is not None:
                ends = ("specificity", 1 - curve.x[near]) if which == 0 else ("recall", curve.x[near])
                return [
                    (self._names[number], "text"),
                    (f"from {min(float(curve.thresholds[near]), 1.0):.3f}", "secondary"),
                    (f"{ends[0]} {ends[1]:.4f}", "secondary"),
                    (f"{'sensitivity' if which == 0 else 'precision'} {curve.y[near]:.4f}", "secondary"),
                ]
        return []


class ValuesPage(QWidget):
    """Predicted over true values, with the errors in figures."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chart = Chart(themes)
        self.chart.setAccessibleName("Predicted over true values")
        self.chart.describe = self._describe
        self.facts = Facts({"mae": "Mean |error|", "rmse": "Root mean squared", "r2": "R²", "samples": "Samples"})
        self.facts.setFixedWidth(200)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.chart, 1)
        row.addWidget(self.facts, 0, Qt.AlignmentFlag.AlignTop)
        self._shown = (np.zeros(0), np.zeros(0))

    def show_outcome(self, outcome: Outcome) -> None:
        """Show all values; of very many, evenly spaced ones."""
        answers = outcome.answers
        targets, outputs = answers.targets.ravel(), answers.outputs.ravel()
        every = max(1, len(targets) // 4000)
        self._shown = (targets[::every], outputs[::every])
        low, high = float(min(targets.min(), outputs.min())), float(max(targets.max(), outputs.max()))
        ends = np.array([low, high])
        room = 0.04 * (high - low)
        content = Content(
            axis(low - room, high + room, "true"),
            axis(low - room, high + room, "predicted"),
            (Line(ends, ends, "faint", 1.0, dashed=True),),
            (Dots(*self._shown, "accent", 4.0),),
        )
        self.chart.show_content(content)
        self.facts.set("mae", f"{scoring.mean_absolute_error(answers.targets, answers.outputs):.4g}")
        self.facts.set("rmse", f"{float(np.sqrt(((answers.outputs - answers.targets) ** 2).mean())):.4g}")
        self.facts.set("r2", _share(scoring.r_squared(answers.targets, answers.outputs)))
        self.facts.set("samples", f"{len(answers.places):,}")

    def _describe(self, x: float, y: float) -> list[tuple[str, Ink]]:
        near = self.chart.nearest(*self._shown, (x, y))
        if near is None:
            return []
        true, said = self._shown[0][near], self._shown[1][near]
        return [(f"true {true:.4g}", "text"), (f"predicted {said:.4g}", "text"), (f"error {said - true:+.3g}", "secondary")]


def _share(value: float) -> str:
    return f"{value:.4f}" if np.isfinite(value) else "–"
