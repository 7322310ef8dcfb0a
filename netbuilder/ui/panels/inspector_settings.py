"""How the inspector changes settings: live, mergeable, and never writing down what is the default anyway."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QGridLayout, QWidget

from netbuilder.core.document import Document
from netbuilder.core.edits import clear_setting, compound, set_setting
from netbuilder.core.graph import Node, Value
from netbuilder.layers.declare import find
from netbuilder.layers.declare import say as written
from netbuilder.ui.widgets.labels import label

_NO_DEFAULT = object()


def apply_setting(document: Document, ids: Iterable[str], name: str, value: Value) -> None:
    """Give a setting of these nodes a value as one step; sprees in the same field are one step too."""
    nodes = [document.graph.nodes[id_] for id_ in sorted(ids) if id_ in document.graph.nodes]
    edits = []
    for node in nodes:
        kind = find(node.layer)
        default = kind.defaults().get(name, _NO_DEFAULT) if kind else _NO_DEFAULT
        same = type(default) is type(value) and default == value
        edits.append(clear_setting(node.id, name) if same else set_setting(node.id, name, value))
    key = ",".join(node.id for node in nodes)
    document.apply(compound(*edits), f"Change {name.replace('_', ' ')}", merge=f"setting:{key}:{name}")


def kept_settings(node: Node, parent: QWidget) -> QWidget:
    """Settings of a layer that this version does not know, to read only."""
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
