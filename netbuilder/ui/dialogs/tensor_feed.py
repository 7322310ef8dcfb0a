"""What the network is given when the values of its layers are opened: samples of a part of the data, or random numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QSpinBox, QWidget

from netbuilder.app.opening import Feed, Source
from netbuilder.ui.panels.chooser import Choice, Chooser
from netbuilder.ui.widgets.labels import label

MOST_AT_ONCE, MOST_SEED = 256, 9_999
TITLES: dict[str, str] = {"test": "test part", "validation": "validation part", "train": "training part", "random": "random numbers"}


class FeedForm(QWidget):
    """Emits `changed`. Offers random numbers at first where the data does not fit the network, until somebody chooses."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chosen = False
        self._samples: Mapping[str, int] = {}
        self.source = Chooser(Choice(key, title) for key, title in TITLES.items())
        self.source.setObjectName("tensor.source")
        self.source.setAccessibleName("Input of the network")
        self.source.chosen.connect(self._choose)
        self.index, self.count = QSpinBox(), QSpinBox()
        self.index.setObjectName("tensor.sample")
        self.count.setObjectName("tensor.batch")
        self.count.setAccessibleName("Samples in the batch")
        self.count.setRange(1, MOST_AT_ONCE)
        self._title = label("sample", "label")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.addWidget(label("input", "label"), 0, 0)
        grid.addWidget(self.source, 0, 1, 1, 3)
        for column, part in enumerate((self._title, self.index, label("batch of", "label"), self.count)):
            grid.addWidget(part, 1, column)
        for spin in (self.index, self.count):
            spin.setFixedHeight(26)
            spin.setKeyboardTracking(False)
            spin.valueChanged.connect(lambda _value: self.changed.emit())
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        self._limit()

    @property
    def feed(self) -> Feed:
        """What is chosen."""
        return Feed(cast(Source, self.source.key), self.index.value(), self.count.value())

    def offer(self, samples: Mapping[str, int], fits: bool) -> bool:
        """The parts of the data with their numbers of samples; says whether the input is another now."""
        before = self.feed
        self._samples = samples
        if not self._chosen:
            self.source.choose("test" if fits or not samples else "random")
        self._limit()
        return self.feed != before

    def fall_back(self) -> bool:
        """Random numbers, unless somebody has chosen otherwise or they are chosen already; says whether that changed something."""
        if self._chosen or self.source.key == "random":
            return False
        self.source.choose("random")
        self._limit()
        return True

    def show_sample(self, part: str, index: int) -> None:
        """Choose a sample without announcing."""
        self._chosen = True
        self.source.choose(part)
        self._limit()
        self.index.blockSignals(True)
        self.index.setMaximum(max(self.index.maximum(), index))
        self.index.setValue(index)
        self.index.blockSignals(False)

    def _choose(self, _key: str) -> None:
        self._chosen = True
        self._limit()
        self.changed.emit()

    def _limit(self) -> None:
        random = self.source.key == "random"
        self._title.setText("seed" if random else "sample")
        self.index.setAccessibleName("Seed of the random numbers" if random else "Number of the sample")
        self.index.blockSignals(True)
        self.index.setRange(0, MOST_SEED if random else max(0, self._samples.get(self.source.key, 1) - 1))
        self.index.blockSignals(False)
