"""What the network says about the sample of the Feature maps tab."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from netbuilder.ui.plots.bars import Bars
from netbuilder.ui.theme import Themes
from netbuilder.ui.widgets.labels import label


class AnswerSide(QWidget):
    """What is right (`label`), what the network says (`verdict`), and how sure it is of each class (`bars`)."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(168)
        self.label = label("", "heading")
        self.verdict = label("", "secondary")
        self.bars = Bars(themes)
        self.bars.setObjectName("feature_maps.prediction")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self.label, self.verdict, self.bars):
            column.addWidget(widget)
        column.addStretch(1)
