"""Menus built from the command registry."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtWidgets import QMenu, QMenuBar

from netbuilder.ui.commands import MENUS, CommandRegistry


def build_menus(bar: QMenuBar, registry: CommandRegistry) -> dict[str, QMenu]:
    """One menu for each heading, in order, with separators between groups. States are asked again when a menu opens."""
    menus: dict[str, QMenu] = {}
    for title in MENUS:
        menu = bar.addMenu(title)
        menu.setObjectName(f"menu.{title.lower()}")
        menu.aboutToShow.connect(registry.refresh)
        group = None
        for command in registry.in_menu(title):
            if group is not None and command.group != group:
                menu.addSeparator()
            group = command.group
            menu.addAction(registry.action(command.id))
        menus[title] = menu
    return menus


def add_recent(menu: QMenu, before: str, recent: Callable[[], Iterable[Path]], open_: Callable[[Path], object]) -> QMenu:
    """A submenu of recent projects above the action called `before`, filled whenever it opens."""
    submenu = QMenu("Open recent", menu)
    submenu.setObjectName("menu.recent")

    def fill() -> None:
        submenu.clear()
        for path in recent():
            action = submenu.addAction(path.stem)
            action.setToolTip(str(path))
            action.setObjectName(f"action.recent.{path.stem}")
            action.triggered.connect(lambda _checked=False, path=path: open_(path))
        if submenu.isEmpty():
            submenu.addAction("Nothing opened yet").setEnabled(False)

    submenu.aboutToShow.connect(fill)
    place = next((action for action in menu.actions() if action.objectName() == before), None)
    if place is None:
        menu.addMenu(submenu)
    else:
        menu.insertMenu(place, submenu)
    return submenu
