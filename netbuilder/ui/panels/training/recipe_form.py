"""The recipe of a training as a form: loss, optimizer, schedule, batch size and the rest, written to the document."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

import msgspec
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from netbuilder.core import format as written
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Value
from netbuilder.train.declare import Family
from netbuilder.train.events import Event, Started, StepsLogged
from netbuilder.train.losses import LOSSES
from netbuilder.train.optimizers import OPTIMIZERS
from netbuilder.train.recipe import Basics, Recipe
from netbuilder.train.schedules import SCHEDULES
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.chooser import Choice, Chooser
from netbuilder.ui.panels.family_form import FamilyForm
from netbuilder.ui.panels.later import Relay
from netbuilder.ui.panels.training.loss_curve import LossCurve
from netbuilder.ui.panels.training.schedule_editor import ScheduleEditor
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.section import Section
from netbuilder.ui.widgets.struct_form import LABEL_WIDTH, StructForm

MAIN = ("batch_size", "epochs", "early_stopping", "seed")
FAMILIES: dict[str, Family[Any]] = {"loss": LOSSES, "optimizer": OPTIMIZERS, "schedule": SCHEDULES}
TYPICAL_STEPS = 860


class RecipeForm(QScrollArea):
    """Edits `document.configure(training=…)`. A value the recipe refuses is not stored; the sentence stands below its field."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training.recipe")
        self.setAccessibleName("Recipe")
        self._session = context.session
        self._found: list[Choice] | None = None
        self._steps_per_epoch = 1
        self._relay = Relay(self._offer_devices, self)
        self._build(context)
        context.session.document.configured.connect(self.show_document)
        context.bridge.state_changed.connect(self.show_later)
        context.bridge.events.connect(self._follow)
        self.show_document()

    def form_of(self, name: str) -> StructForm:
        """The form that holds a single-valued setting."""
        return self._main if name in self._main.names else self._more

    def family(self, name: str) -> FamilyForm:
        """The form of `loss`, `optimizer` or `schedule`."""
        return self._families[name]

    def show_document(self) -> None:
        """Show what the document says."""
        training = self._session.document.project.training
        defaults = Recipe().settings()
        self._main.set_values(training)
        self._more.set_values(training)
        self._device.choose(str(training.get("device", "auto")))
        for name, form in self._families.items():
            form.set_value(FAMILIES[name].current(training.get(name, defaults[name])))
        self._clear_errors()
        self.show_later()
        try:
            recipe = Recipe.read(training)
            self._show_schedule(recipe)
            self.loss_curve.show_loss(recipe.loss)
        except NetbuilderError as error:
            self._show_error(error)

    @Slot()
    def show_later(self) -> None:
        """Say so while what is shown is not what is being trained with."""
        self._later.setVisible(self._session.runner.settings_changed)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for the devices once training has brought torch along, so that opening the window never waits for it."""
        import sys

        if self._found is None and "torch" in sys.modules:
            self.look_for_devices()

    def look_for_devices(self) -> None:
        """List this machine's devices, best first, in a thread; torch may have to be imported."""
        if self._found is not None:
            return
        self._found = []
        self._looker = threading.Thread(target=self._look, name="devices", daemon=False)
        self._looker.start()

    # Inside

    def _look(self) -> None:
        from netbuilder.train.devices import devices

        found = devices()
        best = Choice("auto", f"auto ({found[0].name})", f"The fastest: {found[0].title}")
        self._found = [best] + [Choice(d.name, d.name, f"{d.title}, {written.size(d.memory)}" if d.memory else d.title) for d in found]
        self._relay.send()

    def _offer_devices(self) -> None:
        self._device.offer(self._found or [])
        self._device.choose(str(self._session.document.project.training.get("device", "auto")))

    def _edit(self, name: str, value: object) -> None:
        training = {**self._session.document.project.training, name: value}
        self._clear_errors()
        try:
            Recipe.read(training)
        except NetbuilderError as error:
            self._show_error(error)
            return
        key = f"training.{name}"
        self._session.document.configure(label=f"Change {name.replace('_', ' ')}", merge=key, training=training)

    def _done(self) -> None:
        self._session.document.end_merge()

    def _clear_errors(self) -> None:
        self._main.clear_errors()
        self._more.clear_errors()
        self._problem.hide()

    def _show_error(self, error: NetbuilderError) -> None:
        family, _, setting = (error.place or "").partition(".")
        if family in self._families:
            self._families[family].set_error(setting, str(error))
        elif family in Basics.__struct_fields__ and family != "device":
            self.form_of(family).set_error(family, str(error))
        else:
            self._problem.setText(str(error))
            self._problem.show()

    def _show_schedule(self, recipe: Recipe) -> None:
        dataset = self._session.dataset()
        steps = -(-len(dataset.train) // recipe.batch(len(dataset.train))) if dataset is not None else TYPICAL_STEPS
        self.curve.show_recipe(recipe, max(1, steps))

    def _change_schedule(self, changes: dict[str, Value]) -> None:
        """A drag in the curve: one step, however many settings it touches."""
        training = {**self._session.document.project.training, **changes}
        try:
            Recipe.read(training)
        except NetbuilderError as error:
            self._show_error(error)
        else:
            self._session.document.configure(label="Change schedule", merge="training.curve", training=training)

    @Slot(list)
    def _follow(self, events: list[Event]) -> None:
        """Mark on the curve where training stands."""
        for event in events:
            if isinstance(event, Started):
                self._steps_per_epoch = max(1, event.steps_per_epoch)
        steps = next((event for event in reversed(events) if isinstance(event, StepsLogged)), None)
        if steps is not None:
            self.curve.show_position(steps.step / self._steps_per_epoch)

    def _build(self, context: UiContext) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 10, 8)
        column.setSpacing(8)
        self._problem = label("", "error", wrap=True)
        self._later = label("This training keeps the settings it began with; changes count from the next start.", "warning", wrap=True)
        self._later.setObjectName("training.settings_later")
        self._families = {name: FamilyForm(name, family.all()) for name, family in FAMILIES.items()}
        self.loss_curve = LossCurve(context.themes)
        self.curve = ScheduleEditor(context.themes)
        self.curve.edited.connect(self._change_schedule)
        self.curve.finished.connect(self._done)
        self._main = self._struct(MAIN)
        self._more = self._struct(n for n in Basics.__struct_fields__ if n not in (*MAIN, "device"))
        self._device = Chooser([Choice("auto", "auto", "The fastest device of this machine")])
        self._device.setObjectName("field.device")
        self._device.chosen.connect(lambda key: self._edit("device", key))
        column.addWidget(self._later)
        column.addWidget(self._problem)
        column.addWidget(self._main)
        column.addLayout(_row("device", self._device))
        for name in FAMILIES:
            column.addWidget(self._families[name])
            if name == "loss":
                column.addWidget(self.loss_curve)
        column.addWidget(self.curve)
        column.addWidget(Section("More", self._more, opened=False))
        column.addStretch(1)
        for name, form in self._families.items():
            form.edited.connect(lambda value, _field, name=name: self._edit(name, _plain(value)))
            form.finished.connect(self._done)
        self.setWidget(inside)

    def _struct(self, names: Iterable[str]) -> StructForm:
        form = StructForm(_part(names), {})
        form.edited.connect(self._edit)
        form.finished.connect(lambda _name: self._done())
        return form


def _plain(value: dict[str, object]) -> object:
    """A kind without settings of its own is written as its name."""
    return value["name"] if len(value) == 1 else value


def _part(names: Iterable[str]) -> type[msgspec.Struct]:
    """The named fields of `Basics` as a declaration of their own, for a form."""
    fields = {info.name: info for info in msgspec.structs.fields(Basics)}
    return msgspec.defstruct("Part", [(name, fields[name].type, fields[name].default) for name in names], frozen=True)


def _row(title: str, widget: QWidget) -> QGridLayout:
    row = QGridLayout()
    row.setHorizontalSpacing(8)
    row.setColumnMinimumWidth(0, LABEL_WIDTH)
    row.setColumnStretch(1, 1)
    row.addWidget(label(title, "label"), 0, 0)
    row.addWidget(widget, 0, 1)
    return row
