"""The controls of a form: a line for numbers, tuples and text, a switch, a list of choices."""

from __future__ import annotations

from abc import abstractmethod
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QWidget

from netbuilder.core.graph import Value
from netbuilder.ui.widgets.kinds import Kind, UnreadableError, countable, read, step, write
from netbuilder.ui.widgets.switch import Switch
from netbuilder.ui.widgets.value_line import ValueLine


class Field(QObject):
    """One control of a form.

    `changed` carries a value, `unread` why the text is none; `left` tells that the user is done, `reverted` that the
    last accepted value is back. A `wide` one has its own label and takes the whole row.
    """

    changed = Signal(object)
    unread = Signal(str)
    left = Signal()
    reverted = Signal()

    widget: QWidget
    unreadable = ""
    refused = False
    wide = False

    @abstractmethod
    def show(self, value: Value) -> None:
        """Show a value without announcing it."""

    @abstractmethod
    def show_mixed(self) -> None:
        """Show that there are several values at once."""


class LineField(Field):
    """Numbers, tuples, words: text read by `kinds.read`."""

    def __init__(self, kind: Kind, parent: QWidget) -> None:
        super().__init__(parent)
        self._kind = kind
        self._value: Value = None
        self._accepted: Value = None
        self._line = ValueLine(parent)
        self.widget = self._line
        if kind.unit:
            self._line.setPlaceholderText(kind.unit)
        self._line.textEdited.connect(self._read)
        self._line.editingFinished.connect(self._leave)
        self._line.stepped.connect(self._step)
        self._line.reverted.connect(self._revert)

    def show(self, value: Value, *, force: bool = False) -> None:
        """Leave text alone that already means the value, so that typing is never disturbed."""
        value = tuple(value) if isinstance(value, list) else value
        self._value = self._accepted = value
        self._line.set_counts(countable(self._kind, value))
        if not force and self._line.hasFocus() and self._meaning() == (True, _same(self._kind, value)):
            return
        self.unreadable = ""
        self.unread.emit("")
        text = write(self._kind, value)
        if self._line.text() != text:
            self._line.setText(text)

    def show_mixed(self) -> None:
        """An empty line that says so."""
        self._value = None
        self._line.set_counts(False)
        if not self._line.hasFocus():
            self._line.clear()
            self._line.setPlaceholderText("several values")

    def understand(self, text: str) -> Value:
        """The value that the text means; raises `UnreadableError`."""
        return read(self._kind, text)

    def _meaning(self) -> tuple[bool, Value]:
        try:
            return True, _same(self._kind, self.understand(self._line.text()))
        except UnreadableError:
            return False, None

    def _read(self, text: str) -> None:
        try:
            value = self.understand(text)
        except UnreadableError as problem:
            self.unreadable = str(problem)
            if text.strip():
                self.unread.emit(self.unreadable)
            return
        self.unreadable = ""
        self.unread.emit("")
        if _same(self._kind, value) != _same(self._kind, self._value) or type(value) is not type(self._value):
            self._value = value
            self.changed.emit(value)

    def _leave(self) -> None:
        if self.unreadable:
            self.unread.emit(self.unreadable)
        elif not self.refused:
            self._line.setText(write(self._kind, self._value))
        self.left.emit()

    def _revert(self) -> None:
        """Back to the last value that was accepted."""
        self.refused = False
        self.show(self._accepted, force=True)
        self.reverted.emit()

    def _step(self, by: int) -> None:
        value = step(self._kind, self._value, by)
        if value != self._value:
            self._line.setText(write(self._kind, value))
            self._read(self._line.text())


def _same(kind: Kind, value: Value) -> Value:
    """`5` and `(5, 5)` are the same kernel."""
    if kind.length and isinstance(value, int) and not isinstance(value, bool):
        return (value,) * kind.length
    return value


class SwitchField(Field):
    """On or off."""

    def __init__(self, kind: Kind, parent: QWidget) -> None:
        super().__init__(parent)
        self._switch = Switch(parent)
        self.widget = self._switch
        self._switch.clicked.connect(self._clicked)

    def show(self, value: Value) -> None:
        """Set the switch."""
        self._switch.setChecked(bool(value))
        self._switch.update()

    def show_mixed(self) -> None:
        """Off until chosen."""
        self.show(False)

    def _clicked(self, on: bool) -> None:
        self.changed.emit(on)
        self.left.emit()


class _Choice(QComboBox):
    """A list of choices that ignores the wheel while it has no focus, so that scrolling a form changes nothing."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only with the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ChoiceField(Field):
    """One of a few words."""

    def __init__(self, kind: Kind, parent: QWidget) -> None:
        super().__init__(parent)
        self._box = _Choice(parent)
        self._box.setItemDelegate(QStyledItemDelegate(self._box))
        self._box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._box.setProperty("role", "value")
        self._box.setFixedHeight(26)
        self.widget = self._box
        self._values: list[Value] = [*kind.choices, *([None] if kind.none else [])]
        for value in self._values:
            self._box.addItem("none" if value is None else str(value))
        self._box.activated.connect(self._picked)

    def show(self, value: Value) -> None:
        """Select the value; a foreign one is shown as it is."""
        if value not in self._values:
            self._values.append(value)
            self._box.addItem(str(value))
        self._box.setCurrentIndex(self._values.index(value))

    def show_mixed(self) -> None:
        """No choice shown."""
        self._box.setCurrentIndex(-1)

    def _picked(self, index: int) -> None:
        self.changed.emit(self._values[index])
        self.left.emit()


class _Maker(Protocol):
    def __call__(self, kind: Kind, parent: QWidget) -> Field: ...


def field_for(kind: Kind, parent: QWidget) -> Field:
    """The control that suits a kind."""
    maker: _Maker = LineField
    if kind.family:
        from netbuilder.ui.widgets.loss_fields import FIELDS

        maker = FIELDS[kind.family]
    elif kind.path:
        from netbuilder.ui.widgets.path_field import PathField

        maker = PathField
    elif kind.only_bool:
        maker = SwitchField
    elif kind.only_choices:
        maker = ChoiceField
    return maker(kind, parent)
