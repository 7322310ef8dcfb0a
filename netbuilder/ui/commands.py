"""The one registry of commands: menus, shortcuts, palette and help are all built from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

MENUS = ("File", "Edit", "View", "Network", "Train", "Inspect", "Help")


def _always() -> bool:
    return True


class Command(Struct, frozen=True):
    """Something a person can do. `id` is stable (`train.start`); `menu` one of `MENUS`, or empty for the palette only.

    `enabled` and `checked` are asked whenever menus may have changed; `group` draws a separator between groups of a menu.
    `title` may be a function when it changes (“Undo Connect”). `local` shortcuts act only while `owner` has the focus.
    """

    id: str
    title: str | Callable[[], str]
    run: Callable[[], object]
    menu: str = ""
    shortcut: str | QKeySequence.StandardKey = ""
    enabled: Callable[[], bool] = _always
    icon: str = ""
    checked: Callable[[], bool] | None = None
    group: str = ""
    tip: str = ""
    owner: QWidget | None = None

    @property
    def label(self) -> str:
        """The title as it stands now."""
        return self.title if isinstance(self.title, str) else self.title()

    @property
    def checkable(self) -> bool:
        """Whether it shows a tick."""
        return self.checked is not None

    @property
    def keys(self) -> QKeySequence:
        """Its shortcut; empty when it has none."""
        return QKeySequence(self.shortcut)


class CommandRegistry(QObject):
    """Commands by id with one `QAction` each, whose `objectName` is `action.<id>`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._commands: dict[str, Command] = {}
        self._actions: dict[str, QAction] = {}
        self._holders: dict[str, list[Command]] = {}

    def add(self, command: Command) -> QAction:
        """Register a command and return its action. Raises `ValueError` for a second id or shortcut."""
        if command.id in self._commands:
            raise ValueError(f"two commands are called {command.id}")
        keys = command.keys
        if not keys.isEmpty():
            self._claim(keys, command)
        action = QAction(command.label, self)
        action.setObjectName(f"action.{command.id}")
        action.setCheckable(command.checkable)
        action.setToolTip(command.tip or command.label)
        if not keys.isEmpty():
            action.setShortcut(keys)
        if command.owner is not None:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            command.owner.addAction(action)
        action.triggered.connect(lambda: self.run(command.id))
        self._commands[command.id] = command
        self._actions[command.id] = action
        return action

    def _claim(self, keys: QKeySequence, command: Command) -> None:
        holders = self._holders.setdefault(keys.toString(), [])
        for other in holders:
            if command.owner is other.owner or None in (command.owner, other.owner):
                raise ValueError(f"{command.id} and {other.id} share {keys.toString()}")
        holders.append(command)

    def action(self, id_: str) -> QAction:
        """The action of a command, for buttons and menus."""
        return self._actions[id_]

    def run(self, id_: str) -> None:
        """Do it, unless it is disabled now."""
        command = self._commands[id_]
        if command.enabled():
            command.run()
        self.refresh()

    def refresh(self, id_: str | None = None) -> None:
        """Ask every command (or one) for its title, state and tick again."""
        for key in (id_,) if id_ else self._commands:
            command, action = self._commands[key], self._actions[key]
            action.setText(command.label)
            action.setEnabled(command.enabled())
            if command.checked is not None:
                action.setChecked(command.checked())

    def __contains__(self, id_: object) -> bool:
        return id_ in self._commands

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands.values())

    def in_menu(self, menu: str) -> list[Command]:
        """The commands of a menu in the order they were added."""
        return [command for command in self if command.menu == menu]
