"""How the inspector changes settings: live, mergeable, and never writing down what is the default anyway."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import fields
from PySide6.QtWidgets import QGridLayout, QWidget

from netbuilder.app.level import Level
from netbuilder.core.edits import clear_setting, compound, set_setting
from netbuilder.core.expressions import is_expression
from netbuilder.core.graph import Graph, Node, Value
from netbuilder.layers.declare import find
from netbuilder.layers.declare import say as written
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.inspector.subject import Subject
from netbuilder.ui.widgets.kinds import kind_of
from netbuilder.ui.widgets.labels import label

if TYPE_CHECKING:
    from netbuilder.ui.panels.inspector.block_use import BlockUse

_NO_DEFAULT = object()


def apply_setting(level: Level, ids: Iterable[str], name: str, value: Value) -> None:
    """Give a setting of these nodes a value as one step; sprees in the same field are one step too."""
    graph = level.graph
    nodes = [graph.nodes[id_] for id_ in sorted(ids) if id_ in graph.nodes]
    edits = []
    for node in nodes:
        default = defaults(graph, node).get(name, _NO_DEFAULT)
        same = type(default) is type(value) and default == value
        edits.append(clear_setting(node.id, name) if same else set_setting(node.id, name, value))
    key = ",".join((*level.path, *(node.id for node in nodes)))
    level.apply(compound(*edits), f"Change {name.replace('_', ' ')}", merge=f"setting:{key}:{name}")


def defaults(graph: Graph, node: Node) -> Mapping[str, Value]:
    """What a node's settings are where it does not say: those of its layer, or of the block it uses."""
    block = graph.blocks.get(node.block)
    if block is not None:
        return {parameter.name: parameter.default for parameter in block.parameters}
    kind = find(node.layer)
    return kind.defaults() if kind is not None else {}


def settings_struct(graph: Graph, node: Node) -> type[Struct] | None:
    """What a form for a node's settings is made from; nothing for Python and for a layer that this version does not know."""
    block = graph.blocks.get(node.block)
    if block is None:
        return find(node.layer) if node.layer != "python" else None
    from netbuilder.ui.panels.inspector.block_use import parameters_struct

    return parameters_struct(block)


def block_use(context: UiContext, subject: Subject, parent: QWidget) -> BlockUse | None:
    """The rows about the definition that a node uses; nothing where there is no such definition."""
    graph = context.session.level.graph
    if graph.nodes[subject.id].block not in graph.blocks:
        return None
    from netbuilder.ui.panels.inspector.block_use import BlockUse

    return BlockUse(context, subject, parent)


def signature(level: Level, id_: str) -> tuple[object, ...]:
    """What a form for a node depends on: while it stays equal, the form can stay."""
    node = level.graph.nodes[id_]
    block = level.graph.blocks.get(node.block)
    if block is not None:
        shape: tuple[object, ...] = tuple((each.name, type(each.default), each.tip) for each in block.parameters)
    else:
        plain = {name for name, value in node.settings.items() if is_expression(value)} if level.uses else set()
        kind = find(node.layer)
        shape = tuple(sorted(name for name in plain if kind is not None and not _numbers(kind, name)))
    return (level.uses, id_, node.layer, node.block, shape)


def _numbers(kind: type[Struct], name: str) -> bool:
    """Whether a setting's field is a line of text, which can show an expression."""
    found = next((info for info in fields(kind) if info.encode_name == name), None)
    if found is None:
        return True
    said = kind_of(found.type)
    return not (said.only_bool or said.only_choices or said.family)


def end_of_block(node: Node) -> str:
    """What an input or output inside a block is; empty for every other layer."""
    return {
        "input": "An input of the block: its name is that of the port, and its shape is whatever arrives there.",
        "output": "An output of the block: its name is that of the port. Task and loss belong to the network's own outputs.",
    }.get(node.layer, "")


def kept_settings(node: Node, parent: QWidget, context: UiContext) -> QWidget:
    """Settings that have no form: the text of a Python layer to edit, those of an unknown layer to read only."""
    if node.layer == "python":
        from netbuilder.ui.panels.inspector.python import PythonCard

        return PythonCard(context, node.id, parent)
    body = QWidget(parent)
    grid = QGridLayout(body)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setColumnStretch(1, 1)
    rows: dict[str, Value] = {"block": node.block, "repeat": node.repeat} if node.block else {}
    rows |= node.settings
    for number, (name, value) in enumerate(rows.items()):
        grid.addWidget(label(name.replace("_", " "), "label", body), number, 0)
        grid.addWidget(label(written(value), "mono", body, wrap=True, selectable=True), number, 1)
    return body
