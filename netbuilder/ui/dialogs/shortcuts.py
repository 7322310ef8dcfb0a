"""All keyboard shortcuts on one page, built from the command registry."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from netbuilder.ui.commands import MENUS, Command
from netbuilder.ui.context import UiContext
from netbuilder.ui.widgets.labels import label


class ShortcutsDialog(QDialog):
    """Columns by menu."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.shortcuts")
        self.setWindowTitle("Keyboard shortcuts")
        columns = [QVBoxLayout(), QVBoxLayout()]
        room = [0, 0]
        for menu in MENUS:
            commands = [command for command in context.commands.in_menu(menu) if not command.keys.isEmpty()]
            if commands:
                place = room.index(min(room))
                columns[place].addWidget(self._group(menu, commands))
                room[place] += len(commands) + 2
        row = QHBoxLayout()
        row.setSpacing(40)
        for column in columns:
            column.setSpacing(14)
            column.addStretch(1)
            row.addLayout(column)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 20, 24, 16)
        outer.setSpacing(16)
        outer.addWidget(label("Keyboard shortcuts", "title", self))
        outer.addLayout(row)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        outer.addWidget(buttons)

    def _group(self, menu: str, commands: list[Command]) -> QWidget:
        group = QWidget(self)
        grid = QGridLayout(group)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(5)
        grid.setHorizontalSpacing(20)
        grid.setColumnMinimumWidth(0, 170)
        grid.addWidget(label(menu, "heading", group), 0, 0)
        for number, command in enumerate(commands, 1):
            grid.addWidget(label(command.label, "secondary", group), number, 0)
            keys = command.keys.toString(QKeySequence.SequenceFormat.NativeText)
            grid.addWidget(label(keys, "key", group), number, 1)
        return group
