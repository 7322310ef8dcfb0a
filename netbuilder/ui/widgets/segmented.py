"""A row of choices of which one holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget


class Segmented(QWidget):
    """Buttons side by side; `chosen` carries the key of the one pressed."""

    chosen = Signal(str)

    def __init__(self, options: Iterable[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        for key, title in options:
            button = QToolButton(self)
            button.setText(title)
            button.setCheckable(True)
            button.setObjectName(f"segment.{key}")
            self._group.addButton(button)
            self._buttons[key] = button
            row.addWidget(button)
            button.clicked.connect(lambda _checked=False, key=key: self._press(key))
        if self._buttons:
            next(iter(self._buttons.values())).setChecked(True)

    @property
    def current(self) -> str:
        """The key that holds."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def choose(self, key: str) -> None:
        """Set it without announcing."""
        self._buttons[key].setChecked(True)

    def show_option(self, key: str, on: bool) -> None:
        """Offer a choice, or not."""
        self._buttons[key].setVisible(on)

    def _press(self, key: str) -> None:
        """The focus goes along with a click when one of the choices has it."""
        if any(button.hasFocus() for button in self._buttons.values()):
            self._buttons[key].setFocus()
        self.chosen.emit(key)

    def explain(self, tips: Mapping[str, str]) -> None:
        """What the choices mean, on hover."""
        for key, tip in tips.items():
            self._buttons[key].setToolTip(tip)
