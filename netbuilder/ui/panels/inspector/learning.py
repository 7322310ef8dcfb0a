"""How the selected layers learn: rate, freezing, decay, penalties, limits, initial weights and ties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import msgspec
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from netbuilder.core.edits import set_training
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Graph, Node, Value
from netbuilder.net.results import Analysis
from netbuilder.train.declare import About
from netbuilder.train.initialisers import INITIALISERS
from netbuilder.train.penalties import TrainingSettings, checked, read
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.chooser import Choice, Chooser
from netbuilder.ui.panels.family_form import FamilyForm
from netbuilder.ui.panels.inspector.subject import Subject
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.struct_form import LABEL_WIDTH, StructForm

AS_RECIPE, NOT_TIED = "as-recipe", "not-tied"
"""What the lists say where a layer goes no way of its own."""
PLAIN = ("learning_rate", "frozen", "weight_decay", "l1", "l2", "max_norm", "bias_initialisation")


_FIELDS = {info.name: info for info in msgspec.structs.fields(TrainingSettings)}


class _AsRecipe(msgspec.Struct, frozen=True):
    """Stands for the initialisation that the recipe chooses."""

    about: ClassVar[About] = About(AS_RECIPE, "as the recipe says", "The initialisation chosen for the whole training.")


class LearningForm(QWidget):
    """Edits `Node.training` of one node or of several at once. What is left alone follows the recipe."""

    def __init__(self, context: UiContext, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector.learning")
        self._level, self._document = context.session.level, context.session.document
        self._subject = subject
        self.form = StructForm(_plain_struct(), {}, self)
        self.form.edited.connect(self._edit)
        self.form.finished.connect(lambda _name: self._document.end_merge())
        self.initialisation = FamilyForm("initialisation", {AS_RECIPE: _AsRecipe, **INITIALISERS.all()}, self)
        self.initialisation.edited.connect(self._initialise)
        self.initialisation.finished.connect(self._document.end_merge)
        self.tied = Chooser()
        self.tied.setObjectName("field.tied_to")
        self.tied.setAccessibleName("tied to")
        self.tied.setToolTip("Shares its weights with another layer of the same shape")
        self.tied.chosen.connect(lambda name: self._edit("tied_to", name))
        self._problem = label("", "error", self, wrap=True)
        self._problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.form)
        column.addWidget(self.initialisation)
        row = QGridLayout()
        row.setHorizontalSpacing(8)
        row.setColumnMinimumWidth(0, LABEL_WIDTH)
        row.setColumnStretch(1, 1)
        row.addWidget(label("tied to", "label", self), 0, 0)
        row.addWidget(self.tied, 0, 1)
        column.addLayout(row)
        column.addWidget(self._problem)

    def refresh(self, _analysis: Analysis) -> None:
        """Show the newest values; those that differ among the nodes as several."""
        graph = self._level.graph
        nodes = [graph.nodes[id_] for id_ in self._subject.ids if id_ in graph.nodes]
        if not nodes:
            return
        common, mixed = _common(nodes)
        self.form.set_values({name: common[name] for name in PLAIN if name in common})
        self.form.set_mixed([name for name in PLAIN if name in mixed])
        chosen = common.get("initialisation", "")
        self.initialisation.set_value(chosen or AS_RECIPE)
        others = [node.name for node in graph.nodes.values() if node.id not in self._subject.ids and node.layer == nodes[0].layer]
        self.tied.offer([Choice(NOT_TIED, "no other layer"), *(Choice(name, name) for name in others)])
        self.tied.choose(str(common.get("tied_to") or NOT_TIED))
        self._tell(graph, nodes)

    def _tell(self, graph: Graph, nodes: list[Node]) -> None:
        """Say what cannot be read or tied, as training would."""
        try:
            for node in nodes:
                read(node.training, node)
            if any(node.training for node in nodes):
                checked(graph)
        except NetbuilderError as error:
            self._problem.setText(str(error))
        else:
            self._problem.setText("")
        self._problem.setVisible(bool(self._problem.text()))

    def _edit(self, name: str, value: object) -> None:
        value = "" if value == NOT_TIED else value
        default = _FIELDS[name].default
        wanted = None if value == default and isinstance(value, bool) == isinstance(default, bool) else value
        key = ",".join((*self._level.path, *self._subject.ids))
        try:
            self._check(name, value)
            self._level.apply(
                set_training(self._subject.ids, name, wanted), f"Change {name.replace('_', ' ')}", merge=f"training:{key}:{name}"
            )
        except NetbuilderError as error:
            self._problem.setText(str(error))
            self._problem.show()

    def _check(self, name: str, value: object) -> None:
        """Refuse what training would refuse."""
        node = next(iter(self._level.graph.nodes[id_] for id_ in self._subject.ids))
        read({**node.training, name: value}, node)

    def _initialise(self, value: Mapping[str, Value], _field: str) -> None:
        chosen = {key: kept for key, kept in value.items() if key != "name"}
        name = value["name"]
        self._edit("initialisation", "" if name == AS_RECIPE else name if not chosen else dict(value))


def _plain_struct() -> type[msgspec.Struct]:
    """The settings that are single values, as a declaration of their own for a form."""
    return msgspec.defstruct("Plain", [(name, _FIELDS[name].type, _FIELDS[name].default) for name in PLAIN], frozen=True)


def _common(nodes: list[Node]) -> tuple[Mapping[str, Value], frozenset[str]]:
    """Settings on which all nodes agree, and the names of those on which they do not."""
    common: dict[str, Value] = {}
    mixed = set()
    for name, info in _FIELDS.items():
        values = [node.training.get(name, info.default) for node in nodes]
        if all(value == values[0] for value in values):
            common[name] = values[0]
        else:
            mixed.add(name)
    return common, frozenset(mixed)
