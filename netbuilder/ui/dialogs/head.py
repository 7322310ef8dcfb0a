"""A head for another number of classes, the one thing that transfer to other data always needs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialogButtonBox, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from netbuilder.core.edits import Edit, compound
from netbuilder.core.errors import NetbuilderError
from netbuilder.train.transfer import freeze_all_but, head_layers, new_head
from netbuilder.ui.context import UiContext
from netbuilder.ui.listening import listen
from netbuilder.ui.panels.later import Relay
from netbuilder.ui.widgets.dialog import Dialog
from netbuilder.ui.widgets.labels import label

WORDS = (
    "The last layer is given as many outputs as there are classes. It begins with fresh weights; all other layers keep theirs "
    "when the training begins with weights that were learned before."
)


class HeadDialog(Dialog):
    """Offers as many classes as the data has; accepting edits the network in one step."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.head")
        self.setWindowTitle("Replace the head")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context, self._session = context, context.session
        self._chosen = False
        self._build()
        self._relay = Relay(self._follow, self)
        listen(self, self._session.data_changed, self._relay.send)
        self._session.load_data()
        self._follow()
        self._count.selectAll()
        self._count.setFocus()

    def accept(self) -> None:
        """Do it, or say why that cannot be."""
        classes = self._count.value()
        try:
            self._session.document.apply(self._edit(classes), f"Replace the head for {classes:,} classes")
        except NetbuilderError as error:
            self._problem.setText(str(error))
            self._problem.show()
        else:
            super().accept()

    def _edit(self, classes: int) -> Edit:
        analysis = self._session.analysis
        edit = new_head(analysis, classes)
        return compound(edit, freeze_all_but(analysis, head_layers(analysis))) if self._freeze.isChecked() else edit

    def _follow(self) -> None:
        """Take the number from the data, unless somebody has typed one."""
        dataset = self._session.dataset()
        classes = len(dataset.classes) if dataset is not None else 0
        if classes and not self._chosen:
            self._count.setValue(classes)
            self._chosen = False
        loading = "Loading the data…" if self._session.data_state == "loading" else ""
        self._data.setText(f"“{dataset.name}” has {classes:,} classes." if dataset is not None and classes else loading)

    def _now(self) -> int:
        """How many scores the network gives at present."""
        analysis = self._session.analysis
        ends = (analysis.answers[node.id].inputs for node in analysis.graph.nodes.values() if node.layer == "output")
        return next((given[0].shape[1] or 0 for given in ends if given and len(given[0].shape) > 1), 2)

    def _choose(self) -> None:
        self._chosen = True
        self._problem.hide()

    def _build(self) -> None:
        names = [f"“{self._session.analysis.graph.nodes[id_].name}”" for id_ in head_layers(self._session.analysis)]
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        words = label(WORDS, "secondary", self, wrap=True)
        words.setMinimumWidth(420)
        words.setMinimumHeight(54)
        self._count = QSpinBox(self)
        self._count.setObjectName("head.classes")
        self._count.setAccessibleName("classes")
        self._count.setRange(1, 65_536)
        self._count.setValue(self._now())
        self._count.setFixedWidth(92)
        self._count.valueChanged.connect(lambda _value: self._choose())
        row = QHBoxLayout()
        row.addWidget(self._count)
        row.addWidget(label(f"classes from {' and '.join(names) or 'the head'}", "label", self))
        row.addStretch(1)
        self._data = label("", "secondary", self)
        self._freeze = QCheckBox("Freeze all other layers", self)
        self._freeze.setObjectName("head.freeze")
        self._freeze.setToolTip("Only the head learns; the others keep their weights and statistics to the bit")
        self._problem = label("", "error", self, wrap=True)
        self._problem.hide()
        column.addWidget(words)
        column.addLayout(row)
        for part in (self._data, self._freeze, self._problem, self._buttons()):
            column.addWidget(part)

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        replace = buttons.addButton("Replace", QDialogButtonBox.ButtonRole.AcceptRole)
        replace.setObjectName("head.replace")
        replace.setProperty("kind", "primary")
        replace.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        return buttons
