"""Several layers at once: what they add up to, and their common settings when they are of one kind."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from netbuilder.core import format as say
from netbuilder.core.graph import Graph, Value
from netbuilder.layers.declare import Layer, find
from netbuilder.net.results import Analysis
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.inspector.sections import learning_section
from netbuilder.ui.panels.inspector.settings import apply_setting
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
        self._kind = _common_kind(self._level.graph, ids)
        self.form = StructForm(self._kind, {}, self) if self._kind is not None else None
        if self._kind is not None and self.form is not None:
            column.addWidget(label(f"All are {self._kind.about.title}; a change applies to each of them.", "secondary", self, wrap=True))
            column.addWidget(self.form)
            self.form.edited.connect(self._edit)
            self.form.finished.connect(lambda _name: document.end_merge())
        else:
            column.addWidget(
                label("They are of different kinds. Select layers of one kind to change them together.", "secondary", self, wrap=True)
            )
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
        if self.form is None or self._kind is None:
            return
        common, mixed = _common_values(self._level.graph, self.ids, self._kind)
        self.form.set_values(common)
        self.form.set_mixed(mixed)

    def _edit(self, name: str, value: object) -> None:
        apply_setting(self._level, self.ids, name, value)


def _common_kind(graph: Graph, ids: frozenset[str]) -> type[Layer] | None:
    names = {graph.nodes[id_].layer for id_ in ids if id_ in graph.nodes}
    return find(names.pop()) if len(names) == 1 else None


def _common_values(graph: Graph, ids: frozenset[str], kind: type[Layer]) -> tuple[Mapping[str, Value], frozenset[str]]:
    """Values on which all agree, and the names of settings on which they do not."""
    resolved = [{**kind.defaults(), **graph.nodes[id_].settings} for id_ in ids if id_ in graph.nodes]
    common: dict[str, Value] = {}
    mixed: set[str] = set()
    for name in kind.__struct_fields__:
        values = [settings.get(name) for settings in resolved]
        if all(value == values[0] for value in values):
            common[name] = values[0]
        else:
            mixed.add(name)
    return common, frozenset(mixed)
