"""Menus built from the command registry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from PySide6.QtWidgets import QMenu, QMenuBar

from netbuilder.ui.commands import MENUS, CommandRegistry


def build_menus(bar: QMenuBar) -> dict[str, QMenu]:
    """One empty menu for each heading, in order."""
    menus = {title: bar.addMenu(title) for title in MENUS}
    for title, menu in menus.items():
        menu.setObjectName(f"menu.{title.lower()}")
        menu.setToolTipsVisible(True)
    return menus


def fill_menus(menus: Mapping[str, QMenu], registry: CommandRegistry) -> None:
    """Every command under its heading, with separators between groups. States are asked again when a menu opens."""
    for title, menu in menus.items():
        menu.aboutToShow.connect(registry.refresh)
        group = None
        for command in registry.in_menu(title):
            if group is not None and command.group != group:
                menu.addSeparator()
            group = command.group
            menu.addAction(registry.action(command.id))


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
