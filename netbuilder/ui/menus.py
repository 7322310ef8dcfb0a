"""Menus built from the command registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from netbuilder.ui.commands import MENUS, CommandRegistry

FOLDED = {
    "tabs": "Go to",
    "theme": "Theme",
    "scale": "Interface size",
    "heat": "Colour the network",
    "align": "Align and distribute",
}
"""Groups with a menu of their own in their menu."""


def build_menus(bar: QMenuBar) -> dict[str, QMenu]:
    """One empty menu for each heading, in order."""
    menus = {title: bar.addMenu(f"&{title}") for title in MENUS}
    for title, menu in menus.items():
        menu.setObjectName(f"menu.{title.lower()}")
        menu.setToolTipsVisible(True)
    return menus


def fill_menus(menus: Mapping[str, QMenu], registry: CommandRegistry) -> None:
    """Every command under its heading, with separators between groups, long groups as menus of their own.

    States are asked again when a menu opens.
    """
    for title, menu in menus.items():
        menu.aboutToShow.connect(registry.refresh)
        groups: dict[str, list[QAction]] = {}
        for command in registry.in_menu(title):
            groups.setdefault(command.group, []).append(registry.action(command.id))
        folded = False
        for group, actions in groups.items():
            if not menu.isEmpty() and not (folded and group in FOLDED):
                menu.addSeparator()
            folded = group in FOLDED
            (_folded(menu, group) if folded else menu).addActions(actions)


def _folded(menu: QMenu, group: str) -> QMenu:
    submenu = menu.addMenu(FOLDED[group])
    submenu.setObjectName(f"menu.{group}")
    submenu.setToolTipsVisible(True)
    return submenu


def add_recent(menu: QMenu, before: str, fill: Callable[[QMenu], object]) -> QMenu:
    """A submenu of recent projects above the action called `before`, filled whenever it opens."""
    submenu = QMenu("Open recent", menu)
    submenu.setObjectName("menu.recent")
    submenu.aboutToShow.connect(lambda: fill(submenu))
    place = next((action for action in menu.actions() if action.objectName() == before), None)
    if place is None:
        menu.addMenu(submenu)
    else:
        menu.insertMenu(place, submenu)
    return submenu
