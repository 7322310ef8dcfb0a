"""Several layers at once: what they add up to, and their common settings when they are of one kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from netbuilder.core import format as say
from netbuilder.core.graph import Graph, Node, Value
from netbuilder.layers.declare import find
from netbuilder.net.results import Analysis
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.inspector.sections import learning_section
from netbuilder.ui.panels.inspector.settings import apply_setting, defaults, end_of_block, settings_struct
from netbuilder.ui.panels.inspector.subject import Subject
from netbuilder.ui.widgets.facts import Facts
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.struct_form import StructForm


class ManyView(QWidget):
    """The inspector's content for several nodes."""

    def __init__(self, context: UiContext, ids: frozenset[str], opened: set[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ids = ids
        self._level, document = context.session.level, context.session.document
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(8)
        column.addWidget(label(f"{len(ids):,} layers selected", "title", self))
        same = _same(self._level.graph, ids)
        self.form = self._form(same) if same is not None else None
        column.addWidget(label(_told(same, self.form is not None), "secondary", self, wrap=True))
        if self.form is not None:
            column.addWidget(self.form)
            self.form.edited.connect(self._edit)
            self.form.finished.connect(lambda _name: document.end_merge())
        make = QPushButton("Make block…", self)
        make.setObjectName("inspector.make_block")
        make.setToolTip("One card for all of them, to be used again and again (Ctrl+G)")
        make.clicked.connect(lambda: context.commands.run("canvas.make_block"))
        column.addWidget(make, 0, Qt.AlignmentFlag.AlignLeft)
        self.facts = Facts({"parameters": "Parameters", "macs": "Operations", "memory": "Activation memory"}, self)
        column.addSpacing(8)
        column.addWidget(self.facts)
        self._learning = learning_section(context, Subject(*ids), opened)
        column.addWidget(self._learning)
        column.addStretch(1)

    def refresh(self, analysis: Analysis) -> None:
        """Show the newest sums and common values."""
        results = [analysis.nodes[id_] for id_ in self.ids if id_ in analysis.nodes]
        self.facts.set("parameters", say.count(sum(result.parameters for result in results)))
        self.facts.set("macs", say.macs(sum(result.macs for result in results)))
        self.facts.set("memory", say.size(sum(result.memory for result in results)))
        self._learning.refresh(analysis)
        if self.form is None:
            return
        common, mixed = _common_values(self._level.graph, self.ids, self.form.names)
        self.form.set_values(common)
        self.form.set_mixed(mixed)

    def _form(self, same: Node) -> StructForm | None:
        """The settings that all have; inside a block with expressions in its fields."""
        struct = settings_struct(self._level.graph, same)
        if struct is None or not struct.__struct_fields__ or (self._level.uses and end_of_block(same)):
            return None
        if not self._level.uses:
            return StructForm(struct, {}, self)
        from netbuilder.ui.widgets.expression_field import scoped_field

        return StructForm(struct, {}, self, partial(scoped_field, self._level))

    def _edit(self, name: str, value: object) -> None:
        apply_setting(self._level, self.ids, name, value)


def _same(graph: Graph, ids: frozenset[str]) -> Node | None:
    """One of these nodes, when all are the same layer or use the same block."""
    nodes = [graph.nodes[id_] for id_ in ids if id_ in graph.nodes]
    return nodes[0] if len({(node.layer, node.block) for node in nodes}) == 1 else None


def _told(same: Node | None, settable: bool) -> str:
    """What can be done with them."""
    if same is None:
        return "They are of different kinds. Select layers of one kind to change them together."
    kind = find(same.layer)
    title = kind.about.title if kind is not None else f"“{same.block or same.layer}”"
    return (
        f"All are {title}; a change applies to each of them." if settable else f"All are {title}; there is nothing to set for all of them."
    )


def _common_values(graph: Graph, ids: frozenset[str], names: Iterable[str]) -> tuple[Mapping[str, Value], frozenset[str]]:
    """Values on which all agree, and the names of settings on which they do not."""
    nodes = [graph.nodes[id_] for id_ in ids if id_ in graph.nodes]
    resolved = [{**defaults(graph, node), **node.settings} for node in nodes]
    common: dict[str, Value] = {}
    mixed: set[str] = set()
    for name in names:
        values = [settings.get(name) for settings in resolved]
        if all(value == values[0] for value in values):
            common[name] = values[0]
        else:
            mixed.add(name)
    return common, frozenset(mixed)
