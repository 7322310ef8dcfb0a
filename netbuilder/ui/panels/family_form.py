"""A choice among declared kinds (optimizers, schedules, sources) with the form of the chosen one below it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from netbuilder.core.graph import Value
from netbuilder.ui.panels.chooser import Choice, Chooser
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.struct_form import LABEL_WIDTH, StructForm

Kinds = Mapping[str, type[Any]]
"""Declared classes by name; each has `about.title` and `about.tip`."""


class FamilyForm(QWidget):
    """Edits a mapping `{"name": …, settings…}`. `edited` carries the whole new mapping and the field that was touched."""

    edited = Signal(object, str)
    finished = Signal()

    def __init__(self, title: str, kinds: Kinds, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kinds = kinds
        self._value: dict[str, Value] = {}
        self._accepted: dict[str, Value] = {}
        self._form: StructForm | None = None
        self.chooser = Chooser(Choice(name, kind.about.title, kind.about.tip) for name, kind in kinds.items())
        self.chooser.setObjectName(f"choose.{title.replace(' ', '_')}")
        self.chooser.setAccessibleName(title)
        self.chooser.chosen.connect(self._choose)
        self.formula = label("", "key", wrap=True, selectable=True)
        self.formula.setObjectName(f"formula.{title.replace(' ', '_')}")
        self._problem = label("", "error", wrap=True)
        self._problem.hide()
        row = QGridLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setHorizontalSpacing(8)
        row.setColumnMinimumWidth(0, LABEL_WIDTH)
        row.setColumnStretch(1, 1)
        row.addWidget(label(title, "label"), 0, 0)
        row.addWidget(self.chooser, 0, 1)
        row.addWidget(self.formula, 1, 0, 1, 2)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addLayout(row)
        self._column.addWidget(self._problem)

    @property
    def form(self) -> StructForm | None:
        """The settings of the chosen kind; `None` when it has none."""
        return self._form

    def set_value(self, value: Value) -> None:
        """Show a name, or a mapping with a name, without announcing it."""
        mapping: dict[str, Value] = dict(value) if isinstance(value, Mapping) else {"name": value}
        changed = mapping.get("name") != self._value.get("name") or (self._form is None and not self._value)
        self._value = self._accepted = mapping
        self.chooser.choose(str(mapping.get("name", "")))
        self._say("")
        if changed:
            self._rebuild()
        elif self._form is not None:
            self._form.set_values(mapping)
            self._form.clear_errors()

    def set_error(self, field: str, text: str) -> None:
        """Say why a field (or, with an unknown name, the whole) is refused."""
        if self._form is not None and field in self._form.names:
            self._form.set_error(field, text)
        else:
            self._say(text)

    def _say(self, text: str) -> None:
        self._problem.setText(text)
        self._problem.setVisible(bool(text))

    def _choose(self, name: str) -> None:
        if name != self._value.get("name"):
            self._value = {"name": name}
            self._rebuild()
            self.edited.emit(dict(self._value), "name")
            self.finished.emit()

    def _rebuild(self) -> None:
        if self._form is not None:
            self._column.removeWidget(self._form)
            self._form.hide()
            self._form.deleteLater()
            self._form = None
        kind = self._kinds.get(str(self._value.get("name")))
        self._explain(kind)
        if kind is None or not msgspec.structs.fields(kind):
            return
        self._form = StructForm(kind, self._value, self)
        self._form.edited.connect(self._edit)
        self._form.finished.connect(lambda _name: self.finished.emit())
        self._form.reverted.connect(self._revert)
        self._column.addWidget(self._form)

    def _explain(self, kind: type[Any] | None) -> None:
        """The formula of the chosen kind, where it has one; on hover what it is for and its paper."""
        formula = getattr(kind.about, "formula", "") if kind is not None else ""
        self.formula.setText(formula)
        self.formula.setVisible(bool(formula))
        paper = getattr(kind.about, "paper", "") if kind is not None else ""
        self.formula.setToolTip("\n".join(part for part in (kind.about.tip if kind is not None else "", paper) if part))

    def _revert(self, name: str) -> None:
        """Forget what was refused in a field."""
        kept = {key: value for key, value in self._value.items() if key != name}
        self._value = {**kept, **({name: self._accepted[name]} if name in self._accepted else {})}

    def _edit(self, name: str, value: object) -> None:
        self._value = {**self._value, name: value}
        self.edited.emit(dict(self._value), name)
