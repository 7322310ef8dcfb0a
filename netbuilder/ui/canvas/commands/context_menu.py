"""The context menu of the canvas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from netbuilder.ui.canvas.gestures.base import Pointer
from netbuilder.ui.canvas.repair_menu import add_fixes

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView

_NODE_MENU = (
    "canvas.edit",
    "canvas.add",
    "canvas.connect",
    "",
    "canvas.cut",
    "canvas.copy",
    "canvas.duplicate",
    "",
    "inspect.tensor",
    "canvas.make_block",
    "canvas.take_out",
    "canvas.disconnect",
    "canvas.delete",
)
_BLOCK_MENU = ("canvas.open_block", "canvas.block_settings", "canvas.expand_block", "", *_NODE_MENU[1:])
_VOID_MENU = (
    "canvas.add",
    "canvas.paste",
    "",
    "canvas.select_all",
    "canvas.arrange",
    "",
    "canvas.leave_block",
    "canvas.fit",
    "canvas.actual_size",
)
_WIRE_MENU = ("canvas.insert", "canvas.select_branch", "inspect.tensor", "", "canvas.delete")


def open_menu(canvas: CanvasView, pointer: Pointer, where: QPoint) -> None:
    """Open the menu for what lies at a point, which becomes selected first; `where` is that point on the screen."""
    scene = canvas.canvas_scene
    node = scene.node_at(pointer.scene)
    wire = scene.wire_at(pointer.scene) if node is None else None
    grip = canvas.ground.notes.at(pointer.scene) if canvas.graph.frames and node is None and wire is None else None
    if grip is not None:
        canvas.ground.notes.choose([grip.note])
        menu = menu_of(canvas, ())
        canvas.ground.notes.fill_menu(menu)
        menu.popup(where)
        return
    if node is not None and node.node_id not in canvas.selection.ids:
        canvas.selection.set([node.node_id])
    if wire is not None:
        canvas.selection.clear()
        canvas.select_wires([wire.link.target])
    block = node is not None and canvas.levels.is_block(node.node_id)
    menu = menu_of(canvas, _BLOCK_MENU if block else _NODE_MENU if node else _WIRE_MENU if wire else _VOID_MENU)
    if node is not None:
        add_fixes(menu, canvas, node.node_id)
    menu.popup(where)


def menu_of(canvas: CanvasView, names: Sequence[str]) -> QMenu:
    """A menu of commands by id, leaving out those that the window does not have; an empty id is a separator."""
    menu = QMenu(canvas)
    menu.setObjectName("canvas.menu")
    commands = canvas.context.commands
    commands.refresh()
    for name in names:
        if not name:
            menu.addSeparator()
        elif name in commands:
            menu.addAction(commands.action(name))
    menu.aboutToHide.connect(menu.deleteLater)
    return menu
