"""The learning rate over the epochs as a curve that can be dragged, with the place where training stands."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from netbuilder.train.recipe import Recipe
from netbuilder.train.schedule_handles import Changes, Handle, handles, moved, with_point, without_point
from netbuilder.train.schedules import curve
from netbuilder.ui.plots.chart import Chart
from netbuilder.ui.plots.chart_parts import Content, Dots, Ink, Line, Mark, axis
from netbuilder.ui.plots.ticks import say_value
from netbuilder.ui.theme import Themes

HEIGHT, POINTS, GRIP = 132, 240, 14.0
ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}


class ScheduleEditor(QWidget):
    """Drag a handle, or move it with the arrow keys; Space goes to the next one.

    `edited` carries the settings of the recipe that change; `finished` ends a drag, so that the next one is a step of its own.
    """

    edited = Signal(dict)
    finished = Signal()

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recipe: Recipe | None = None
        self._handles: tuple[Handle, ...] = ()
        self._x, self._y = np.zeros(0), np.zeros(0)
        self._chosen = 0
        self._held = False
        self._top = 0.0
        self._position: float | None = None
        self.chart = Chart(themes)
        self.chart.setObjectName("schedule.curve")
        self.chart.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.chart.setAccessibleName("Learning rate over the epochs")
        self.chart.describe = self._describe
        self.chart.pressed.connect(self._grip)
        self.chart.dragged.connect(self._drag)
        self.chart.released.connect(self._let_go)
        self.chart.chosen.connect(self._add_point)
        self.chart.installEventFilter(self)
        self.setFixedHeight(HEIGHT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.chart)

    @property
    def values(self) -> list[float]:
        """The rates that are drawn."""
        return [float(value) for value in self._y]

    @property
    def handles(self) -> tuple[Handle, ...]:
        """What can be taken hold of."""
        return self._handles

    def show_recipe(self, recipe: Recipe, steps_per_epoch: int) -> None:
        """Show the curve of a recipe."""
        self._recipe, self._handles = recipe, handles(recipe)
        self._x, self._y = curve(recipe, steps_per_epoch, POINTS)
        self._chosen = min(self._chosen, len(self._handles) - 1)
        self._draw()

    def show_position(self, epoch: float | None) -> None:
        """Mark where training stands, in epochs."""
        self._position = epoch
        if self.isVisible():
            self._draw()

    def _draw(self) -> None:
        if self._recipe is None:
            return
        if not self._held:
            self._top = 1.12 * max(float(self._y.max(initial=0.0)), *(handle.rate for handle in self._handles), 1e-12)
        x, y = np.array([h.epoch for h in self._handles]), np.array([h.rate for h in self._handles])
        here = slice(self._chosen, self._chosen + 1)
        strong = self.chart.hasFocus() or self._held
        dots = [Dots(x, y, "accent", 8.0, edge="panel"), *([Dots(x[here], y[here], "text", 9.0, edge="accent")] if strong else [])]
        marks = () if self._position is None else (Mark(self._position, "", "good"),)
        epochs = axis(0, self._recipe.epochs, "epoch", 4)
        up = axis(0, self._top, "learning rate", 3)
        self.chart.show_content(Content(epochs, up, (Line(self._x, self._y, "accent", 1.8, filled=True),), tuple(dots), marks))
        told = "; ".join(f"{handle.tip}: {say_value(float(f'{handle.rate:.3g}'))} at epoch {handle.epoch:g}" for handle in self._handles)
        self.chart.setAccessibleDescription(told)

    def _describe(self, x: float, y: float) -> list[tuple[str, Ink]]:
        near = self._near(x, y)
        if near is not None:
            handle = self._handles[near]
            return [(f"{handle.rate:.4g} at epoch {handle.epoch:g}", "text"), (handle.tip, "secondary")]
        rate = float(np.interp(x, self._x, self._y)) if len(self._x) else 0.0
        return [(f"epoch {max(x, 0):.1f}", "secondary"), (f"rate {rate:.4g}", "text")]

    def _near(self, x: float, y: float) -> int | None:
        at = np.array([handle.epoch for handle in self._handles]), np.array([handle.rate for handle in self._handles])
        return self.chart.nearest(*at, (x, y), GRIP)

    # Moving

    def _grip(self, x: float, y: float) -> None:
        near = self._near(x, y)
        self._held = near is not None
        self._chosen = self._chosen if near is None else near
        self._draw()

    def _drag(self, x: float, y: float) -> None:
        if self._held and self._recipe is not None:
            self._tell(moved(self._recipe, self._handles[self._chosen].name, x, y))

    def _let_go(self) -> None:
        if self._held:
            self._held = False
            self._draw()
            self.finished.emit()

    def _add_point(self, x: float, y: float) -> None:
        if self._recipe is not None and self._near(x, y) is None:
            self._tell(with_point(self._recipe, x, y))
            self.finished.emit()

    def _tell(self, changes: Changes) -> None:
        if changes:
            self.edited.emit(changes)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the chosen handle by an epoch or a twentieth of the axis, Space chooses the next one."""
        if self._recipe is None or not self._handles:
            return
        step, handle = ARROWS.get(Qt.Key(event.key())), self._handles[self._chosen]
        if step is not None:
            self._tell(moved(self._recipe, handle.name, handle.epoch + step[0], handle.rate + step[1] * self._top / 20))
            self.finished.emit()
        elif event.key() == Qt.Key.Key_Space:
            self._chosen = (self._chosen + 1) % len(self._handles)
            self._draw()
        elif event.key() == Qt.Key.Key_Delete:
            self._tell(without_point(self._recipe, handle.name))
            self.finished.emit()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show which handle the keys move while the curve has the focus."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._draw()
        return False
