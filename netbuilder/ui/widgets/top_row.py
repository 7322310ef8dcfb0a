"""The window's first row: the document's name, the menus, and the way to every command."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenuBar, QPushButton, QSizePolicy, QWidget

from netbuilder.ui.widgets.labels import label


class TopRow(QWidget):
    """35 px high; the field at the right opens the command palette."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar.top")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(36)
        self.name = label("", "document", self)
        self.name.setObjectName("document.name")
        self.menus = QMenuBar(self)
        self.menus.setObjectName("bar.menus")
        self.menus.setNativeMenuBar(False)
        self.menus.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.search = QPushButton(self)
        self.search.setText("Search commands, layers…  Ctrl+Shift+P")
        self.search.setObjectName("search.commands")
        self.search.setProperty("kind", "search")
        self.search.setFixedHeight(24)
        self.search.setMinimumWidth(120)
        self.search.setMaximumWidth(414)
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 1)
        row.setSpacing(8)
        row.addWidget(self.name)
        row.addWidget(self.menus)
        row.addStretch(1)
        row.addWidget(self.search, 3)

    def show_name(self, name: str, modified: bool) -> None:
        """The document's name, with a dot when there is something to save."""
        self.name.setText(f"{name} •" if modified else name)
        self.name.setToolTip("There are unsaved changes" if modified else "All changes are saved")
