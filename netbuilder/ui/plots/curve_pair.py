"""Two curve plots over the same epochs: side by side, or one of them at a time where there is no room for both."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from netbuilder.ui.plots.curve_plot import LEFT, CurvePlot
from netbuilder.ui.widgets.segmented import Segmented

ROOMY = 400
"""Width from which both are shown."""


class CurvePair(QWidget):
    """Links the cursors of both. The second one can be left out when there is nothing to tell."""

    def __init__(self, first: CurvePlot, second: CurvePlot, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plots = {plot.title: plot for plot in (first, second)}
        self._second = second
        self._told = True
        first.cursor_moved.connect(second.show_cursor)
        second.cursor_moved.connect(first.show_cursor)
        self.choice = Segmented((title, title) for title in self._plots)
        self.choice.setContentsMargins(LEFT - 6, 0, 0, 0)
        self.choice.chosen.connect(lambda _title: self._share())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.choice, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout()
        row.setSpacing(16)
        column.addLayout(row, 1)
        for plot in self._plots.values():
            row.addWidget(plot, 1)
        self._share()

    def minimumSizeHint(self) -> QSize:
        """Room for one of them."""
        return QSize(168, super().minimumSizeHint().height())

    def show_second(self, on: bool) -> None:
        """Whether there is anything to tell in the second plot."""
        self._told = on
        self._share()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Both where there is room."""
        self._share()

    def _share(self) -> None:
        narrow = self._told and self.width() < ROOMY
        self.choice.setVisible(narrow)
        for title, plot in self._plots.items():
            plot.setVisible(title == self.choice.current if narrow else plot is not self._second or self._told)
            plot.heading.setVisible(not narrow)
