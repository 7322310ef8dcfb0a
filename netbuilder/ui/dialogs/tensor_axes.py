"""Which two axes of a tensor are drawn, and the place on every other that has more than one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QSpinBox, QVBoxLayout, QWidget

from netbuilder.net.axes import Axes
from netbuilder.probe.slices import Cut
from netbuilder.ui.panels.chooser import Choice, Chooser
from netbuilder.ui.widgets.flow_row import FlowRow
from netbuilder.ui.widgets.labels import label

NONE = "none"


class AxisPlace(QWidget):
    """The place on one axis: a number and a slider over all of them."""

    moved = Signal(int)

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = label("", "label")
        self.spin = QSpinBox()
        self.spin.setObjectName(f"tensor.at.{number}")
        self.spin.setFixedSize(64, 26)
        self.spin.setWrapping(True)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName(f"tensor.slide.{number}")
        self.slider.setFixedWidth(96)
        self._of: QLabel = label("", "secondary")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(6)
        for part in (self._name, self.spin, self.slider, self._of):
            row.addWidget(part)
        self.spin.valueChanged.connect(self.slider.setValue)
        self.slider.valueChanged.connect(self.spin.setValue)
        self.spin.valueChanged.connect(self.moved)

    def show_place(self, name: str, index: int, size: int) -> None:
        """Show without announcing."""
        self._name.setText(name)
        self._of.setText(f"of {size:,}")
        for part in (self.spin, self.slider):
            part.setAccessibleName(f"Place on the axis {name}")
            part.blockSignals(True)
            part.setRange(0, max(0, size - 1))
            part.setValue(index)
            part.blockSignals(False)


class TensorAxes(QWidget):
    """Emits `changed` with the new cut."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cut = Cut()
        self._shape: tuple[int, ...] = ()
        self._known: tuple[object, ...] = ()
        self.rows, self.columns = self._axis("rows"), self._axis("columns")
        self._drawn, self._row = QWidget(), FlowRow()
        head = QHBoxLayout(self._drawn)
        head.setContentsMargins(0, 0, 8, 0)
        head.setSpacing(6)
        for text, chooser in (("down", self.rows), ("across", self.columns)):
            head.addWidget(label(text, "label"))
            head.addWidget(chooser)
        self._row.add(self._drawn)
        self.places: dict[int, AxisPlace] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._row)

    def show_cut(self, where: Cut, shape: tuple[int, ...], names: Axes) -> None:
        """Show without announcing; the controls are made anew only when the axes are others."""
        others = tuple(axis for axis in range(len(shape)) if axis not in (where.rows, where.columns) and shape[axis] > 1)
        self._cut, self._shape = where, shape
        known = (names, shape, where.rows, where.columns)
        if known != self._known:
            self._known = known
            self._remake(others, names)
        for axis, place in self.places.items():
            place.show_place(names[axis], where.at[axis], shape[axis])

    def _remake(self, others: tuple[int, ...], names: Axes) -> None:
        self._drawn.setVisible(len(names) > 0)
        for chooser, axis in ((self.rows, self._cut.rows), (self.columns, self._cut.columns)):
            choices = [Choice(str(n), _told(names, n, self._shape[n])) for n in range(len(names))]
            chooser.clear()
            chooser.offer([*choices, Choice(NONE, "none")])
            chooser.choose(NONE if axis is None else str(axis))
        self._row.keep(1)
        self.places = {}
        for axis in others:
            place = AxisPlace(axis)
            place.moved.connect(lambda index, axis=axis: self._change(self._cut.placed(axis, index)))
            place.show_place(names[axis], self._cut.at[axis], self._shape[axis])
            self.places[axis] = place
            self._row.add(place)
            place.show()

    def _axis(self, what: str) -> Chooser:
        chooser = Chooser()
        chooser.setObjectName(f"tensor.{what}")
        chooser.setAccessibleName(f"Axis that is drawn as {what}")
        chooser.setFixedWidth(168)
        chooser.chosen.connect(lambda _key: self._draw(chooser))
        return chooser

    def _draw(self, moved: Chooser) -> None:
        rows, columns = (None if chooser.key == NONE else int(chooser.key) for chooser in (self.rows, self.columns))
        if rows == columns and rows is not None:
            before = self._cut.columns if moved is self.columns else self._cut.rows
            rows, columns = (before, columns) if moved is self.columns else (rows, before)
        self._change(Cut(rows, columns, self._cut.at))

    def _change(self, where: Cut) -> None:
        if where != self._cut:
            self.changed.emit(where)


def _told(names: Axes, axis: int, size: int) -> str:
    return f"{names[axis]} {size:,}"
