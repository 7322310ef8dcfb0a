"""What the Data tab says of the loaded data: its facts in words, and how many samples each class has."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from netbuilder.data.dataset import Dataset
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.data.column import scrolled_column
from netbuilder.ui.panels.data.facts import class_balance, facts
from netbuilder.ui.plots.bars import Bars
from netbuilder.ui.widgets.labels import label


class FactsSide(QWidget):
    """Empty while nothing is loaded."""

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self._facts: QLabel = label("", "secondary", wrap=True, selectable=True)
        self._facts.setObjectName("data.facts")
        self._title = label("", "heading", wrap=True)
        self.balance = Bars(context.themes)
        scroll = scrolled_column("Facts about the data", self._facts, self._title, self.balance)
        scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        scroll.setMinimumWidth(176)
        self.setMaximumWidth(236)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll)

    def show_data(self, dataset: Dataset | None) -> None:
        """Describe this data, or nothing."""
        self._facts.setText("" if dataset is None else facts(dataset))
        found = [] if dataset is None else class_balance(dataset)
        self.balance.show_bars(found)
        self.balance.setVisible(bool(found))
        self._title.setVisible(bool(found))
        maps = dataset is not None and dataset.train.targets.ndim > 1
        self._title.setText("Share of the pixels of each class" if maps else "Samples of each class in the training part")
