"""Several trainings in a row: in how many folds, or how many members an ensemble has."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QDialogButtonBox, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from netbuilder.app.series_plan import Plan
from netbuilder.core import format as written
from netbuilder.core.errors import NetbuilderError
from netbuilder.ui.context import UiContext
from netbuilder.ui.widgets.dialog import Dialog
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.segmented import Segmented

KINDS = (("folds", "Cross-validation"), ("ensemble", "Ensemble"))
WORDS = {
    "folds": "The training samples are cut into folds. Each fold is held out once while the others teach, so that every sample "
    "judges a network that has not seen it. The Runs tab shows mean ± standard deviation; the test part is not touched.",
    "ensemble": "The same network is trained several times from different initial weights. The members answer together, with the mean of "
    "their probabilities, which is usually right more often than any of them alone.",
}


class SeriesDialog(Dialog):
    """`plan` is what was chosen; accepting starts it."""

    def __init__(self, context: UiContext, kind: str = "folds", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.series")
        self.setWindowTitle("Train several times")
        self.setModal(True)
        self._context = context
        self._build()
        self._kinds.choose(kind)
        self._show()
        self._count.setFocus()

    @property
    def plan(self) -> Plan:
        """What is to be trained."""
        if self._kinds.current == "ensemble":
            return Plan("ensemble", self._count.value())
        return Plan("folds", 0 if self._one.isChecked() else self._count.value(), self._stratified.isChecked(), self._grouped.isChecked())

    def accept(self) -> None:
        """Start, or say why that cannot be."""
        try:
            self.plan.check(self._context.session.dataset())
            self._context.session.runner.start(plan=self.plan)
        except NetbuilderError as error:
            self._problem.setText(str(error))
            self._problem.show()
        else:
            super().accept()

    def _show(self) -> None:
        folds = self._kinds.current == "folds"
        dataset = self._context.session.dataset()
        groups = dataset.train.groups if dataset is not None else None
        self._words.setText(WORDS[self._kinds.current])
        self._unit.setText("folds" if folds else "members")
        for box in (self._one, self._stratified, self._grouped):
            box.setVisible(folds)
        self._grouped.setEnabled(groups is not None or dataset is None)
        self._count.setEnabled(not (folds and self._one.isChecked()))
        self._stratified.setEnabled(not (self._one.isChecked() or self._grouped.isChecked()))
        self._times.setText(self._how_many())
        self._problem.hide()

    def _how_many(self) -> str:
        """How many trainings there will be."""
        dataset, plan = self._context.session.dataset(), self.plan
        if plan.count:
            return f"{plan.count} trainings, one after another."
        if dataset is None:
            return "One training for each sample."
        total = len(dataset.train) + len(dataset.validation)
        return "One training for each group." if plan.grouped else f"{written.count(total)} trainings, one for each sample."

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        self._kinds = Segmented(KINDS, self)
        self._kinds.chosen.connect(lambda _key: self._show())
        self._words = label("", "secondary", self, wrap=True)
        self._words.setMinimumWidth(420)
        self._words.setMinimumHeight(72)
        self._count = QSpinBox(self)
        self._count.setObjectName("series.count")
        self._count.setAccessibleName("number of trainings")
        self._count.setRange(2, 100)
        self._count.setValue(5)
        self._count.setFixedWidth(76)
        self._count.valueChanged.connect(lambda _value: self._show())
        self._unit = label("", "label", self)
        self._one = self._box("one", "Leave out one at a time")
        self._stratified = self._box("stratified", "Keep the share of every class in every fold", on=True)
        self._grouped = self._box("grouped", "Keep all samples of a group in one fold")
        self._grouped.setToolTip("No patient is in two folds. Needs a data set that names groups.")
        self._times = label("", "mono", self)
        self._problem = label("", "error", self, wrap=True)
        row = QHBoxLayout()
        row.addWidget(self._count)
        row.addWidget(self._unit)
        row.addStretch(1)
        top = QHBoxLayout()
        top.addWidget(self._kinds)
        top.addStretch(1)
        column.addLayout(top)
        column.addWidget(self._words)
        column.addLayout(row)
        for part in (self._one, self._stratified, self._grouped, self._times, self._problem):
            column.addWidget(part)
        column.addWidget(self._buttons())

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        start = buttons.addButton("Start", QDialogButtonBox.ButtonRole.AcceptRole)
        start.setObjectName("series.start")
        start.setProperty("kind", "primary")
        start.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        return buttons

    def _box(self, name: str, text: str, *, on: bool = False) -> QCheckBox:
        box = QCheckBox(text, self)
        box.setObjectName(f"series.{name}")
        box.setChecked(on)
        box.toggled.connect(lambda _on: self._show())
        return box
