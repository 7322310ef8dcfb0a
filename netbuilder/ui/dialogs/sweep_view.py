"""What a complexity sweep looks like: chart, sentence and table on the left, what is varied and the buttons on the right."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from netbuilder.app.sweep_results import Findings
from netbuilder.ui.dialogs.sweep_drawing import INKS, SizesModel, across, drawn, sizes_table, told
from netbuilder.ui.dialogs.sweep_form import SweepForm
from netbuilder.ui.plots.chart import Chart
from netbuilder.ui.plots.chart_parts import Ink, colour
from netbuilder.ui.theme import Themes
from netbuilder.ui.widgets.dialog import Dialog
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.scroller import Scroller
from netbuilder.ui.widgets.transport import small_button

SIDE = 372
EMPTY = "Press Start to train every size. The chart shows training and validation error over the number of parameters."


class SweepView(Dialog):
    """Shows findings; whoever inherits it says where they come from.

    `started` asks to begin or to stop, `opened` for the network of the chosen size.
    """

    started = Signal()
    opened = Signal()

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.sweep")
        self.setWindowTitle("Complexity sweep")
        self.resize(1060, 640)
        self._themes = themes
        self._build()
        themes.changed.connect(self._recolour)
        self._recolour()

    @property
    def found(self) -> Findings:
        """What is on show."""
        return self.model.found

    def show_found(self, found: Findings) -> None:
        """Draw and tell these."""
        row = self.table.currentIndex().row()
        self.model.show_found(found)
        if 0 <= row < len(found.points):
            self.table.selectRow(row)
        self.chart.show_content(drawn(found))
        self._sentence.setText(found.sentence)
        self._select()

    def _describe(self, x: float, y: float) -> list[tuple[str, Ink]]:
        if not self.found.points:
            return []
        places = across(self.found)
        near = int(abs(places - x).argmin())
        return told(self.found, near) if self.found.points[near].known else []

    def _pick(self, x: float, _y: float) -> None:
        if self.found.points:
            self.table.selectRow(int(abs(across(self.found) - x).argmin()))

    def _select(self) -> None:
        row = self.table.currentIndex().row()
        self.open_button.setEnabled(0 <= row < len(self.found.points) and bool(self.found.points[row].runs))

    def _recolour(self) -> None:
        for each, ink in zip(self._legend, INKS.values(), strict=True):
            each.setStyleSheet(f"color: {colour(self._themes.current, ink).name()}")

    def show_busy(self, busy: bool, *, possible: bool) -> None:
        """Offer to stop what goes on, or to begin where that is possible."""
        self.start_button.setText("Stop" if busy else "Start")
        self.start_button.setProperty("kind", "small" if busy else "primary")
        self.start_button.style().unpolish(self.start_button)
        self.start_button.style().polish(self.start_button)
        self.start_button.setEnabled(busy or possible)
        self.form.setEnabled(not busy)
        self.progress.setVisible(busy)

    def say(self, text: str, role: str) -> None:
        """The line above the buttons."""
        self._line.setText(text)
        self._line.setProperty("role", role)
        self._line.style().unpolish(self._line)
        self._line.style().polish(self._line)

    def _build(self) -> None:
        self.chart = Chart(self._themes, empty=EMPTY)
        self.chart.setObjectName("sweep.chart")
        self.chart.setAccessibleName("Training and validation error over the number of parameters")
        self.chart.describe = self._describe
        self.chart.pressed.connect(self._pick)
        self.chart.chosen.connect(lambda _x, _y: self.opened.emit())
        self._legend = tuple(label(f"— {name}", "", self) for name in INKS)
        self._sentence = label("", "", self, wrap=True, selectable=True)
        self._sentence.setObjectName("sweep.sentence")
        self._sentence.setMinimumHeight(54)
        self.form = SweepForm(self)
        self.model = SizesModel(self._themes, self)
        self.table = sizes_table(self.model)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._select())
        self.table.doubleClicked.connect(lambda _index: self.opened.emit())
        self._line = label("", "secondary", self, wrap=True)
        self._line.setObjectName("sweep.line")
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 1000)
        self.start_button = small_button("Start", "sweep.start", self.started.emit)
        self.open_button = small_button("Open this network", "sweep.open", self.opened.emit)
        self.open_button.setToolTip("The network of the selected size with its recipe, in a window of its own")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 16, 16)
        row.setSpacing(20)
        row.addLayout(self._left(), 1)
        row.addWidget(self._right())

    def _left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        legend = QHBoxLayout()
        legend.setSpacing(16)
        legend.addStretch(1)
        for each in self._legend:
            legend.addWidget(each)
        column.addLayout(legend)
        for part, stretch in ((self.chart, 3), (self._sentence, 0), (self.table, 2)):
            column.addWidget(part, stretch)
        return column

    def _right(self) -> QWidget:
        holder = QWidget(self)
        holder.setFixedWidth(SIDE)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(Scroller(self.form), 1)
        column.addWidget(self._line)
        column.addWidget(self.progress)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.open_button)
        buttons.addStretch(1)
        buttons.addWidget(self.start_button)
        column.addLayout(buttons)
        return holder
