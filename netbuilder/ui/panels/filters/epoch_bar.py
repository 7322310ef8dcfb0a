"""The way through the epochs whose filters are kept: a slider between two arrows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QSlider, QToolButton, QWidget

from netbuilder.ui.icons import icon
from netbuilder.ui.widgets.labels import label


class EpochBar(QWidget):
    """Chooses among numbered stops; there is nothing to choose until there are two. `slid` follows what the user does."""

    slid = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("filters.epoch")
        self._slider.setAccessibleName("Epoch whose filters are shown")
        self._slider.valueChanged.connect(lambda _place: self.slid.emit())
        self._back = tool_button("Epoch before", lambda: self.go_to(self.stop - 1))
        self._forward = tool_button("Epoch after", lambda: self.go_to(self.stop + 1))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._back)
        row.addWidget(label("epoch", "secondary"))
        row.addWidget(self._slider, 1)
        row.addWidget(self._forward)
        self.setEnabled(False)

    @property
    def stop(self) -> int:
        """The number of the chosen stop, from 0."""
        return self._slider.value()

    @property
    def at_end(self) -> bool:
        """Whether the last stop is chosen."""
        return self.stop >= self._slider.maximum()

    def set_stops(self, count: int, *, follow: bool) -> None:
        """Offer this many stops, and choose the last one if `follow`; `slid` is not emitted."""
        self._slider.blockSignals(True)
        self._slider.setRange(0, max(0, count - 1))
        if follow:
            self._slider.setValue(count - 1)
        self._slider.blockSignals(False)
        self.setEnabled(count > 1)

    def go_to(self, stop: int) -> None:
        """Choose a stop, as the user would."""
        self._slider.setValue(stop)

    def recolour(self, colour: QColor) -> None:
        """Draw the arrows in this colour."""
        self._back.setIcon(icon("chevron-left", colour, 14))
        self._forward.setIcon(icon("chevron-right", colour, 14))


def tool_button(name: str, run: Callable[[], None]) -> QToolButton:
    """A small button with an icon; `name` is its tip and what screen readers say."""
    button = QToolButton()
    button.setAccessibleName(name)
    button.setToolTip(name)
    button.setIconSize(QSize(14, 14))
    button.setFixedSize(22, 22)
    button.clicked.connect(lambda _checked: run())
    return button
