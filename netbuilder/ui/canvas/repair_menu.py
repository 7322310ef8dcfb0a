"""What mends a layer, as a menu at the layer: the entry under the pointer shows its ghost, a click does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from netbuilder.net.results import Fix

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView

_MOST = 6


def fixes_of(canvas: CanvasView, node_id: str | None) -> list[Fix]:
    """All remedies for the problems of a layer, errors first."""
    answer = canvas.level.judged.answers.get(node_id or "")
    return [fix for problem in (answer.problems if answer else ()) for fix in problem.fixes][:_MOST]


def add_fixes(menu: QMenu, canvas: CanvasView, node_id: str) -> None:
    """Put them at the top of a menu."""
    fixes = fixes_of(canvas, node_id)
    first = menu.actions()[0] if menu.actions() else None
    edits: dict[QAction, Fix] = {}
    for number, fix in enumerate(fixes):
        action = QAction(fix.label, menu)
        action.setObjectName(f"fix.{number}")
        action.triggered.connect(_doing(canvas, fix))
        menu.insertAction(first, action) if first is not None else menu.addAction(action)
        edits[action] = fix
    if not fixes:
        return
    if first is not None:
        menu.insertSeparator(first)
    previews = canvas.context.session.previews
    menu.hovered.connect(lambda action: previews.show(edits[action].edit if action in edits else None))
    menu.aboutToHide.connect(lambda: previews.show(None))


def open_fixes(canvas: CanvasView) -> None:
    """The remedies of the current layer in a menu of their own, for the keyboard."""
    current = canvas.lists.current()
    item = canvas.canvas_scene.nodes.get(current or "")
    if item is None or not fixes_of(canvas, current):
        canvas.say(_nothing_to_do(canvas, current) if item is not None else "Select the layer that you want to mend.")
        return
    menu = QMenu(canvas)
    menu.setObjectName("canvas.menu")
    add_fixes(menu, canvas, item.node_id)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(canvas.viewport().mapToGlobal(canvas.mapFromScene(item.rect.topRight()) + QPoint(10, 0)))
    menu.setActiveAction(menu.actions()[0])


def _nothing_to_do(canvas: CanvasView, node_id: str | None) -> str:
    """Why there is no remedy to offer: a problem that only a person can solve, or none."""
    answer = canvas.level.judged.answers.get(node_id or "")
    problem = next(iter(answer.problems), None) if answer else None
    return f"{problem.message} {problem.remedy}".strip() if problem is not None else "This layer has no problem to mend."


def _doing(canvas: CanvasView, fix: Fix) -> Callable[[], None]:
    def do() -> None:
        canvas.attempt(fix.edit, fix.label)

    return do
