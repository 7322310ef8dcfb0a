"""A list of choices with titles for people and keys for files; the wheel changes it only while it has the focus."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QWidget


@dataclass(frozen=True)
class Choice:
    """One entry: the key that is stored, the title that is shown, the tip on hover."""

    key: str
    title: str
    tip: str = ""


class Chooser(QComboBox):
    """Emits `chosen` with the key when the user picks an entry."""

    chosen = Signal(str)

    def __init__(self, choices: Iterable[Choice] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("role", "value")
        self.setFixedHeight(26)
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.offer(choices)
        self.activated.connect(lambda index: self.chosen.emit(self.itemData(index)))

    @property
    def key(self) -> str:
        """The key of the present entry; empty when there is none."""
        return str(self.currentData() or "")

    def offer(self, choices: Iterable[Choice]) -> None:
        """Replace the entries; the present key stays chosen when it is still there, else the first one is."""
        key = self.key
        self.clear()
        for choice in choices:
            self.addItem(choice.title, choice.key)
            self.setItemData(self.count() - 1, choice.tip, Qt.ItemDataRole.ToolTipRole)
        if self.findData(key) >= 0:
            self.choose(key)

    def choose(self, key: str) -> None:
        """Select without announcing; an unknown key is added as it is."""
        if not key:
            return
        index = self.findData(key)
        if index < 0:
            self.addItem(key, key)
            index = self.count() - 1
        self.setCurrentIndex(index)
        self.setToolTip(str(self.itemData(index, Qt.ItemDataRole.ToolTipRole) or ""))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
