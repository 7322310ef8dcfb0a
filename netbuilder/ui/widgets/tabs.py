"""A tab row over a stack of panels."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from netbuilder.ui.theme import Themes
from netbuilder.ui.widgets.rule import rule
from netbuilder.ui.widgets.tab_row import TabRow


class Tabs(QWidget):
    """Panels by key under a row of tabs."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.row = TabRow(themes, self)
        self.row.setObjectName("tabs.row")
        self._stack = QStackedWidget(self)
        self._stack.setMinimumHeight(0)
        self._keys: list[str] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        strip = QHBoxLayout()
        strip.setContentsMargins(5, 0, 5, 0)
        strip.addWidget(self.row, 1)
        column.addLayout(strip)
        column.addWidget(rule())
        column.addWidget(self._stack, 1)
        self.row.currentChanged.connect(self._stack.setCurrentIndex)

    def sizeHint(self) -> QSize:
        """As high as the mock-ups show it."""
        return QSize(700, 306)

    def minimumSizeHint(self) -> QSize:
        """The row and a little more."""
        return QSize(200, 120)

    def add(self, key: str, title: str, panel: QWidget) -> None:
        """Add a panel at the right."""
        self._keys.append(key)
        self._stack.addWidget(panel)
        self.row.addTab(title)

    @property
    def current(self) -> str:
        """Key of the panel on show."""
        return self._keys[self.row.currentIndex()]

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys from left to right."""
        return tuple(self._keys)

    def show_tab(self, key: str) -> None:
        """Bring a panel to the front; an unknown key does nothing."""
        if key in self._keys:
            self.row.setCurrentIndex(self._keys.index(key))

    def panel(self, key: str) -> QWidget:
        """The panel of a key."""
        return self._stack.widget(self._keys.index(key))

    def set_badge(self, key: str, text: str, kind: str) -> None:
        """A count beside a tab."""
        self.row.set_badge(self._keys.index(key), text, kind)
