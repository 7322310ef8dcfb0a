"""All keyboard shortcuts on one page: to look up, to search, to print, and to change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path

from PySide6.QtCore import QEvent, QMarginsF, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QPageLayout, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from netbuilder.ui.canvas.keyboard import Keyboard
from netbuilder.ui.canvas.mouse_hints import MOUSE
from netbuilder.ui.commands import MENUS, Command, CommandRegistry
from netbuilder.ui.context import UiContext
from netbuilder.ui.theme import mono_font, ui_font
from netbuilder.ui.widgets.dialog import Dialog
from netbuilder.ui.widgets.labels import label

OTHER = "On the canvas"
_ID = Qt.ItemDataRole.UserRole
Bind = Callable[[Mapping[str, str]], object]


class ShortcutsDialog(Dialog):
    """Every command by menu. Choose one, press new keys, and take them; what they meant before is told first."""

    def __init__(self, context: UiContext, bind: Bind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.shortcuts")
        self.setWindowTitle("Keyboard shortcuts")
        self.resize(640, 640)
        self._context, self._registry, self._bind = context, context.commands, bind
        self.search = QLineEdit(self)
        self.search.setObjectName("shortcuts.search")
        self.search.setAccessibleName("Search shortcuts")
        self.search.setPlaceholderText("Search by name or by keys, such as Ctrl+D")
        self.search.setProperty("role", "search")
        self.search.setClearButtonEnabled(True)
        self.tree = _tree(self)
        self.keys = QKeySequenceEdit(self)
        self.keys.setObjectName("shortcuts.keys")
        self.keys.setAccessibleName("New shortcut")
        self.keys.setMaximumSequenceLength(1)
        self.keys.setMaximumWidth(190)
        self.told: QLabel = label("", "secondary", self, wrap=True)
        self.told.setObjectName("shortcuts.told")
        self.told.setMinimumHeight(34)
        self._build()
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        self.tree.currentItemChanged.connect(lambda _now, _before: self._choose())
        self.keys.keySequenceChanged.connect(lambda _keys: self._explain())
        self.fill()
        self.search.setFocus()

    @property
    def command(self) -> Command | None:
        """The chosen one."""
        item = self.tree.currentItem()
        id_ = item.data(0, _ID) if item is not None else None
        return next((command for command in self._registry if command.id == id_), None)

    def fill(self) -> None:
        """Show every command with its shortcut as it stands."""
        chosen = self.command
        self.tree.clear()
        for menu, commands in grouped(self._registry).items():
            group = QTreeWidgetItem(self.tree, [menu])
            group.setFont(0, ui_font(12, 600))
            group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for command in commands:
                item = QTreeWidgetItem(group, [command.name, shown(self._registry.keys(command.id))])
                item.setData(0, _ID, command.id)
                item.setFont(1, mono_font(12, 600 if self._registry.rebound(command.id) else 400))
                if chosen is not None and command.id == chosen.id:
                    self.tree.setCurrentItem(item)
        self._add_mouse()
        self.tree.expandAll()
        self._filter(self.search.text())
        self._choose()

    def _add_mouse(self) -> None:
        """What the pointer does; it cannot be changed."""
        group = QTreeWidgetItem(self.tree, ["With the mouse and single keys"])
        group.setFont(0, ui_font(12, 600))
        for row in (group, *(QTreeWidgetItem(group, list(words)) for words in MOUSE)):
            row.setFlags(Qt.ItemFlag.ItemIsEnabled)

    def assign(self) -> None:
        """Give the pressed keys to the chosen command; those that had them lose them."""
        command, keys = self.command, self.keys.keySequence()
        if command is not None:
            taken = {other.id: "" for other in self._registry.holders(command.id, keys)}
            self._take({**self._bindings(), **taken, command.id: keys.toString()})

    def remove(self) -> None:
        """Leave the chosen command without a shortcut."""
        if self.command is not None:
            self._take({**self._bindings(), self.command.id: ""})

    def reset(self) -> None:
        """Give the chosen command the shortcut it was made with."""
        command = self.command
        if command is not None:
            left = {id_: keys for id_, keys in self._bindings().items() if id_ != command.id}
            self._take(left)
            if self._registry.keys(command.id) != command.keys:
                holders = ", ".join(f"“{other.name}”" for other in self._registry.holders(command.id, command.keys))
                self.told.setText(f"{shown(command.keys)} belongs to {holders} now. Reset that too to have it back.")

    def reset_all(self) -> None:
        """Every shortcut as it was made."""
        self._take({})

    def save_page(self, path: Path) -> None:
        """Write all shortcuts as a page to print."""
        writer = QPdfWriter(str(path))
        writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        writer.setPageMargins(QMarginsF(16, 14, 16, 14), QPageLayout.Unit.Millimeter)
        writer.setTitle("Netbuilder: keyboard shortcuts")
        page = QTextDocument()
        page.setDefaultFont(ui_font(12))
        page.setHtml(_page(self._registry))
        page.print_(writer)
        self.told.setText(f"Written to {path.name}.")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the search field the arrows walk the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.tree.setFocus()
            self.tree.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def _bindings(self) -> dict[str, str]:
        return {command.id: self._registry.keys(command.id).toString() for command in self._registry if self._registry.rebound(command.id)}

    def _take(self, bindings: Mapping[str, str]) -> None:
        same = {command.id: command.keys.toString() for command in self._registry}
        self._bind({id_: keys for id_, keys in bindings.items() if same.get(id_) != keys})
        self.fill()
        self.tree.setFocus()

    def _choose(self) -> None:
        command = self.command
        for part in (self.keys, self._assign, self._remove, self._reset):
            part.setEnabled(command is not None)
        self._reset.setEnabled(command is not None and self._registry.rebound(command.id))
        self.keys.setKeySequence(self._registry.keys(command.id) if command is not None else QKeySequence())
        self._explain()

    def _explain(self) -> None:
        """What taking these keys would mean."""
        command, keys = self.command, self.keys.keySequence()
        if command is None:
            self.told.setText("Choose a command to change its shortcut.")
            self._assign.setEnabled(False)
            return
        holders = self._registry.holders(command.id, keys)
        self._assign.setEnabled(not keys.isEmpty() and keys != self._registry.keys(command.id))
        self._assign.setText("Take over" if holders else "Assign")
        if holders:
            names = " and ".join(f"“{other.name}”" for other in holders)
            self.told.setText(
                f"{shown(keys)} now means {names}. Taking it over leaves {'that' if len(holders) == 1 else 'those'} without keys."
            )
        elif keys == self._registry.keys(command.id):
            self.told.setText(f"Press new keys for “{command.name}” in the field.")
        else:
            self.told.setText(self._lost(command, keys))

    def _lost(self, command: Command, keys: QKeySequence) -> str:
        """What keys that are no other shortcut would not do on the canvas any more."""
        use = Keyboard.use(keys)
        if not use or use == command.id:
            return ""
        does = next((f"means “{other.name}”" for other in self._registry if other.id == use), use)
        return f"On the canvas {shown(keys)} {does}. It will not any more."

    def _filter(self, text: str) -> None:
        wanted = text.strip().casefold()
        for row in range(self.tree.topLevelItemCount()):
            group = self.tree.topLevelItem(row)
            children = [group.child(n) for n in range(group.childCount())] if group is not None else []
            for child in children:
                child.setHidden(not any(wanted in child.text(column).casefold() for column in (0, 1)))
            if group is not None:
                group.setHidden(all(child.isHidden() for child in children))

    def _ask_page(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Save the shortcuts as", str(Path.home() / "netbuilder-shortcuts.pdf"), "PDF (*.pdf)")
        if name:
            self.save_page(Path(name))

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        column.addWidget(label("Keyboard shortcuts", "title", self))
        column.addWidget(self.search)
        column.addWidget(self.tree, 1)
        editing, below = QHBoxLayout(), QHBoxLayout()
        self._assign = self._button("Assign", self.assign, "assign")
        self._remove = self._button("Remove", self.remove, "remove")
        self._reset = self._button("Reset", self.reset, "reset")
        editing.addWidget(label("New shortcut", "label", self))
        for part in (self.keys, self._assign, self._remove, self._reset):
            editing.addWidget(part)
        editing.addStretch(1)
        column.addLayout(editing)
        column.addWidget(self.told)
        below.addWidget(self._button("Reset all", self.reset_all, "reset_all"))
        below.addWidget(self._button("Save as PDF…", self._ask_page, "pdf"))
        below.addStretch(1)
        below.addWidget(self._button("Close", self.reject, "close"))
        column.addLayout(below)

    def _button(self, text: str, run: Callable[[], object], name: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(f"shortcuts.{name}")
        button.setAutoDefault(False)
        button.clicked.connect(run)
        return button


def shown(keys: QKeySequence) -> str:
    """Keys as people read them."""
    return keys.toString(QKeySequence.SequenceFormat.NativeText)


def grouped(registry: CommandRegistry) -> dict[str, list[Command]]:
    """Commands by menu, those without one at the end."""
    found = {menu: registry.in_menu(menu) for menu in MENUS}
    return {**{menu: commands for menu, commands in found.items() if commands}, OTHER: registry.in_menu("")}


def _page(registry: CommandRegistry) -> str:
    parts = ["<h2>Netbuilder: keyboard shortcuts</h2>"]
    groups = {menu: [(command.name, shown(registry.keys(command.id))) for command in found] for menu, found in grouped(registry).items()}
    for menu, named in {**groups, "With the mouse and single keys": MOUSE}.items():
        rows = [(name, keys) for name, keys in named if keys]
        if rows:
            lines = "".join(f"<tr><td width='320'>{escape(name)}</td><td><b>{escape(keys)}</b></td></tr>" for name, keys in rows)
            parts.append(f"<h4>{escape(menu)}</h4><table cellspacing='2'>{lines}</table>")
    return "".join(parts)


def _tree(parent: QWidget) -> QTreeWidget:
    tree = QTreeWidget(parent)
    tree.setObjectName("shortcuts.list")
    tree.setAccessibleName("Commands and their shortcuts")
    tree.setColumnCount(2)
    tree.setHeaderHidden(True)
    tree.setRootIsDecorated(False)
    tree.setIndentation(10)
    tree.header().setStretchLastSection(False)
    tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
    return tree
