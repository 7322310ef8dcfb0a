"""The inside of a block, shown when no layer of it is selected: its name, its parameters, and what it costs in this use."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from netbuilder.core import format as say
from netbuilder.core.block_definitions import rename_block, times_used
from netbuilder.core.block_parameters import remove_block_parameter, rename_block_parameter, set_block_parameter
from netbuilder.core.edits import Edit
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import BlockParameter, Value
from netbuilder.net.results import Analysis
from netbuilder.ui.context import UiContext
from netbuilder.ui.icons import icon
from netbuilder.ui.widgets.facts import Facts
from netbuilder.ui.widgets.fields import Field, field_for
from netbuilder.ui.widgets.kinds import Kind
from netbuilder.ui.widgets.labels import label

_ANY = Kind(int_=True, float_=True, none=True, many=True, text=True)
TOTALS = {"layers": "Layers", "parameters": "Parameters", "macs": "Operations", "memory": "Activation memory"}


class DefinitionView(QWidget):
    """The inspector's content inside a block."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._level = context, context.session.level
        self._shown: tuple[str, ...] | None = None
        self._defaults: dict[str, Field] = {}
        self.name = QLineEdit(self)
        self.name.setObjectName("definition.name")
        self.name.setAccessibleName("Name of the block")
        self.name.setToolTip("Name of the block: all uses follow, and the generated class")
        self.name.editingFinished.connect(self._rename)
        self._count = label("", "secondary", self, wrap=True)
        self._error = label("", "error", self, wrap=True)
        self._error.setObjectName("error.definition")
        self._error.hide()
        self._rows = QWidget(self)
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(4)
        self._hint = label("None yet. Press $ beside a setting of a layer, or add one here.", "secondary", self, wrap=True)
        self.add = QPushButton("Add parameter", self)
        self.add.setObjectName("definition.add")
        self.add.clicked.connect(self._add)
        self.facts = Facts(TOTALS, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(8)
        heading = label("Parameters of the block", "heading", self)
        parts: tuple[QWidget, ...] = (self.name, self._count, heading, self._rows, self._hint, self._error, self.add)
        for part in parts:
            column.addWidget(part)
        column.addSpacing(8)
        column.addWidget(label("In this use", "heading", self))
        column.addWidget(self.facts)
        column.addStretch(1)

    def refresh(self, analysis: Analysis) -> None:
        """Show the newest definition and totals."""
        block = self._level.block
        if block is None:
            return
        if not self.name.hasFocus():
            self.name.setText(block.name)
        times = times_used(self._context.session.document.graph, block.name)
        self._count.setText("Used once." if times == 1 else f"Used {times} times; an edit changes all of them.")
        names = tuple(each.name for each in block.parameters)
        if names != self._shown:
            self._shown = names
            self._build(block.parameters)
        for each in block.parameters:
            self._defaults[each.name].show(each.default)
        self._hint.setVisible(not names)
        self.facts.set("layers", say.count(len(analysis.graph.nodes)))
        self.facts.set("parameters", say.count(analysis.parameters))
        self.facts.set("macs", say.macs(analysis.macs))
        self.facts.set("memory", say.size(analysis.memory))

    def _build(self, parameters: tuple[BlockParameter, ...]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._defaults.clear()
        for row, each in enumerate(parameters):
            self._grid.addWidget(self._name(each), row, 0)
            self._grid.addWidget(self._default(each), row, 1)
            self._grid.addWidget(self._remove(each), row, 2)

    def _name(self, parameter: BlockParameter) -> QWidget:
        line = QLineEdit(parameter.name, self._rows)
        line.setObjectName(f"parameter.{parameter.name}.name")
        line.setAccessibleName("Name of the parameter")
        line.setToolTip(parameter.tip or "Name of the parameter: layers inside use it after a $")
        line.setFixedHeight(26)
        line.editingFinished.connect(lambda: self._rename_parameter(parameter.name, line))
        return line

    def _default(self, parameter: BlockParameter) -> QWidget:
        field = self._defaults[parameter.name] = field_for(_ANY, self._rows)
        field.widget.setObjectName(f"parameter.{parameter.name}.default")
        field.widget.setAccessibleName(f"Default of {parameter.name}")
        field.widget.setToolTip("Default: what a use gets that does not say otherwise")
        field.changed.connect(partial(self._set_default, parameter))
        field.unread.connect(self._say)
        field.left.connect(self._context.session.document.end_merge)
        return field.widget

    def _remove(self, parameter: BlockParameter) -> QWidget:
        button = QToolButton(self._rows)
        button.setObjectName(f"parameter.{parameter.name}.remove")
        button.setIcon(icon("x", self._context.themes.current.secondary, 14))
        button.setIconSize(QSize(14, 14))
        button.setFixedSize(24, 26)
        button.setAccessibleName(f"Remove {parameter.name}")
        button.setToolTip("Remove: layers that use it get its default")
        button.clicked.connect(lambda: self._define(lambda block: remove_block_parameter(block, parameter.name), "Remove parameter"))
        return button

    def _set_default(self, parameter: BlockParameter, value: Value) -> None:
        changed = BlockParameter(parameter.name, value, parameter.tip, parameter.extra)
        self._define(lambda block: set_block_parameter(block, changed), "Change default", f"default:{parameter.name}")

    def _add(self) -> None:
        block = self._level.block
        taken = {each.name for each in block.parameters} if block else set()
        name = next(f"parameter_{number}" for number in range(1, len(taken) + 2) if f"parameter_{number}" not in taken)
        self._define(lambda block: set_block_parameter(block, BlockParameter(name, 1)), "Add parameter")
        line = self._rows.findChild(QLineEdit, f"parameter.{name}.name")
        if line is not None:
            line.setFocus()
            line.selectAll()

    def _rename(self) -> None:
        old, new = self._level.path[-1:], self.name.text().strip()
        if old and new != old[0]:
            self._define(lambda block: rename_block(block, new), "Rename block")

    def _rename_parameter(self, old: str, line: QLineEdit) -> None:
        if not self._define(lambda block: rename_block_parameter(block, old, line.text().strip()), "Rename parameter"):
            line.setText(old)

    def _define(self, edit: Callable[[str], Edit], title: str, merge: str | None = None) -> bool:
        """Edit the definition; what is refused is said below the list."""
        if not self._level.path:
            return False
        self._say("")
        name = self._level.path[-1]
        try:
            self._level.redefine(name, edit(name), title, merge=merge and f"{name}:{merge}")
        except NetbuilderError as error:
            self._say(str(error))
            return False
        return True

    def _say(self, text: str) -> None:
        self._error.setText(text)
        self._error.setVisible(bool(text))
