"""A part of a panel that can be folded away under its heading."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from netbuilder.ui.icons import icon
from netbuilder.ui.theme import ui_font


class Section(QWidget):
    """A heading with a chevron and the widget below it."""

    toggled = Signal(bool)

    def __init__(self, title: str, body: QWidget, parent: QWidget | None = None, *, opened: bool = True) -> None:
        super().__init__(parent)
        self.header = QToolButton(self)
        self.header.setText(title)
        self.header.setFont(ui_font(12, 600))
        self.header.setCheckable(True)
        self.header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.header.setIconSize(QSize(12, 12))
        self.header.setProperty("role", "section")
        self.header.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.header.setFixedHeight(26)
        self.body = body
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.header)
        column.addWidget(body)
        self.header.toggled.connect(self._show)
        self.header.setChecked(opened)
        self._show(opened)

    def _show(self, opened: bool) -> None:
        self.body.setVisible(opened)
        colour = self.palette().placeholderText().color()
        self.header.setIcon(icon("chevron-down" if opened else "chevron-right", colour, 12))
        self.toggled.emit(opened)
