"""Rows of a name at the left and a number at the right, whose place never moves."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from netbuilder.ui.widgets.labels import label


class Facts(QWidget):
    """Rows by key; a row whose text is empty is hidden."""

    def __init__(self, titles: dict[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: dict[str, tuple[QLabel, QLabel]] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        for row, (key, title) in enumerate(titles.items()):
            name = label(title, "label", self)
            value = label("", "mono", self, selectable=True)
            value.setObjectName(f"fact.{key}")
            value.setMinimumHeight(20)
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(name, row, 0)
            grid.addWidget(value, row, 1)
            self._values[key] = (name, value)

    def set(self, key: str, text: str) -> None:
        """Show a value; an empty one hides its row."""
        for part in self._values[key]:
            part.setVisible(bool(text))
        title, value = self._values[key]
        value.setText(text)
        value.setAccessibleName(f"{title.text()}: {text}")

    def value(self, key: str) -> str:
        """What a row shows."""
        return self._values[key][1].text()
