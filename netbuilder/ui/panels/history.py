"""Every step since the document was opened, by name; a click goes to any of them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTreeView, QVBoxLayout, QWidget

from netbuilder.core.document import Document
from netbuilder.ui.context import UiContext
from netbuilder.ui.theme import Themes, ui_font
from netbuilder.ui.widgets.empty_state import EmptyState

Index = QModelIndex | QPersistentModelIndex


class HistoryModel(QAbstractListModel):
    """Row 0 is the document as it was opened; row `n` is the state after step `n`. Undone steps stay, pale."""

    def __init__(self, document: Document, themes: Themes, parent: QWidget) -> None:
        super().__init__(parent)
        self._document = document
        self._themes = themes
        self._steps: tuple[str, ...] = ()
        self.position = 0

    def renew(self) -> None:
        """Take over the document's steps."""
        steps, position = self._document.steps, self._document.position
        if steps != self._steps:
            self.beginResetModel()
            self._steps, self.position = steps, position
            self.endResetModel()
        elif position != self.position:
            self.position = position
            self.dataChanged.emit(self.index(0), self.index(len(steps)))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """The steps and the beginning."""
        return 0 if parent.isValid() else len(self._steps) + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The step's name; where the document is stands out, and what was undone is pale."""
        row = index.row()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._steps[row - 1] if row else "Opened"
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._themes.current.faint if row > self.position else self._themes.current.text
        if role == Qt.ItemDataRole.FontRole:
            return ui_font(13, 600 if row == self.position else 400)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            state = "present state" if row == self.position else "undone" if row > self.position else "done"
            return f"{self.data(index)}, {state}"
        return None


class HistoryPanel(QWidget):
    """The list of steps; Enter or a click goes to the state after one."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel.history")
        self._document, self._level = context.session.document, context.session.level
        self.model = HistoryModel(self._document, context.themes, self)
        self.list = QTreeView(self)
        self.list.setObjectName("history.steps")
        self.list.setAccessibleName("History")
        self.list.setModel(self.model)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.clicked.connect(self._go)
        self.list.activated.connect(self._go)
        self.empty = EmptyState("undo-2", "No steps yet", "Each edit appears here by name; a click goes back to any of them.", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.addWidget(self.empty)
        column.addWidget(self.list)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._renew)
        self._document.state_changed.connect(self._changed)
        context.themes.changed.connect(self.list.viewport().update)
        self._renew()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with the edits made while the panel was hidden."""
        self._renew()

    def _changed(self) -> None:
        if self.isVisible():
            self._later.start(0)

    def _renew(self) -> None:
        self.model.renew()
        self.empty.setHidden(bool(self._document.steps))
        self.list.setVisible(bool(self._document.steps))
        index = self.model.index(self.model.position)
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index)

    def _go(self, index: QModelIndex) -> None:
        self._level.step(self._document.go_to(index.row()))
