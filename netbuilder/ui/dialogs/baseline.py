"""What a network must beat: choose a classifier without a network and train it on the project's data."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QDialogButtonBox, QVBoxLayout, QWidget

from netbuilder.app.baseline import Order
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Value
from netbuilder.train.baselines import BASELINES
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.family_form import FamilyForm
from netbuilder.ui.widgets.dialog import Dialog
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.scroller import Scroller


class BaselineDialog(Dialog):
    """`order` is what was chosen; accepting starts it."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.baseline")
        self.setWindowTitle("Train a baseline")
        self.setModal(True)
        self.setMinimumWidth(440)
        self._context = context
        self.order = Order()
        self._form = FamilyForm("method", BASELINES.all(), self)
        self._form.edited.connect(self._edit)
        self._tip = label("", "secondary", self, wrap=True)
        self._tip.setMinimumHeight(34)
        self._paper = label("", "secondary", self, wrap=True, selectable=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        words = "A classifier without a network, trained on the data of this project and listed beside the networks."
        body = QVBoxLayout()
        body.setSpacing(12)
        for part in (label(words, "secondary", self, wrap=True), self._form, self._tip, self._paper):
            body.addWidget(part)
        body.addStretch(1)
        column.addWidget(Scroller(body), 1)
        column.addWidget(self._buttons())
        self._form.set_value(dict(self.order.settings))
        self._show()

    def accept(self) -> None:
        """Start, or say why that cannot be."""
        try:
            BASELINES.read(dict(self.order.settings))
            self._context.session.runner.start(plan=self.order)
        except NetbuilderError as error:
            self._form.set_error((error.place or "").partition(".")[2], str(error))
        else:
            super().accept()

    def _edit(self, value: Mapping[str, Value], _field: str) -> None:
        self.order = Order(dict(value))
        self._show()

    def _show(self) -> None:
        about = BASELINES.all()[str(self.order.settings["name"])].about
        self._tip.setText(about.tip)
        self._paper.setText(about.paper)

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        start = buttons.addButton("Start", QDialogButtonBox.ButtonRole.AcceptRole)
        start.setObjectName("baseline.start")
        start.setProperty("kind", "primary")
        start.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        return buttons
