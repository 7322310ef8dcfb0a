"""The one registry of commands: menus, shortcuts, palette and help are all built from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from msgspec import Struct
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

MENUS = ("File", "Edit", "View", "Network", "Train", "Inspect", "Help")


C = TypeVar("C", bound=Callable[..., bool])


def needs(words: str) -> Callable[[C], C]:
    """Decorate a condition with the sentence that explains why a command cannot be used while it is false."""

    def told(condition: C) -> C:
        condition.needs = words  # type: ignore[attr-defined]
        return condition

    return told


def _always() -> bool:
    return True


class Changing(Struct, frozen=True):
    """A title that follows what would be done `now` (“Undo Connect”), and the `name` of the command where no moment is meant (“Undo”)."""

    name: str
    now: Callable[[], str]


class Command(Struct, frozen=True):
    """Something a person can do. `id` is stable (`train.start`); `menu` one of `MENUS`, or empty for the palette only.

    `enabled` and `checked` are asked whenever menus may have changed; `group` draws a separator between groups of a menu.
    `local` shortcuts act only while `owner` has the focus.
    """

    id: str
    title: str | Changing
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
        return self.title if isinstance(self.title, str) else self.title.now()

    @property
    def name(self) -> str:
        """What it is called at any time."""
        return self.title if isinstance(self.title, str) else self.title.name

    @property
    def hindrance(self) -> str:
        """Why it cannot be used now; empty when it can."""
        return "" if self.enabled() else str(getattr(self.enabled, "needs", "Not possible now."))

    @property
    def checkable(self) -> bool:
        """Whether it shows a tick."""
        return self.checked is not None

    @property
    def keys(self) -> QKeySequence:
        """The shortcut that it was made with; empty when it has none. `CommandRegistry.keys` tells what it is now."""
        return QKeySequence(self.shortcut)

    def keys_clash(self, other: Command) -> bool:
        """Whether the same shortcut could mean either, because both act at once."""
        return self.owner is other.owner or None in (self.owner, other.owner)


class CommandRegistry(QObject):
    """Commands by id with one `QAction` each, whose `objectName` is `action.<id>`.

    `bindings` are the user's own shortcuts as portable text by command; an empty one takes the shortcut away.
    """

    def __init__(self, parent: QObject | None = None, bindings: Mapping[str, str] | None = None) -> None:
        super().__init__(parent)
        self._bindings: Mapping[str, str] = dict(bindings or {})
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
        action.setToolTip(command.tip)
        if command.owner is not None:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            command.owner.addAction(action)
        action.triggered.connect(lambda: self.run(command.id))
        self._commands[command.id] = command
        self._actions[command.id] = action
        action.setShortcut(self.keys(command.id))
        return action

    def keys(self, id_: str) -> QKeySequence:
        """The shortcut of a command as it stands: the user's, else its own unless the user gave that to another command."""
        command = self._commands[id_]
        if id_ in self._bindings:
            return QKeySequence.fromString(self._bindings[id_])
        keys = command.keys
        taken = [self._commands[other] for other, bound in self._bindings.items() if other in self._commands and bound]
        return QKeySequence() if any(other.keys_clash(command) and self._bound(other) == keys for other in taken) else keys

    def rebound(self, id_: str) -> bool:
        """Whether the user changed the shortcut of this command."""
        return id_ in self._bindings

    def bind(self, bindings: Mapping[str, str]) -> None:
        """Take these shortcuts of the user instead of all earlier ones."""
        self._bindings = dict(bindings)
        for id_, action in self._actions.items():
            action.setShortcut(self.keys(id_))

    def holders(self, id_: str, keys: QKeySequence) -> list[Command]:
        """The commands that a shortcut for this one would clash with."""
        command = self._commands[id_]
        others = (other for other in self if other.id != id_ and other.keys_clash(command))
        return [other for other in others if not keys.isEmpty() and self.keys(other.id) == keys]

    def _bound(self, command: Command) -> QKeySequence:
        return QKeySequence.fromString(self._bindings[command.id])

    def _claim(self, keys: QKeySequence, command: Command) -> None:
        holders = self._holders.setdefault(keys.toString(), [])
        for other in holders:
            if command.keys_clash(other):
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
            hindrance = command.hindrance
            action.setText(command.label)
            action.setEnabled(not hindrance)
            action.setToolTip("\n".join(filter(None, (command.tip, hindrance))))
            if command.checked is not None:
                action.setChecked(command.checked())

    def __contains__(self, id_: object) -> bool:
        return id_ in self._commands

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands.values())

    def in_menu(self, menu: str) -> list[Command]:
        """The commands of a menu in the order they were added."""
        return [command for command in self if command.menu == menu]
