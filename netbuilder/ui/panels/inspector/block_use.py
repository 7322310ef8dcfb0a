"""A use of a block in the inspector: which definition, how often in a row, whose weights; its parameters are the form above."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from netbuilder.core.block_definitions import rename_block, times_used
from netbuilder.core.blocks import set_linked, set_repeat
from netbuilder.core.edits import Edit
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import MOST_REPEATS, Block, Value
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.inspector.subject import Subject
from netbuilder.ui.widgets.fields import field_for
from netbuilder.ui.widgets.kinds import Kind
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.segmented import Segmented
from netbuilder.ui.widgets.struct_form import LABEL_WIDTH


def parameters_struct(block: Block) -> type[Struct]:
    """The parameters of a definition as a struct, from which a form is made."""
    fields = [(each.name, Annotated[_type(each.default), Meta(description=each.tip)], each.default) for each in block.parameters]
    return msgspec.defstruct("Parameters", fields, frozen=True)


def _type(default: Value) -> object:
    if isinstance(default, bool):
        return bool
    if isinstance(default, float):
        return float
    if isinstance(default, int | tuple):
        return int | tuple[int, ...]
    return str if isinstance(default, str) else int | float | str | None


class BlockUse(QWidget):
    """Rows for the definition's name, the number of repeats and their weights; `refused` says why one was not taken."""

    def __init__(self, context: UiContext, subject: Subject, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._level, self._subject = context, context.session.level, subject
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        self._grid.setColumnStretch(1, 1)
        self.definition = QLineEdit(self)
        self.definition.setObjectName("block.definition")
        self.definition.setAccessibleName("Name of the definition")
        self.definition.setToolTip("Name of the definition: all uses follow, and the generated class")
        self.definition.setFixedHeight(26)
        self.definition.editingFinished.connect(self._rename)
        self.repeat = field_for(Kind(int_=True, minimum=1, maximum=MOST_REPEATS), self)
        self.repeat.widget.setObjectName("block.repeat")
        self.repeat.widget.setAccessibleName("Repeats")
        self.repeat.changed.connect(self._repeat)
        self.repeat.unread.connect(self._say)
        self.repeat.left.connect(context.session.document.end_merge)
        self.weights = Segmented((("own", "each its own"), ("shared", "shared")), self)
        self.weights.setObjectName("block.weights")
        self.weights.chosen.connect(self._link)
        self._count = label("", "secondary", self, wrap=True)
        self._count.setObjectName("block.count")
        self._error = label("", "error", self, wrap=True)
        self._error.setObjectName("error.block")
        self._error.hide()
        self._rows = {name: self._row(title, widget) for name, title, widget in self._parts()}
        for widget in (self._error, self._count, self._buttons()):
            self._grid.addWidget(widget, self._grid.rowCount(), 0, 1, 2)

    def turn(self) -> None:
        """Nothing was refused of the use that it is about now."""
        self._say("")

    def refresh(self) -> None:
        """Show the newest definition, repeats and weights."""
        node = self._level.graph.nodes.get(self._subject.id)
        if node is None:
            return
        if not self.definition.hasFocus():
            self.definition.setText(node.block)
            self.definition.setCursorPosition(0)
        self.repeat.show(node.repeat)
        self.weights.choose("shared" if node.linked else "own")
        for widget in self._rows["weights"]:
            widget.setVisible(node.repeat > 1)
        self._count.setText(_used(times_used(self._context.session.document.graph, node.block)))

    def _parts(self) -> tuple[tuple[str, str, QWidget], ...]:
        return (
            ("definition", "definition", self.definition),
            ("repeat", "repeats", self.repeat.widget),
            ("weights", "weights", self.weights),
        )

    def _row(self, title: str, widget: QWidget) -> tuple[QWidget, QWidget]:
        name, row = label(title, "label", self), self._grid.rowCount()
        name.setMinimumHeight(26)
        self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(widget, row, 1, Qt.AlignmentFlag.AlignTop)
        return name, widget

    def _buttons(self) -> QWidget:
        body = QWidget(self)
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 2, 0, 0)
        row.setSpacing(8)
        for title, command in (("Open", "canvas.open_block"), ("Expand", "canvas.expand_block")):
            button = QPushButton(title, body)
            action = self._context.commands.action(command)
            button.setObjectName(f"block.{title.lower()}")
            button.setToolTip(f"{action.text()} ({action.shortcut().toString()})")
            button.clicked.connect(lambda _checked=False, command=command: self._context.commands.run(command))
            row.addWidget(button)
        row.addStretch(1)
        return body

    def _rename(self) -> None:
        old, new = self._level.graph.nodes[self._subject.id].block, self.definition.text().strip()
        if new != old:
            self._try(lambda: self._level.redefine(old, rename_block(old, new), "Rename block"))

    def _repeat(self, times: int) -> None:
        self._apply(set_repeat(self._subject.id, times), "Change repeats", f"repeat:{self._subject.id}")

    def _link(self, key: str) -> None:
        self._apply(set_linked(self._subject.id, key == "shared"), "Share weights" if key == "shared" else "Own weights")

    def _apply(self, edit: Edit, label_: str, merge: str | None = None) -> None:
        self._try(lambda: self._level.apply(edit, label_, merge=merge))

    def _try(self, run: Callable[[], None]) -> None:
        self._say("")
        try:
            run()
        except NetbuilderError as error:
            self._say(str(error))

    def _say(self, text: str) -> None:
        self._error.setText(text)
        self._error.setVisible(bool(text))


def _used(times: int) -> str:
    return "Used once in this project." if times == 1 else f"Used {times} times in this project; a change inside changes all."
