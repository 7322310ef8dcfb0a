"""The small control beside each setting inside a block: make it a parameter of the block, use one, or go back to a plain value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from netbuilder.core.block_parameters import promote_setting
from netbuilder.core.edits import set_setting
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.expressions import SIGN, is_expression, substitute
from netbuilder.core.graph import BlockParameter, Value
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.inspector.settings import defaults
from netbuilder.ui.panels.inspector.subject import Subject
from netbuilder.ui.widgets.struct_form import StructForm


class Promotions:
    """One button for each field of a form; its menu is made when it opens."""

    def __init__(self, context: UiContext, subject: Subject, form: StructForm) -> None:
        self._context, self._level, self._subject = context, context.session.level, subject
        self._form = form
        self._buttons: dict[str, QToolButton] = {}
        for name in form.names:
            button = self._buttons[name] = _button(name, form)
            button.clicked.connect(partial(self._open, name))
            form.add_beside(name, button)

    def refresh(self, settings: Mapping[str, Value]) -> None:
        """Show which settings are expressions."""
        for name, button in self._buttons.items():
            on = is_expression(settings.get(name))
            button.setChecked(on)
            button.setToolTip("Follows a parameter of the block" if on else "Make this a parameter of the block")

    def menu(self, name: str) -> QMenu:
        """What can be done with a setting."""
        menu = QMenu(self._form)
        menu.setObjectName("inspector.promote")
        menu.aboutToHide.connect(menu.deleteLater)
        node = self._level.graph.nodes[self._subject.id]
        value = self._value(name)
        if is_expression(value):
            plain = self._worked_out(value)
            menu.addAction(f"Use the plain value {plain}", partial(self._apply, name, plain))
            return menu
        parameters = self._parameters()
        wanted = _free(name, node.name, parameters)
        menu.addAction(f"Make it the parameter “{wanted}”", partial(self._promote, name, wanted, value))
        if parameters:
            menu.addSeparator()
        for parameter in parameters:
            menu.addAction(f"Use {SIGN}{parameter.name}", partial(self._apply, name, SIGN + parameter.name))
        return menu

    def _open(self, name: str) -> None:
        button = self._buttons[name]
        self.refresh(self._level.graph.nodes[self._subject.id].settings)
        self.menu(name).popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _parameters(self) -> tuple[BlockParameter, ...]:
        block = self._level.block
        return block.parameters if block is not None else ()

    def _value(self, name: str) -> Value:
        node = self._level.graph.nodes[self._subject.id]
        value = node.settings.get(name, defaults(self._level.graph, node).get(name))
        return None if value is msgspec.NODEFAULT else value

    def _worked_out(self, value: Value) -> Value:
        try:
            return substitute(value, self._level.values)
        except NetbuilderError:
            return defaults(self._level.graph, self._level.graph.nodes[self._subject.id]).get(value, 1)

    def _promote(self, name: str, parameter: str, value: Value) -> None:
        block = self._level.path[-1]
        edit = promote_setting(block, self._subject.id, name, parameter, value)
        self._try(lambda: self._level.redefine(block, edit, f"Make “{parameter}” a parameter"))

    def _apply(self, name: str, value: Value) -> None:
        self._try(lambda: self._level.apply(set_setting(self._subject.id, name, value), f"Change {name.replace('_', ' ')}"))

    def _try(self, run: Callable[[], None]) -> None:
        try:
            run()
        except NetbuilderError as error:
            self._context.notify(str(error), "error")


def _button(name: str, parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    button.setText(SIGN)
    button.setObjectName(f"promote.{name}")
    button.setAccessibleName(f"Make {name.replace('_', ' ')} a parameter of the block")
    button.setCheckable(True)
    button.setFixedSize(22, 26)
    button.setProperty("role", "promote")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _free(name: str, layer: str, parameters: tuple[BlockParameter, ...]) -> str:
    """The setting's own name for the parameter, after the layer where it is taken."""
    taken = {parameter.name for parameter in parameters}
    wanted, number = name if name not in taken else f"{layer}_{name}", 2
    while wanted in taken:
        wanted, number = f"{layer}_{name}_{number}", number + 1
    return wanted
