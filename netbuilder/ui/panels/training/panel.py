"""The Training tab: the recipe, loss and accuracy as they move, and the filters as they form."""

from __future__ import annotations

import threading

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from netbuilder.train.events import EpochDone, Event, Preview, Started, StepsLogged
from netbuilder.ui.context import UiContext
from netbuilder.ui.icons import icon
from netbuilder.ui.panels.filters.wall import FilterWall
from netbuilder.ui.panels.later import Relay
from netbuilder.ui.panels.training.decision_view import DecisionView, plane
from netbuilder.ui.panels.training.output_curves import add_outputs, remove_outputs
from netbuilder.ui.panels.training.recipe_form import RecipeForm
from netbuilder.ui.panels.training.recorded_curves import RecordedCurves
from netbuilder.ui.plots.curve_pair import CurvePair
from netbuilder.ui.plots.curve_plot import CurvePlot
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.rule import rule

RECIPE_WIDTH = 272
NARROW = 760
"""Width below which the recipe and the curves take turns."""


class TrainingPanel(QWidget):
    """Follows the session's training. The recipe folds away when the first training starts, and comes back on demand."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel.training")
        self._context = context
        self._steps_per_epoch = 1
        self._folded_once = False
        self._warmer: threading.Thread | None = None
        self._recorded: RecordedCurves | None = None
        self._decision: DecisionView | None = None
        self._warmed = Relay(self._prepare, self)
        self._build()
        context.bridge.events.connect(self.take)
        context.bridge.state_changed.connect(self._on_state)
        context.session.inspected_changed.connect(self._on_inspected)
        context.session.analysed.connect(lambda _analysis: self._choose_inside())
        context.session.level.analysed.connect(self._say_how_to_begin)
        context.themes.changed.connect(self._recolour)
        self._recolour()
        self._say_how_to_begin()
        self._on_inspected()
        self._choose_inside()

    @Slot(list)
    def take(self, events: list[Event]) -> None:
        """Add what these events say, then draw once."""
        for event in events:
            self._take_one(event)
        if any(not isinstance(event, Preview) for event in events) and self.isVisible():
            self._refresh()
        self.filters.take(events)
        if self._decision is not None:
            self._decision.take(events)

    def show_recipe(self, on: bool) -> None:
        """Unfold or fold the recipe."""
        self._recipe_side.setVisible(on)
        self._unfold.setVisible(not on)
        self._share_room()

    @property
    def recipe_shown(self) -> bool:
        """Whether the recipe is unfolded."""
        return not self._recipe_side.isHidden()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        self._share_room()

    def _share_room(self) -> None:
        alone = self.recipe_shown and self.width() < NARROW
        self._recipe_side.setFixedWidth(self.width() - 32 if alone else RECIPE_WIDTH)
        for part in (self._plots, self._inside):
            part.setVisible(not alone)

    def _take_one(self, event: Event) -> None:
        match event:
            case Started():
                self._steps_per_epoch = max(1, event.steps_per_epoch)
                if event.first_epoch == 1:
                    self.loss.clear()
                    self.accuracy.clear()
                    remove_outputs((self.loss, self.accuracy))
                    self._pair.show_second(True)
            case StepsLogged():
                x = event.step / self._steps_per_epoch
                self.loss.append("train", x, event.loss)
                if event.accuracy is not None:
                    self.accuracy.append("train", x, event.accuracy)
            case EpochDone():
                self._take_epoch(event)

    def _take_epoch(self, event: EpochDone) -> None:
        add_outputs((self.loss, self.accuracy), event)
        if event.validation_loss is not None:
            self.loss.append("validation", event.epoch, event.validation_loss)
        if event.validation_accuracy is not None:
            self.accuracy.append("validation", event.epoch, event.validation_accuracy)
        self._pair.show_second(event.train_accuracy is not None or event.validation_accuracy is not None)
        if event.best:
            for plot in (self.loss, self.accuracy):
                plot.mark_best(event.epoch, f"best · epoch {event.epoch}")

    def _refresh(self) -> None:
        if self._warmer is not None and self._warmer.is_alive():
            return
        self.loss.refresh()
        self.accuracy.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what arrived while hidden."""
        self._refresh()

    @Slot(str)
    def _on_state(self, state: str) -> None:
        if state == "loading":
            self._context.session.inspect(None)
            self._warm_up()
            if not self._folded_once:
                self._folded_once = True
                self.show_recipe(False)
        elif state == "running":
            self.recipe.look_for_devices()

    def _on_inspected(self) -> None:
        """A recorded run's curves lie over those of the present training, which go on below."""
        inspected = self._context.session.inspected
        if inspected is None:
            self._plots.setCurrentIndex(0)
            return
        if self._recorded is None:
            self._recorded = RecordedCurves(self._context)
            self._recorded.left.connect(lambda: self._context.session.inspect(None))
            self._plots.addWidget(self._recorded)
        if self._recorded.run is None or self._recorded.run.folder != inspected[0].folder:
            self._recorded.show_run(inspected[0])
        self._plots.setCurrentIndex(1)

    def _choose_inside(self) -> None:
        """Beside the curves: how points in the plane are told apart, or the filters of any other network."""
        flat = plane(self._context.session.analysis)
        if flat and self._decision is None:
            self._decision = DecisionView(self._context)
            self._inside.addWidget(self._decision)
        self._inside.setCurrentIndex(1 if flat and self._decision is not None else 0)

    def _say_how_to_begin(self, _analysis: object = None) -> None:
        """Where the loss will be drawn: to press Start, or what keeps from it."""
        self.loss.placeholder.setText(self._context.session.hindrance or "Press Start to see the loss fall.")

    def _warm_up(self) -> None:
        """Import the drawing area in a thread while data loads: it takes half a second that nobody should see."""
        if self._warmer is None:

            def load() -> None:
                import netbuilder.ui.plots.surface  # noqa: F401

                self._warmed.send()

            self._warmer = threading.Thread(target=load, name="plots", daemon=False)
            self._warmer.start()

    def _prepare(self) -> None:
        """Make one drawing area now and the other a moment later, so that neither is felt; the training may be over by then."""
        if self._warmer is not None:
            self._warmer.join()
        self.loss.prepare()
        QTimer.singleShot(30, self, self._catch_up)

    def _catch_up(self) -> None:
        self.accuracy.prepare()
        if self.isVisible():
            self._refresh()

    def _build(self) -> None:
        themes = self._context.themes
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 8)
        row.setSpacing(16)
        self.recipe = RecipeForm(self._context)
        self._recipe_side = self._side()
        self._unfold = QToolButton()
        self._unfold.setObjectName("training.unfold")
        self._unfold.setToolTip("Show the recipe: loss, optimizer, epochs, batch size, …")
        self._unfold.setAccessibleName("Show the recipe")
        self._unfold.setIconSize(QSize(16, 16))
        self._unfold.setFixedSize(26, 26)
        self._unfold.clicked.connect(lambda: self.show_recipe(True))
        self._unfold.hide()
        self.loss = CurvePlot(themes, "Loss")
        self.accuracy = CurvePlot(themes, "Accuracy", empty="Accuracy on the training and the validation part appears here.")
        self.accuracy.set_limits(0.0, 1.0)
        for plot in (self.loss, self.accuracy):
            plot.setObjectName(f"plot.{'loss' if plot is self.loss else 'accuracy'}")
            plot.add_curve("train", "train", "train")
            plot.add_curve("validation", "validation", "validation")
        self.filters = FilterWall(self._context)
        row.addWidget(self._recipe_side)
        row.addWidget(self._unfold, 0, Qt.AlignmentFlag.AlignTop)
        self._pair = CurvePair(self.loss, self.accuracy)
        self._plots = QStackedWidget()
        self._plots.addWidget(self._pair)
        row.addWidget(self._plots, 20)
        self._inside = QStackedWidget()
        self._inside.addWidget(self.filters)
        row.addWidget(self._inside, 12)

    def _side(self) -> QWidget:
        side = QWidget()
        across = QHBoxLayout(side)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(12)
        column = QVBoxLayout()
        column.setSpacing(6)
        head = QHBoxLayout()
        self._fold = QToolButton()
        self._fold.setObjectName("training.fold")
        self._fold.setToolTip("Fold the recipe away")
        self._fold.setAccessibleName("Fold the recipe away")
        self._fold.setFixedSize(22, 22)
        self._fold.clicked.connect(lambda: self.show_recipe(False))
        head.addWidget(label("Recipe", "heading"), 1)
        head.addWidget(self._fold)
        column.addLayout(head)
        column.addWidget(self.recipe, 1)
        across.addLayout(column, 1)
        across.addWidget(rule(vertical=True))
        return side

    def _recolour(self) -> None:
        colour = self._context.themes.current.secondary
        self._unfold.setIcon(icon("sliders-horizontal", colour, 16))
        self._fold.setIcon(icon("chevron-left", colour, 14))
