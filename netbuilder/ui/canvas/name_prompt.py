"""A line over the canvas that asks for a name, beside what it is for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QVBoxLayout, QWidget

from netbuilder.ui.canvas.floating import Floating, OwnLine
from netbuilder.ui.widgets.labels import label

_WIDTH = 280


class NamePrompt(Floating):
    """Asks until `accept` takes the name: it returns why not, or an empty text. `closed` follows in any case."""

    def __init__(self, host: QWidget, title: str, hint: str, accept: Callable[[str], str]) -> None:
        super().__init__(host)
        self._accept = accept
        self.setObjectName("canvas.name_prompt")
        self.field = OwnLine(self)
        self.field.setObjectName("canvas.name_prompt.field")
        self.field.setAccessibleName(title)
        self.field.returnPressed.connect(self._take)
        self.field.gave_up.connect(self.dismiss)
        self.field.left.connect(self.dismiss)
        self.field.textEdited.connect(lambda: self._say(""))
        self._error = label("", "error", self, wrap=True)
        self._error.setObjectName("canvas.name_prompt.error")
        self._error.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(6)
        column.addWidget(label(title, "heading", self))
        column.addWidget(self.field)
        column.addWidget(self._error)
        column.addWidget(label(hint, "secondary", self))
        self.setFixedWidth(_WIDTH)

    def ask(self, name: str, at: QPoint) -> None:
        """Open at a point of the parent, wholly inside it, with this name ready to be typed over."""
        self.field.setText(name)
        self.field.selectAll()
        self.open_at(at, self.field)

    def _take(self) -> None:
        problem = self._accept(self.field.text().strip())
        self._say(problem)
        if not problem:
            self.dismiss()

    def _say(self, text: str) -> None:
        self._error.setText(text)
        self._error.setVisible(bool(text))
        self.adjustSize()
