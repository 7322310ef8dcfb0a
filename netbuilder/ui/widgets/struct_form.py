"""A form generated from a msgspec Struct: one row for each field, checked as it is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from netbuilder.core.graph import Value
from netbuilder.ui.widgets.fields import Field, field_for
from netbuilder.ui.widgets.kinds import Kind, kind_of
from netbuilder.ui.widgets.labels import label

LABEL_WIDTH = 104


class StructForm(QWidget):
    """Rows of label, field and, when something is refused, the sentence that says so under the field.

    `edited` carries the field's name and its new value, already of the right type; `finished` tells that
    the user left the field, so that the next edit is a step of its own; `reverted` that a refused value was taken back.
    Values missing from the mapping show their default.
    """

    edited = Signal(str, object)
    finished = Signal(str)
    reverted = Signal(str)

    def __init__(
        self,
        struct_type: type[msgspec.Struct],
        values: Mapping[str, Value],
        parent: QWidget | None = None,
        make: Callable[[Kind, QWidget, Value], Field] | None = None,
    ) -> None:
        """`make` makes the control for a kind and its present value, by default the one that suits the kind."""
        super().__init__(parent)
        self._make = make or (lambda kind, owner, _value: field_for(kind, owner))
        self._fields: dict[str, Field] = {}
        self._errors: dict[str, QLabel] = {}
        self._defaults: dict[str, Any] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        self._grid.setColumnStretch(1, 1)
        for info in msgspec.structs.fields(struct_type):
            self._add_row(info, values)
        self.set_values(values)

    @property
    def names(self) -> tuple[str, ...]:
        """Field names from top to bottom."""
        return tuple(self._fields)

    def field(self, name: str) -> QWidget:
        """The control of a field; its objectName is `field.<name>`."""
        return self._fields[name].widget

    def default(self, name: str) -> Value:
        """The field's default, or `msgspec.NODEFAULT`."""
        return self._defaults[name]

    def set_values(self, values: Mapping[str, Value]) -> None:
        """Show these values without announcing them; a field whose text already means its value is left alone."""
        for name, entry in self._fields.items():
            value = values.get(name, self._defaults[name])
            entry.show(None if value is msgspec.NODEFAULT else value)

    def set_error(self, name: str, text: str) -> None:
        """Say under a field why its value is refused; an empty text takes the sentence away."""
        if name not in self._fields:
            return
        self._fields[name].refused = bool(text)
        self._show_error(name, text)

    def clear_errors(self) -> None:
        """Take all sentences away, except those about text that cannot be read."""
        for name in self._fields:
            self.set_error(name, self._fields[name].unreadable)

    def error(self, name: str) -> str:
        """The sentence under a field, empty when there is none."""
        return self._errors[name].text()

    def set_mixed(self, names: Iterable[str]) -> None:
        """Show these fields as having several values at once."""
        for name in names:
            self._fields[name].show_mixed()

    def add_beside(self, name: str, widget: QWidget) -> None:
        """Put a small control at the right of a field."""
        row = self._grid.getItemPosition(self._grid.indexOf(self._fields[name].widget))[0]  # type: ignore[index]
        self._grid.addWidget(widget, row, 2, Qt.AlignmentFlag.AlignTop)

    def _add_row(self, info: msgspec.structs.FieldInfo, values: Mapping[str, Value]) -> None:
        kind = kind_of(info.type)
        entry = self._make(kind, self, values.get(info.encode_name))
        row = 2 * len(self._fields)
        default = info.default_factory() if info.default_factory is not msgspec.NODEFAULT else info.default
        self._defaults[info.encode_name] = default
        title = label(info.encode_name.replace("_", " "), "label", self)
        title.setToolTip(kind.tip)
        title.setBuddy(entry.widget)
        title.setMinimumHeight(26)
        entry.widget.setObjectName(f"field.{info.encode_name}")
        entry.widget.setAccessibleName(info.encode_name.replace("_", " "))
        entry.widget.setToolTip(kind.tip)
        problem = label("", "error", self, wrap=True)
        problem.setObjectName(f"error.{info.encode_name}")
        problem.hide()
        if entry.wide:
            title.hide()
            self._grid.addWidget(entry.widget, row, 0, 1, 2)
        else:
            self._grid.addWidget(title, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(entry.widget, row, 1, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(problem, row + 1, 0, 1, 2)
        self._fields[info.encode_name] = entry
        self._errors[info.encode_name] = problem
        name = info.encode_name
        entry.changed.connect(lambda value: self._announce(name, value))
        entry.unread.connect(lambda text: self._show_error(name, text))
        entry.left.connect(lambda: self.finished.emit(name))
        entry.reverted.connect(lambda: self.reverted.emit(name))

    def _announce(self, name: str, value: object) -> None:
        self._show_error(name, "")
        self.edited.emit(name, value)

    def _show_error(self, name: str, text: str) -> None:
        line = self._errors[name]
        line.setText(text)
        line.setVisible(bool(text))
        widget = self._fields[name].widget
        if bool(widget.property("invalid")) != bool(text):
            widget.setProperty("invalid", bool(text))
            widget.style().unpolish(widget)
            widget.style().polish(widget)
