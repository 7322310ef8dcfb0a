"""What the Results tab shows of answers: the matrix beside one of its pages, or in a narrow panel as a page like the others."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QWidget

from netbuilder.app.looking import Outcome
from netbuilder.train.evaluation import scoring
from netbuilder.ui.panels.results.pages import PAGES, TIPS, ClassTable, CurvesPage, ValuesPage
from netbuilder.ui.panels.results.samples import SamplesPage
from netbuilder.ui.plots.matrix import Matrix
from netbuilder.ui.theme import Themes
from netbuilder.ui.widgets.segmented import Segmented


class ResultsBody(QWidget):
    """Matrix and pages of one outcome; `pages` chooses among them and stands wherever the panel puts it."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outcome: Outcome | None = None
        self.narrow = False
        """Whether the matrix is a page like the others."""
        self._names: tuple[str, ...] = ()
        self.pages = Segmented(PAGES)
        self.pages.setObjectName("results.pages")
        self.pages.chosen.connect(self.choose)
        self.pages.explain(TIPS)
        self.pages.show_option("matrix", False)
        self.pages.choose("classes")
        self._build(themes)

    @property
    def outcome(self) -> Outcome | None:
        """What is shown."""
        return self._outcome

    def show_outcome(self, outcome: Outcome) -> None:
        """Show these answers."""
        self._outcome = outcome
        by_class = outcome.answers.kind != "values"
        if not self.narrow:
            self.matrix.setVisible(outcome.answers.kind == "classes")
        self.pages.setVisible(by_class)
        if by_class:
            self._shown.setCurrentWidget(self._page(self.pages.current))
            self._show_classes(outcome)
        else:
            self._shown.setCurrentWidget(self.values)
            self.values.show_outcome(outcome)

    def choose(self, key: str) -> None:
        """Turn to a page; “samples” by name is about the surest mistakes, not about a cell."""
        if key == "samples" and self.matrix.selected is not None:
            self.matrix.selected = None
            self.matrix.update()
            self._show_samples()
        self._shown.setCurrentWidget(self._page(key))

    def arrange(self, narrow: bool) -> None:
        """The matrix beside the pages, or one of them."""
        self.narrow = narrow
        self.pages.show_option("matrix", narrow)
        if narrow:
            self._shown.insertWidget(0, self.matrix)
            return
        if self.pages.current == "matrix":
            self.pages.choose("classes")
            self._shown.setCurrentWidget(self.classes)
        self._row.insertWidget(0, self.matrix, 5)
        self.matrix.setVisible(self._outcome is None or self._outcome.answers.kind == "classes")

    def _show_classes(self, outcome: Outcome) -> None:
        answers, count = outcome.answers, outcome.answers.outputs.shape[1]
        self._names = tuple(outcome.classes[n] if n < len(outcome.classes) else str(n) for n in range(count))
        curves = [scoring.roc(answers.outputs[:, n], answers.positives[:, n]) for n in range(count)]
        if answers.kind == "classes":
            self.matrix.show_counts(scoring.confusion(answers.targets, answers.predicted, count), self._names)
        self.classes.show_outcome(outcome, self._names, curves)
        self.curves.show_outcome(outcome, self._names, curves)
        self._show_samples()

    def _show_samples(self) -> None:
        """The samples of the chosen cell, or the surest mistakes."""
        outcome, cell = self._outcome, self.matrix.selected
        if outcome is None or outcome.answers.kind != "classes":
            if outcome is not None:
                self.samples.show_rows(outcome, np.zeros(0, np.int64), (), "Samples are shown where each has one class.")
            return
        answers = outcome.answers
        if cell is None:
            rows = answers.mistakes()
            title, empty = "Wrong answers, the surest first: true → predicted, probability", "Every answer is right."
        else:
            rows = np.flatnonzero((answers.targets == cell[0]) & (answers.predicted == cell[1]))
            rows = rows[np.argsort(-answers.outputs[rows].max(1), kind="stable")]
            true, said = self._names[cell[0]], self._names[cell[1]]
            title, empty = (
                f"{true} taken for {said}: {len(rows):,}" if true != said else f"{true}, rightly: {len(rows):,}",
                "No sample here.",
            )
        self.samples.show_rows(outcome, rows, self._names, title if len(rows) else empty)

    def _choose_cell(self, _row: int, _column: int) -> None:
        self._show_samples()
        self.pages.choose("samples")
        self._shown.setCurrentWidget(self.samples)

    def _page(self, key: str) -> QWidget:
        return {"matrix": self.matrix, "classes": self.classes, "curves": self.curves, "samples": self.samples}[key]

    def _build(self, themes: Themes) -> None:
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20)
        self.matrix = Matrix(themes)
        self.matrix.setObjectName("results.matrix")
        self.matrix.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.matrix.picked.connect(self._choose_cell)
        self.classes, self.curves = ClassTable(), CurvesPage(themes)
        self.samples, self.values = SamplesPage(themes), ValuesPage(themes)
        self.classes.chosen.connect(self.curves.choose)
        self._shown = QStackedWidget()
        for page in (self.classes, self.curves, self.samples, self.values):
            self._shown.addWidget(page)
        row.addWidget(self.matrix, 5)
        row.addWidget(self._shown, 11)
