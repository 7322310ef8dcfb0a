"""The sample of the Feature maps tab: which one, moved by how many pixels, in evaluation or in training mode."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QToolButton, QVBoxLayout, QWidget

from netbuilder.net.passing import COMPANY, Passing
from netbuilder.ui.context import UiContext
from netbuilder.ui.icons import icon
from netbuilder.ui.panels.feature_maps.sample_picker import SamplePicker
from netbuilder.ui.plots.sample_view import SampleView
from netbuilder.ui.theme import Themes
from netbuilder.ui.widgets.segmented import Segmented

TIPS = {
    "evaluation": "As the network is used: dropout passes everything on, batch normalisation takes its running statistics",
    "training": f"As while it learns: dropout drops units, batch normalisation takes the statistics of a batch of {COMPANY}, "
    "this sample and those after it. The network stays as it is",
}


class ShiftForm(QWidget):
    """Pixels to the right and down; emits `moved` when they change. Hidden for samples that are no pictures."""

    moved = Signal()

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._right = self._field("x", "Pixels by which the sample is moved to the right")
        self._down = self._field("y", "Pixels by which the sample is moved down")
        self._back = QToolButton()
        self._back.setObjectName("shift.reset")
        self._back.setToolTip("Put the sample back")
        self._back.setAccessibleName("Put the sample back")
        self._back.setIconSize(QSize(14, 14))
        self._back.setFixedSize(24, 26)
        self._back.clicked.connect(self.reset)
        row.addWidget(self._right, 1)
        row.addWidget(self._down, 1)
        row.addWidget(self._back)
        themes.changed.connect(self._refresh)
        self._refresh()

    @property
    def pixels(self) -> tuple[int, int]:
        """To the right and down."""
        return self._right.value(), self._down.value()

    def offer(self, shape: Sequence[int]) -> None:
        """Samples of this shape are shown: pictures (C, H, W) can be moved until their edge is all there is."""
        pictured = len(shape) == 3 and min(shape[1:]) > 1
        for field, side in zip((self._right, self._down), (shape[2], shape[1]) if pictured else (1, 1), strict=True):
            field.setRange(1 - side, side - 1)
        self.setVisible(pictured)

    def reset(self) -> None:
        """Back to where it was."""
        for field in (self._right, self._down):
            field.setValue(0)

    def _field(self, axis: str, name: str) -> QSpinBox:
        field = QSpinBox()
        field.setObjectName(f"shift.{axis}")
        field.setPrefix(f"{axis} ")
        field.setToolTip(name)
        field.setAccessibleName(name)
        field.setFixedHeight(26)
        field.setRange(0, 0)
        field.valueChanged.connect(self._announce)
        return field

    def _announce(self) -> None:
        self._refresh()
        self.moved.emit()

    def _refresh(self) -> None:
        self._back.setEnabled(self.pixels != (0, 0))
        self._back.setIcon(icon("undo-2", self._themes.current.secondary, 14))


class SampleSide(QWidget):
    """The chosen sample as it passes the network. Emits `picked` for another sample, `passed` when it is to pass otherwise."""

    picked = Signal()
    passed = Signal()

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(192)
        self.picker = SamplePicker(context)
        self.picker.picked.connect(lambda _index: self.picked.emit())
        self._shift = ShiftForm(context.themes)
        self._shift.moved.connect(self.passed)
        self._mode = Segmented((mode, mode) for mode in TIPS)
        self._mode.setObjectName("feature_maps.mode")
        self._mode.explain(TIPS)
        self._mode.chosen.connect(lambda _key: self.passed.emit())
        self._view = SampleView(context.themes)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.picker)
        column.addWidget(self._shift)
        column.addWidget(self._mode, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._view, 1)

    @property
    def passing(self) -> Passing:
        """How the sample is moved, and the mode in which it passes."""
        return Passing(*self._shift.pixels, training=self._mode.current == "training")

    def show_sample(self, sample: NDArray[np.generic] | None) -> None:
        """Show a sample in stored form as far as it is moved, or nothing."""
        if sample is not None:
            self._shift.offer(sample.shape)
            sample = self.passing.moved(sample[None])[0]
        self._view.show_sample(sample)
