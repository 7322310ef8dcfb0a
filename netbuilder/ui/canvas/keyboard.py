"""Keys of the canvas that are no menu shortcuts: walking, nudging, adding, connecting, giving up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QGraphicsView

from netbuilder.core.edits import move
from netbuilder.ui.canvas.geometry import STEP

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}

_HELD = {Qt.Key.Key_Space: "pans while it is held", Qt.Key.Key_Escape: "gives up what was begun"}

_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


class Keyboard:
    """`used` tells whether the keyboard steers, so that a layer's focus ring is shown only then; `ring` is that of the whole canvas."""

    def __init__(self, canvas: CanvasView) -> None:
        self._canvas = canvas
        self.used = self.ring = False

    def arrive(self, reason: Qt.FocusReason) -> None:
        """The canvas has the focus now."""
        self._show_ring(reason in _BY_KEY)
        self._canvas.marking.show_focus()

    def leave(self) -> None:
        """The focus went elsewhere."""
        self._canvas.mouse.space = False
        self._show_ring(False)
        self._canvas.marking.show_focus()

    def go_on(self) -> None:
        """The focus goes to what follows the canvas: Tab alone adds a layer."""
        QGraphicsView.focusNextPrevChild(self._canvas, True)

    def _show_ring(self, on: bool) -> None:
        if on != self.ring:
            self.ring = on
            self._canvas.viewport().update()

    @staticmethod
    def use(keys: QKeySequence) -> str:
        """What keys do on the canvas that are no shortcut there: the id of a command, else words; empty when nothing."""
        if keys.count() != 1:
            return ""
        only = keys[0]  # type: ignore[index]
        key, mods = only.key(), only.keyboardModifiers()
        if key in _ARROWS and not mods & Qt.KeyboardModifier.AltModifier:
            return "goes from layer to layer" if mods & Qt.KeyboardModifier.ControlModifier else "moves what is selected, or the paper"
        return Keyboard._plain(key, mods) or (_HELD.get(key, "") if not mods else "")

    def press(self, event: QKeyEvent) -> bool:
        """Handle a key; returns whether it meant anything here."""
        if self._holds_space(event, True):
            return True
        canvas, key, mods = self._canvas, Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Qt.Key.Key_Escape:
            self._escape()
            return True
        if canvas.busy:
            return False
        self.used = True
        if key in _ARROWS and not mods & Qt.KeyboardModifier.AltModifier:
            return self._arrow(_ARROWS[key], mods)
        run = self._plain(key, mods)
        commands = canvas.context.commands
        if run not in commands or commands.rebound(run):
            return False
        commands.run(run)
        return True

    def release(self, event: QKeyEvent) -> bool:
        """A key is let go; returns whether that meant anything here."""
        return self._holds_space(event, False)

    def _holds_space(self, event: QKeyEvent, down: bool) -> bool:
        """While Space is held, the pointer pans."""
        if event.key() != Qt.Key.Key_Space or event.isAutoRepeat():
            return False
        self._canvas.mouse.space = down
        self._canvas.hover.cursor(Qt.CursorShape.OpenHandCursor if down else None)
        return True

    @staticmethod
    def _plain(key: Qt.Key, mods: Qt.KeyboardModifier) -> str:
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if mods == Qt.KeyboardModifier.ShiftModifier and enter:
            return "canvas.connect"
        if key == Qt.Key.Key_Question:
            return "help.shortcuts"
        if key == Qt.Key.Key_Equal and mods == Qt.KeyboardModifier.ControlModifier:
            return "canvas.zoom_in"  # where + needs Shift
        if mods:
            return ""
        if enter:
            return "canvas.edit"
        return {
            Qt.Key.Key_Tab: "canvas.add",
            Qt.Key.Key_C: "canvas.connect",
            Qt.Key.Key_F: "canvas.fit",
            Qt.Key.Key_H: "canvas.heat_next",
            Qt.Key.Key_N: "canvas.note_next",
            Qt.Key.Key_Backspace: "canvas.delete",
            Qt.Key.Key_Delete: "canvas.delete",
        }.get(key, "")

    def _escape(self) -> None:
        canvas = self._canvas
        if canvas.cancel():
            return
        if canvas.overlays.bubble.isVisible():
            canvas.overlays.bubble.hide()
        else:
            canvas.select_wires(())
            canvas.selection.clear()
            if canvas.graph.frames:
                canvas.ground.notes.choose(())

    def _arrow(self, direction: tuple[int, int], mods: Qt.KeyboardModifier) -> bool:
        if self._canvas.graph.frames and self._canvas.ground.notes.chosen and mods != Qt.KeyboardModifier.ControlModifier:
            self._note(direction, mods)
        elif mods & Qt.KeyboardModifier.ControlModifier:
            self._walk(direction, extend=bool(mods & Qt.KeyboardModifier.ShiftModifier))
        elif self._canvas.selected_ids:
            step = 1 if mods & Qt.KeyboardModifier.ShiftModifier else STEP
            self._nudge((direction[0] * step, direction[1] * step))
        else:
            self._canvas.pan(-direction[0] * 48, -direction[1] * 48)
        return True

    def _note(self, direction: tuple[int, int], mods: Qt.KeyboardModifier) -> None:
        """Arrows move frames and comments, with Shift by single pixels; with Ctrl+Shift they resize them."""
        from netbuilder.ui.canvas.notes import keys

        step = 1 if mods == Qt.KeyboardModifier.ShiftModifier else STEP
        act = keys.grow if mods & Qt.KeyboardModifier.ControlModifier else keys.nudge
        act(self._canvas, (direction[0] * step, direction[1] * step))

    def _walk(self, direction: tuple[int, int], *, extend: bool) -> None:
        from netbuilder.ui.canvas import intents

        canvas = self._canvas
        graph = canvas.graph
        current = canvas.lists.current()
        start = next(iter(graph.order or graph.nodes), None)
        following = start if current is None else intents.neighbour(graph, current, direction)
        if following is None:
            return
        canvas.selection.set(canvas.selected_ids | {following} if extend else [following])
        canvas.lists.remember(following)
        canvas.reveal(following)

    def _nudge(self, by: tuple[float, float]) -> None:
        from netbuilder.ui.canvas import intents

        canvas = self._canvas
        ids = canvas.selected_ids
        canvas.attempt(move(intents.nudge(canvas.graph, ids, by)), "Nudge", merge="nudge:" + ",".join(sorted(ids)))
