"""The main setting of a layer, changed on the node itself: a small field in place, with the ghost of what it would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import FieldInfo, fields
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from netbuilder.core.edits import compound, set_setting
from netbuilder.core.expressions import is_expression
from netbuilder.core.graph import Graph, Value
from netbuilder.ui.canvas.floating import OwnLine
from netbuilder.ui.canvas.geometry import WIDTH
from netbuilder.ui.panels.inspector.settings import apply_setting, defaults, settings_struct
from netbuilder.ui.theme import mono_font, ui_font
from netbuilder.ui.widgets.kinds import Kind, UnreadableError, kind_of, read, step, write
from netbuilder.ui.widgets.value_line import counts

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView

_FIRST = ("out_channels", "out_features", "kernel_size", "output_size", "shape", "p")


class _Line(OwnLine):
    """`keyed` carries what Up, Down and Tab mean here: a number to count by, or a word."""

    keyed = Signal(object)

    def event(self, event: QEvent) -> bool:
        """Every key is the line's own, Tab included."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.keyed.emit("next" if event.key() == Qt.Key.Key_Tab else "previous")
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down count, with Shift by ten."""
        by = counts(event)
        if by:
            self.keyed.emit(by)
        else:
            super().keyPressEvent(event)


class QuickEdit(QFrame):
    """Opened by `ask`; Enter takes the value as one step, Tab goes to the next setting, Escape changes nothing."""

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._ids: tuple[str, ...] = ()
        self._settings: list[FieldInfo] = []
        self._at = 0
        self._value: Value = None
        self.setObjectName("canvas.quick_edit")
        self.name = QLabel(self)
        self.name.setFont(ui_font(11))
        self.field = _Line(self)
        self.field.setObjectName("canvas.quick_edit.field")
        self.field.textEdited.connect(self._try)
        self.field.returnPressed.connect(self._take)
        self.field.keyed.connect(self._on_key)
        self.field.gave_up.connect(self._close)
        self.field.left.connect(self._leave)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 2, 0)
        row.setSpacing(6)
        row.addWidget(self.name)
        row.addWidget(self.field, 1)
        self.hide()

    def ask(self, node_id: str) -> bool:
        """Open on a node, for all selected ones of its kind, once what is open is taken; returns whether there is anything to set."""
        self._leave()
        canvas, graph = self._canvas, self._canvas.graph
        node = graph.nodes[node_id]
        alike = {id_ for id_ in canvas.selected_ids | {node_id} if (n := graph.nodes[id_]).layer == node.layer and n.block == node.block}
        settings = countable(settings_struct(graph, node))
        if not settings:
            return False
        self._settings = settings
        self._ids, self._at = (node_id, *sorted(alike - {node_id})), 0
        self._style()
        rect = canvas.canvas_scene.nodes[node_id].rect
        corner = canvas.mapFromScene(rect.topLeft() + QPointF(4, 22))
        self.setFixedSize(max(180, round((WIDTH - 8) * canvas.scale_factor)), 25)
        self.move(max(4, min(corner.x(), canvas.width() - self.width() - 4)), max(4, min(corner.y(), canvas.height() - 32)))
        self._show()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        return True

    @property
    def _kind(self) -> Kind:
        return kind_of(self._settings[self._at].type)

    def _show(self) -> None:
        """The present setting, ready to be typed over."""
        graph, info = self._canvas.graph, self._settings[self._at]
        values = [_value(graph, id_, info.encode_name) for id_ in self._ids]
        mixed = any(value != values[0] for value in values)
        self._value = values[0]
        words = info.encode_name.replace("_", " ")
        self.name.setText(words if len(self._ids) == 1 else f"{words} of {len(self._ids)}")
        self.field.setAccessibleName(words)
        self.field.setPlaceholderText("several values" if mixed else "")
        self.field.setText("" if mixed else self._write(values[0]))
        self.field.selectAll()
        self._mark("")

    def _write(self, value: Value) -> str:
        return str(value) if is_expression(value) else write(self._kind, value)

    def _meaning(self) -> Value:
        text = self.field.text().strip()
        return text if is_expression(text) and self._canvas.level.uses else read(self._kind, text)

    def _try(self) -> None:
        """Show what the text would do, or why it means nothing."""
        previews = self._canvas.context.session.previews
        try:
            value = self._meaning()
        except UnreadableError as error:
            self._mark(str(error))
            previews.show(None)
            return
        self._mark("")
        name = self._settings[self._at].encode_name
        trial = previews.show(compound(*(set_setting(id_, name, value) for id_ in self._ids)))
        answer = trial.after.answers.get(self._ids[0]) if trial is not None else None
        refused = next((problem for problem in (answer.problems if answer else ()) if problem.setting == name), None)
        self._mark(refused.message if refused is not None else "")

    def _on_key(self, what: object) -> None:
        if isinstance(what, int):
            self._count(what)
        elif self._take_value():
            self._at = (self._at + (1 if what == "next" else -1)) % len(self._settings)
            self._show()

    def _count(self, by: int) -> None:
        try:
            value = self._meaning()
        except UnreadableError:
            value = self._value
        self.field.setText(self._write(step(self._kind, value, by)))
        self._try()

    def _take(self) -> None:
        if self._take_value():
            self._close()

    def _leave(self) -> None:
        if self.isVisible() and self.field.text().strip():
            self._take_value(quiet=True)
        self._close()

    def _take_value(self, *, quiet: bool = False) -> bool:
        """Record the value; returns whether the text means one. A mixed value that was not touched stays."""
        canvas, name = self._canvas, self._settings[self._at].encode_name
        if not self.field.text().strip() and self.field.placeholderText():
            return True
        try:
            value = self._meaning()
        except UnreadableError as error:
            if not quiet:
                canvas.say(str(error), self.geometry().bottomLeft())
            return False
        canvas.context.session.previews.show(None)
        ids = [id_ for id_ in self._ids if id_ in canvas.graph.nodes]
        if any(_value(canvas.graph, id_, name) != value for id_ in ids):
            apply_setting(canvas.level, ids, name, value)
            canvas.document.end_merge()
        return True

    def _close(self) -> None:
        if self.isVisible():
            self._canvas.context.session.previews.show(None)
            self.hide()
            self._canvas.setFocus()

    def _mark(self, problem: str) -> None:
        self.field.setToolTip(problem)
        self.field.setProperty("invalid", bool(problem))
        self.field.style().unpolish(self.field)
        self.field.style().polish(self.field)

    def _style(self) -> None:
        theme = self._canvas.context.themes.current
        self.setStyleSheet(
            f"#canvas\\.quick_edit {{ background: {theme.panel.name()}; border: 1px solid {theme.accent.name()}; border-radius: 6px; }}"
            f"QLabel {{ background: transparent; border: none; color: {theme.secondary.name()}; font-size: 11px; }}"
            f"QLineEdit {{ background: {theme.raised.name()}; color: {theme.text.name()}; border: 1px solid {theme.line.name()};"
            f" border-radius: 4px; padding: 0 5px; min-height: 19px; font-family: {mono_font(11).family()}; font-size: 11px; }}"
            f"QLineEdit:focus {{ border-color: {theme.line.name()}; }}"
            f'QLineEdit[invalid="true"] {{ border-color: {theme.error.name()}; }}'
        )


def countable(struct: type[Struct] | None) -> list[FieldInfo]:
    """The settings that a line of text can show, the main one first."""
    found = [info for info in (fields(struct) if struct is not None else ()) if _in_a_line(kind_of(info.type))]
    return sorted(found, key=lambda info: info.encode_name not in _FIRST)


def _in_a_line(kind: Kind) -> bool:
    return (kind.int_ or kind.float_ or kind.many) and not kind.family


def _value(graph: Graph, id_: str, name: str) -> Value:
    node = graph.nodes[id_]
    value = node.settings.get(name, defaults(graph, node).get(name))
    return tuple(value) if isinstance(value, list) else value
