"""A field inside a block: a plain value, or an expression over the block's parameters with what it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget

from netbuilder.core.errors import NetbuilderError
from netbuilder.core.expressions import evaluate, is_expression
from netbuilder.core.graph import Value
from netbuilder.layers.declare import say
from netbuilder.ui.widgets.fields import Field, LineField, field_for
from netbuilder.ui.widgets.kinds import Kind, UnreadableError

_GAP = 8


class Scope(Protocol):
    """Where expressions are worked out."""

    @property
    def values(self) -> Mapping[str, Value]: ...


class ExpressionField(LineField):
    """Takes what its kind takes, and texts that begin with `$`; the value of such a text stands at the right in the line."""

    def __init__(self, kind: Kind, parent: QWidget, scope: Scope) -> None:
        super().__init__(kind, parent)
        self._scope = scope
        self._worth = QLabel(self.widget)
        self._worth.setObjectName("expression.value")
        self._worth.setProperty("role", "key")
        self._worth.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._worth.setStyleSheet("background: transparent; border: none;")
        self._worth.hide()
        self._line.textChanged.connect(self.show_worth)
        self.widget.installEventFilter(self)

    def understand(self, text: str) -> Value:
        """A text beginning with `$` is taken as it is when it can be worked out here."""
        text = text.strip()
        if not is_expression(text):
            return super().understand(text)
        try:
            evaluate(text, self._scope.values)
        except NetbuilderError as error:
            raise UnreadableError(str(error)) from None
        return text

    def show(self, value: Value, *, force: bool = False) -> None:
        """The text stays, what it comes to may differ."""
        super().show(value, force=force)
        self.show_worth()

    def show_worth(self, _text: str = "") -> None:
        """Say what the expression in the line comes to."""
        text = self._line.text().strip()
        worth = ""
        if is_expression(text):
            try:
                worth = f"= {say(evaluate(text, self._scope.values))}"
            except NetbuilderError:
                worth = ""
        self._worth.setText(worth)
        self._worth.setVisible(bool(worth))
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the line's size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        width = self._worth.sizeHint().width() if self._worth.text() else 0
        self._line.setTextMargins(0, 0, width + _GAP if width else 0, 0)
        self._worth.setGeometry(self._line.width() - width - _GAP, 0, width, self._line.height())


def scoped_field(scope: Scope, kind: Kind, parent: QWidget, value: Value) -> Field:
    """The control for a setting inside a block: a switch or a list as long as its value is plain, else a line."""
    plain = kind.only_bool or kind.only_choices or kind.family
    return field_for(kind, parent) if plain and not is_expression(value) else ExpressionField(kind, parent, scope)
