"""The whole network, shown when no layer is selected: totals, what goes in and what comes out."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from netbuilder.core import format as say
from netbuilder.core.graph import Graph
from netbuilder.layers.declare import show
from netbuilder.net.results import Analysis
from netbuilder.ui.context import UiContext
from netbuilder.ui.widgets.facts import Facts
from netbuilder.ui.widgets.labels import label

TOTALS = {"layers": "Layers", "parameters": "Parameters", "weights": "Size of weights", "macs": "Operations", "memory": "Activation memory"}


class NetworkView(QWidget):
    """The inspector's content for the network as a whole."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = context.session.document
        self.title = QLineEdit(self)
        self.title.setObjectName("inspector.project")
        self.title.setAccessibleName("Name of the project")
        self.title.setToolTip("Name of the project: windows, runs and generated source use it")
        self.title.setProperty("role", "name")
        self.title.setTextMargins(-3, 0, 0, 0)
        self.title.setMaxLength(200)
        self.title.editingFinished.connect(self._rename)
        self.hint = label("Select a layer to change its settings and to read why its shape is what it is.", "secondary", self, wrap=True)
        self.facts = Facts(TOTALS, self)
        self.ends = QVBoxLayout()
        self.ends.setSpacing(8)
        self._shown: tuple[tuple[str, str, str], ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.hint)
        column.addSpacing(6)
        column.addWidget(self.facts)
        column.addLayout(self.ends)
        column.addStretch(1)

    def refresh(self, analysis: Analysis) -> None:
        """Show the newest totals."""
        if not self.title.hasFocus():
            self.title.setText(self._document.project.name)
        self.facts.set("layers", say.count(len(analysis.graph.nodes)))
        self.facts.set("parameters", say.count(analysis.parameters))
        self.facts.set("weights", say.size(4 * analysis.parameters))
        self.facts.set("macs", say.macs(analysis.macs))
        self.facts.set("memory", say.size(analysis.memory))
        ends = tuple(_ends(analysis))
        if ends != self._shown:
            self._shown = ends
            self._rebuild()

    def _rename(self) -> None:
        name = self.title.text().strip()
        if name:
            self._document.configure(name=name, label="Rename project")
        self.title.setText(self._document.project.name)

    def _rebuild(self) -> None:
        while (item := self.ends.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.setParent(None)
                old.deleteLater()
        for side in ("Inputs", "Outputs"):
            rows = {f"{side}.{name}": name for kind, name, _ in self._shown if kind == side}
            if not rows:
                continue
            heading = label(side, "heading", self)
            heading.setContentsMargins(0, 8, 0, 0)
            facts = Facts(rows, self)
            for kind, name, shape in self._shown:
                if kind == side:
                    facts.set(f"{side}.{name}", shape)
            self.ends.addWidget(heading)
            self.ends.addWidget(facts)


def _ends(analysis: Analysis) -> list[tuple[str, str, str]]:
    """Side, name and shape of every node that begins or ends the network."""
    graph: Graph = analysis.graph
    found: list[tuple[str, str, str]] = []
    for id_, node in graph.nodes.items():
        side = {"input": "Inputs", "output": "Outputs"}.get(node.layer)
        result = analysis.nodes.get(id_)
        if side is not None and result is not None:
            shape = ", ".join(show(spec.shape) for spec in result.outputs or result.inputs)
            found.append((side, node.name, shape or "–"))
    return found
