"""The parts of the optimisation playground: one row for each racer, and the table of where they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSlider, QToolButton, QWidget

from netbuilder.train.optimizers import Optimizer
from netbuilder.train.playground import Point, Positions
from netbuilder.ui.panels.chooser import Choice, Chooser
from netbuilder.ui.plots.chart_parts import colour
from netbuilder.ui.theme import Themes, mono_font

LEAST, MOST = -5.0, 2.0
"""Ends of the rate's slider, as powers of ten."""
PER_POWER = 100
Index = QModelIndex | QPersistentModelIndex
Contenders = Mapping[str, tuple[str, Optimizer]]


class Swatch(QWidget):
    """A dot in a racer's colour."""

    def __init__(self, themes: Themes, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes, self._number = themes, number
        self.setFixedSize(12, 26)
        themes.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The dot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(self._themes.current, self._number))
        painter.drawEllipse(1, 8, 10, 10)
        painter.end()


class RacerRow(QWidget):
    """An optimizer and its rate. `changed` tells that one of them is another now; `removed` asks to be taken away."""

    changed = Signal()
    removed = Signal()

    def __init__(self, themes: Themes, number: int, contenders: Contenders, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._contenders = contenders
        self.chooser = Chooser(Choice(key, title) for key, (title, _) in contenders.items())
        self.chooser.setAccessibleName(f"Optimizer {number + 1}")
        self.chooser.setObjectName(f"playground.optimizer.{number}")
        self.chooser.choose(name)
        self.chooser.chosen.connect(lambda _key: self.suit(self._contenders))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName(f"playground.slider.{number}")
        self.slider.setAccessibleName(f"Learning rate {number + 1}")
        self.slider.setRange(round(LEAST * PER_POWER), round(MOST * PER_POWER))
        self.slider.valueChanged.connect(self._slide)
        self.field = QLineEdit()
        self.field.setObjectName(f"playground.rate.{number}")
        self.field.setAccessibleName(f"Learning rate {number + 1} as a number")
        self.field.setProperty("role", "value")
        self.field.setFixedSize(76, 26)
        self.field.editingFinished.connect(self._type)
        remove = QToolButton()
        remove.setText("×")
        remove.setToolTip("Take this optimizer out of the race")
        remove.setAccessibleName("Remove")
        remove.setFixedSize(22, 26)
        remove.clicked.connect(self.removed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(Swatch(themes, number))
        row.addWidget(self.chooser, 3)
        row.addWidget(self.slider, 2)
        row.addWidget(self.field)
        row.addWidget(remove)
        self._rate = 0.1
        self.suit(contenders)

    @property
    def name(self) -> str:
        """Key of the optimizer among the contenders."""
        return self.chooser.key

    @property
    def title(self) -> str:
        """Its title."""
        return self._contenders[self.name][0]

    @property
    def optimizer(self) -> Optimizer:
        """The optimizer at its rate."""
        return replace(self._contenders[self.name][1], learning_rate=self._rate)

    def suit(self, contenders: Contenders) -> None:
        """Take the rate that these contenders have, those of another surface, say."""
        self._contenders = contenders
        self.set_rate(contenders[self.name][1].learning_rate)

    def set_rate(self, rate: float) -> None:
        """Another rate, exactly."""
        from math import log10

        self._rate = rate
        self.field.setText(f"{rate:.4g}")
        self.slider.blockSignals(True)
        self.slider.setValue(round(log10(rate) * PER_POWER))
        self.slider.blockSignals(False)
        self.changed.emit()

    def _slide(self, value: int) -> None:
        self.set_rate(float(f"{10 ** (value / PER_POWER):.3g}"))

    def _type(self) -> None:
        try:
            rate = float(self.field.text())
        except ValueError:
            rate = 0.0
        if 10**LEAST <= rate <= 10**MOST:
            if rate != self._rate:
                self.set_rate(rate)
        else:
            self.field.setText(f"{self._rate:.4g}")


class StepsModel(QAbstractTableModel):
    """A row for each step up to now: where every racer was, and how high."""

    def __init__(self, themes: Themes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._titles: tuple[str, ...] = ()
        self._rows: Sequence[Positions] = ()

    def show_steps(self, titles: tuple[str, ...], rows: Sequence[Positions]) -> None:
        """Replace everything."""
        self.beginResetModel()
        self._titles, self._rows = titles, rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One for each step."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """The step, and place and height of each racer."""
        return 0 if parent.isValid() else 1 + 2 * len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return "Step" if section == 0 else self._titles[(section - 1) // 2] if section % 2 else "Loss"
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Numbers in the colour of their racer."""
        row, racer = self._rows[index.row()], (index.column() - 1) // 2
        match role:
            case Qt.ItemDataRole.DisplayRole:
                if index.column() == 0:
                    return str(row.step)
                return say_point(row.points[racer]) if index.column() % 2 else f"{row.heights[racer]:.5g}"
            case Qt.ItemDataRole.FontRole:
                return mono_font(12)
            case Qt.ItemDataRole.TextAlignmentRole:
                return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            case Qt.ItemDataRole.ForegroundRole if index.column() % 2:
                return QColor(colour(self._themes.current, racer))
        return None


def say_point(point: Point) -> str:
    """Coordinates in few characters: `0.2592`, `1.2, −0.5`."""
    return ", ".join(f"{value:.4g}" for value in point)
