"""Choosing one sample of the test part: by number, next, previous, at random, within a class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QGridLayout, QSpinBox, QToolButton, QWidget

from netbuilder.data.dataset import Dataset
from netbuilder.ui.context import UiContext
from netbuilder.ui.icons import icon
from netbuilder.ui.panels.chooser import Choice, Chooser


class SamplePicker(QWidget):
    """Emits `picked` with the sample's number. With a class chosen, next, previous and random stay within it."""

    picked = Signal(int)

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._dataset: Dataset | None = None
        self._random = np.random.default_rng()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        self._number = QSpinBox()
        self._number.setObjectName("sample.index")
        self._number.setAccessibleName("Number of the test sample")
        self._number.setPrefix("# ")
        self._number.setFixedHeight(26)
        self._number.setKeyboardTracking(False)
        self._number.valueChanged.connect(self.picked.emit)
        self._class = Chooser([Choice("all", "all classes")])
        self._class.setObjectName("sample.class")
        self._class.setAccessibleName("Only samples of this class")
        self._class.chosen.connect(lambda _key: self._enter_class())
        self._buttons = [
            (self._button("Previous sample", lambda: self.move_by(-1)), "chevron-left"),
            (self._button("Next sample", lambda: self.move_by(1)), "chevron-right"),
            (self._button("Any sample", self.pick_any), "refresh-cw"),
        ]
        grid.addWidget(self._number, 0, 0)
        for place, (button, _) in enumerate(self._buttons):
            grid.addWidget(button, 0, place + 1)
        grid.addWidget(self._class, 1, 0, 1, 4)
        grid.setColumnStretch(0, 1)
        context.themes.changed.connect(self._recolour)
        self._recolour()

    @property
    def index(self) -> int:
        """The sample's number in the test part."""
        return self._number.value()

    def follow(self, dataset: Dataset) -> None:
        """Offer the samples and classes of this data."""
        if dataset is self._dataset:
            return
        self._dataset = dataset
        self._number.setRange(0, max(0, len(dataset.test) - 1))
        self._class.offer([Choice("all", "all classes"), *(Choice(str(n), name) for n, name in enumerate(dataset.classes))])
        self._class.choose("all")
        self._class.setVisible(bool(dataset.classes))

    def choose_class(self, number: int | None) -> None:
        """Stay within a class, or within none."""
        self._class.choose("all" if number is None else str(number))
        self._enter_class()

    def move_by(self, step: int) -> None:
        """Go on among the samples of the class; from the last to the first."""
        places = self._places()
        if not len(places):
            return
        here = int(np.searchsorted(places, self.index))
        on_one = here < len(places) and places[here] == self.index
        target = here + step if on_one else (here if step > 0 else here - 1)
        self._number.setValue(int(places[target % len(places)]))

    def pick_any(self) -> None:
        """A sample at random."""
        places = self._places()
        if len(places):
            self._number.setValue(int(self._random.choice(places)))

    def _places(self) -> NDArray[np.int64]:
        if self._dataset is None:
            return np.zeros(0, np.int64)
        if self._class.key in ("", "all"):
            return np.arange(len(self._dataset.test))
        hits = np.asarray(self._dataset.test.targets) == int(self._class.key)
        return np.flatnonzero(hits.reshape(len(hits), -1).any(1))

    def _enter_class(self) -> None:
        places = self._places()
        if len(places) and self.index not in places:
            self._number.setValue(int(places[0]))

    def _button(self, name: str, run: object) -> QToolButton:
        button = QToolButton()
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.setIconSize(QSize(14, 14))
        button.setFixedSize(24, 26)
        button.clicked.connect(run)
        return button

    def _recolour(self) -> None:
        for button, glyph in self._buttons:
            button.setIcon(icon(glyph, self._context.themes.current.secondary, 14))
