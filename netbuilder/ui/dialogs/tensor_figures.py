"""A tensor in figures beside its histogram."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from netbuilder.core.format import count
from netbuilder.probe.summary import Summary, summarise
from netbuilder.ui.panels.later import Later
from netbuilder.ui.plots.histogram import Histogram
from netbuilder.ui.theme import Themes
from netbuilder.ui.widgets.facts import Facts
from netbuilder.ui.widgets.labels import label

LEFT = {"minimum": "Smallest", "maximum": "Largest", "mean": "Mean", "deviation": "Standard deviation", "median": "Median"}
RIGHT = {"l1": "L1 norm Σ|x|", "l2": "L2 norm √Σx²", "zeros": "Zeros", "nan": "NaN", "infinite": "Infinite"}
Count = Callable[[NDArray[Any], int | None], Future[Summary]]
HEIGHT = 148
AT_ONCE = 200_000
"""Numbers that are counted without a thread."""


class TensorFigures(QWidget):
    """`count` fills everything, in a thread where there is much to count, which is said; `counted` tells when it is done."""

    counted = Signal()

    def __init__(self, themes: Themes, in_thread: Count, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.summary: Summary | None = None
        self._in_thread = in_thread
        self._later = Later(self)
        self._later.answered.connect(self._show)
        self._later.failed.connect(lambda error: self.note.setText(f"The figures cannot be counted: {error}"))
        self.left, self.right = Facts(LEFT), Facts(RIGHT)
        self.histogram = Histogram(themes, "entry")
        self.histogram.setObjectName("tensor.histogram")
        self.histogram.setFixedHeight(HEIGHT)
        self.note: QLabel = label("", "secondary", wrap=True)
        self.note.setObjectName("tensor.counted")
        figures = QHBoxLayout()
        figures.setSpacing(24)
        for facts in (self.left, self.right):
            facts.setFixedWidth(206)
            figures.addWidget(facts)
        beside = QVBoxLayout()
        beside.setSpacing(4)
        beside.addLayout(figures)
        beside.addWidget(self.note)
        beside.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        row.addLayout(beside)
        row.addWidget(self.histogram, 1)
        self.setFixedHeight(HEIGHT)

    @property
    def waiting(self) -> bool:
        """Whether they are being counted."""
        return self._later.waiting

    def clear(self) -> None:
        """Show no figures."""
        self._later.forget()
        self._show(None)

    def count(self, values: NDArray[Any], most: int | None = None) -> None:
        """Count the numbers of a tensor, or no more than `most` of them."""
        if values.size <= AT_ONCE:
            self._later.forget()
            self._show(summarise(values))
            return
        self.note.setText(f"Counting {count(values.size)} entries…")
        self._later.ask(self._in_thread(values, most))

    def _show(self, found: Summary | None) -> None:
        self.summary = found
        for facts, titles in ((self.left, LEFT), (self.right, RIGHT)):
            for key in titles:
                facts.set(key, "–" if found is None else _told(found, key))
        self.histogram.show_summary(found)
        self.note.setText("" if found is None else told(found))
        self.counted.emit()


def told(found: Summary) -> str:
    """How many numbers the figures are made from."""
    if found.sampled:
        return f"Estimated from {count(found.counted)} of {count(found.entries)} entries."
    return f"{count(found.entries)} {'entry' if found.entries == 1 else 'entries'}, all counted"


def _told(found: Summary, key: str) -> str:
    value = getattr(found, key)
    if key in ("zeros", "nan", "infinite"):
        return f"{count(value)}  {value / found.counted:.1%}" if value else "0"
    return "–" if value != value else f"{value:.6g}".replace("-", "−")
