"""One sample of the data large, with its pixels as numbers where there is room, and the class of every pixel below it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from netbuilder.ui.plots.sample_view import SampleView
from netbuilder.ui.theme import Themes
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.segmented import Segmented

UNITS = (("bytes", "0…255"), ("unit", "0…1"))


class SampleCloser(QWidget):
    """`opened` asks for the sample as a tensor. Bytes are read as they are, or as shares of 255."""

    opened = Signal()

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(120)
        self.setMaximumWidth(228)
        self._caption: QLabel = label("", "heading", wrap=True)
        self.view, self.classes = SampleView(themes), SampleView(themes)
        self.units = Segmented(UNITS)
        self.units.setAccessibleName("Pixel values")
        self.units.explain({"bytes": "Pixel values as they are stored", "unit": "Pixel values as shares of 255"})
        self.units.chosen.connect(lambda key: self.view.show_unit(key == "unit"))
        self.view.opened.connect(self.opened)
        self.classes.setObjectName("data.mask")
        self.classes.setToolTip("The class of every pixel")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._caption)
        column.addWidget(self.view, 1)
        column.addWidget(self.classes, 1)
        column.addWidget(self.units, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_sample("", None)

    def show_sample(self, caption: str, sample: NDArray[Any] | None, classes: NDArray[Any] | None = None) -> None:
        """Show a stored sample, and a picture of its pixels' classes if they have any."""
        self._caption.setText(caption)
        self.view.show_sample(sample)
        self.units.setVisible(sample is not None and sample.dtype == np.uint8)
        self.classes.setVisible(classes is not None)
        self.classes.show_sample(classes)
