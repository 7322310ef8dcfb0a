"""Fields of forms that hold a loss, or several with their weights: each has the whole width of the form."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from netbuilder.core.graph import Value
from netbuilder.train.declare import About
from netbuilder.train.errors import RecipeError
from netbuilder.train.losses import LOSSES
from netbuilder.train.losses.mixture import Weight
from netbuilder.ui.panels.family_form import FamilyForm
from netbuilder.ui.widgets.fields import Field
from netbuilder.ui.widgets.kinds import Kind
from netbuilder.ui.widgets.struct_form import StructForm

RECIPE = "recipe"


class _AsRecipe(msgspec.Struct, frozen=True):
    """Stands for no loss of its own."""

    about = About(RECIPE, "As the training", "The loss that is chosen in the Training tab.")


class LossField(Field):
    """One loss with its settings, or none; nothing that the loss refuses is passed on."""

    wide = True

    def __init__(self, kind: Kind, parent: QWidget) -> None:
        super().__init__(parent)
        self._form = FamilyForm("loss", {RECIPE: _AsRecipe, **LOSSES.all()}, parent)
        self._form.setToolTip(kind.tip)
        self._form.edited.connect(self._edit)
        self._form.finished.connect(self.left)
        self.widget = self._form

    def show(self, value: Value) -> None:
        """Show a name, a name with settings, or nothing."""
        self._form.set_value(value or RECIPE)

    def show_mixed(self) -> None:
        """As the training until chosen."""
        self.show("")

    def _edit(self, value: Mapping[str, Value], _field: str) -> None:
        if value["name"] == RECIPE:
            self.changed.emit("")
            return
        try:
            LOSSES.read(dict(value))
        except RecipeError as error:
            self._form.set_error((error.place or "").partition(".")[2], str(error))
        else:
            self.changed.emit(value["name"] if len(value) == 1 else dict(value))


class LossesField(Field):
    """The losses of a mixture, each with its weight."""

    wide = True

    def __init__(self, kind: Kind, parent: QWidget) -> None:
        super().__init__(parent)
        self.widget = QWidget(parent)
        self.widget.setToolTip(kind.tip)
        self._shares: list[_Share] = []
        self._column = QVBoxLayout(self.widget)
        self._column.setContentsMargins(0, 4, 0, 0)
        self._column.setSpacing(10)
        add = QPushButton("Add a loss", self.widget)
        add.setObjectName("mixture.add")
        add.setProperty("kind", "small")
        add.clicked.connect(self._add)
        row = QHBoxLayout()
        row.addWidget(add)
        row.addStretch(1)
        self._column.addLayout(row)

    def show(self, value: Value) -> None:
        """Show a list of mappings."""
        given = [dict(each) for each in value or ()]
        while len(self._shares) > len(given):
            self._take_out(self._shares[-1])
        while len(self._shares) < len(given):
            self._put_in()
        for share, each in zip(self._shares, given, strict=True):
            share.show_value(each)
            share.remove.setVisible(len(given) > 1)

    def show_mixed(self) -> None:
        """Nothing until chosen."""
        self.show(())

    def _put_in(self) -> None:
        share = _Share(self.widget, len(self._shares) + 1)
        share.form.edited.connect(lambda *_: self._announce())
        share.weight.edited.connect(lambda *_: self._announce())
        for done in (share.form.finished, share.weight.finished):
            done.connect(lambda *_: self.left.emit())
        share.remove.clicked.connect(lambda: self._remove(share))
        self._column.insertWidget(len(self._shares), share)
        self._shares.append(share)

    def _take_out(self, share: _Share) -> None:
        self._shares.remove(share)
        share.setParent(None)
        share.deleteLater()

    def _add(self) -> None:
        self.show((*(share.value for share in self._shares), {"name": "auto", "weight": 1.0}))
        self._announce()
        self.left.emit()

    def _remove(self, share: _Share) -> None:
        kept = [each.value for each in self._shares if each is not share]
        self.show(kept)
        self._announce()
        self.left.emit()

    def _announce(self) -> None:
        self.changed.emit(tuple(share.value for share in self._shares))


class _Share(QWidget):
    """One loss of a mixture."""

    def __init__(self, parent: QWidget, number: int) -> None:
        super().__init__(parent)
        kinds = {name: kind for name, kind in LOSSES.all().items() if name != "mixture"}
        self.value: dict[str, Value] = {}
        self.form = FamilyForm(f"loss {number}", kinds, self)
        self.weight = StructForm(Weight, {}, self)
        self.remove = QPushButton("Remove", self)
        self.remove.setObjectName(f"mixture.remove.{number}")
        self.remove.setProperty("kind", "link")
        self.remove.setToolTip("Take this loss out of the mixture")
        self.form.edited.connect(self._keep_loss)
        self.weight.edited.connect(self._keep_weight)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.form)
        column.addWidget(self.weight)
        column.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignRight)

    def show_value(self, value: Mapping[str, Value]) -> None:
        """Show a loss with its weight."""
        self.value = dict(value)
        self.form.set_value({key: each for key, each in value.items() if key != "weight"})
        self.weight.set_values(value)

    def _keep_loss(self, value: Mapping[str, Value], _field: str) -> None:
        self.value = {**value, "weight": self.value.get("weight", 1.0)}

    def _keep_weight(self, _name: str, value: Value) -> None:
        self.value = {**self.value, "weight": value}


FIELDS = {"loss": LossField, "losses": LossesField}
