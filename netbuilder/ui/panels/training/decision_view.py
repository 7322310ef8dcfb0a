"""The decision surface of a network on points in the plane: painted while it trains, with the points on it."""

from __future__ import annotations

from time import monotonic

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QImage, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from netbuilder.app.looking import Window
from netbuilder.app.models import checkpoint_epochs
from netbuilder.data.dataset import Dataset, Part
from netbuilder.net.results import Analysis
from netbuilder.train.events import EpochDone, Event, Started
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.filters.snapshots import Snapshots
from netbuilder.ui.panels.later import Later, Relay
from netbuilder.ui.plots.chart import Chart
from netbuilder.ui.plots.chart_parts import Content, Dots, Floats, Ink, Line, axis, colour
from netbuilder.ui.theme import Theme
from netbuilder.ui.widgets.elided_label import ElidedLabel
from netbuilder.ui.widgets.labels import label

PERIOD, SLOWEST, PATIENCE = 250, 5000, 20_000
"""Milliseconds between two looks at least and at most, and for each second that a look takes: training has most of the time."""
MOST_POINTS = 600
KEY = "surface"
CLASSES: tuple[Ink, ...] = (1, 0, 2, 3, 4, 5)
"""Inks of the classes; the first two are orange and blue."""


def plane(analysis: Analysis) -> bool:
    """Whether the network's only input is two numbers."""
    inputs = [id_ for id_, node in analysis.graph.nodes.items() if node.layer == "input"]
    shapes = [spec.shape[1:] for id_ in inputs if id_ in analysis.nodes for spec in analysis.nodes[id_].outputs]
    return shapes == [(2,)]


class DecisionView(QWidget):
    """Asks for the surface four times a second while a network trains and somebody looks; the slider goes back to earlier epochs."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training.decision")
        self._context, self._session = context, context.session
        self._epoch, self._asked = 0, 0
        self._again, self._following, self._since = False, True, 0.0
        self._live: NDArray[np.float32] | None = None
        self._kept = Snapshots()
        self._later = Later(self)
        self._later.answered.connect(self._take_surface)
        self._later.failed.connect(lambda _error: self._draw())
        self._relay = Relay(self.ask, self)
        self._clock = QTimer(self)
        self._clock.setInterval(PERIOD)
        self._clock.timeout.connect(self._tick)
        self._build()
        self._session.data_changed.connect(self._relay.send)
        self._session.inspected_changed.connect(self._on_inspected)
        self._session.analysed.connect(lambda _analysis: self.ask())
        context.bridge.state_changed.connect(self._on_state)
        context.themes.changed.connect(self._draw)

    @property
    def shown(self) -> NDArray[np.float32] | None:
        """The shares that are painted."""
        if self._following or self._session.inspected is not None:
            return self._live
        return self._kept.at(self._stops()[self.slider.value()], KEY)

    def take(self, events: list[Event]) -> None:
        """Follow the epochs of a training."""
        for event in events:
            if isinstance(event, Started):
                self._epoch = event.first_epoch - 1
            elif isinstance(event, EpochDone):
                self._epoch = event.epoch
                self._again = True
        if self._again and self.isVisible():
            self.ask()

    def ask(self) -> None:
        """Ask for the surface of the newest weights, unless nobody looks or an answer is on its way."""
        dataset = self._session.dataset()
        unfit = self._session.analysis.errors and not self._session.runner.active and self._session.inspected is None
        if not self.isVisible() or dataset is None or dataset.input_shape != (2,) or unfit:
            self._draw()
        elif self._later.waiting:
            self._again = True
        else:
            self._asked, self._again, self._since = self._epoch, False, monotonic()
            self._later.ask(self._session.surface(window_of(dataset)))

    def _take_surface(self, shares: NDArray[np.float32]) -> None:
        self._live = shares
        self._clock.setInterval(round(min(max(PERIOD, PATIENCE * (monotonic() - self._since)), SLOWEST)))
        if self._session.inspected is None:
            if self._session.runner.training is None or self._kept.at(self._asked, KEY) is None:
                self._kept.keep(self._asked, {KEY: shares})
            self._show_stops(len(self._stops()), self._following)
        self._draw()
        if self._again:
            self.ask()

    def _tick(self) -> None:
        if self._session.inspected is None and self._session.runner.state in ("running", "pausing"):
            self.ask()

    def _on_state(self, state: str) -> None:
        if state == "loading":
            self._kept.clear()
            self._epoch, self._following = 0, True
        elif state in ("paused", "finished", "idle"):
            QTimer.singleShot(0, self, self.ask)  # when the last events have told the epoch

    # Epochs

    def _stops(self) -> list[int]:
        """Epochs that the slider can go to."""
        inspected = self._session.inspected
        return sorted(checkpoint_epochs(inspected[0])) if inspected is not None else self._kept.epochs(KEY)

    def _show_stops(self, count: int, last: bool) -> None:
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(0, count - 1))
        if last:
            self.slider.setValue(self.slider.maximum())
        self.slider.setEnabled(count > 1)
        self.slider.blockSignals(False)

    def _on_inspected(self) -> None:
        inspected = self._session.inspected
        if inspected is not None:
            names, stops = checkpoint_epochs(inspected[0]), self._stops()
            self._show_stops(len(stops), last=False)
            here = next((n for n, stop in enumerate(stops) if names[stop] == inspected[1]), len(stops) - 1)
            self.slider.blockSignals(True)
            self.slider.setValue(here)
            self.slider.blockSignals(False)
        else:
            self._show_stops(len(self._stops()), last=True)
        self.ask()

    def _slide(self, place: int) -> None:
        inspected, stops = self._session.inspected, self._stops()
        if inspected is not None and place < len(stops):
            self._session.inspect(inspected[0], checkpoint_epochs(inspected[0])[stops[place]])
        self._following = place == self.slider.maximum()
        self._draw()

    # Drawing

    def _draw(self) -> None:
        dataset, shares = self._session.dataset(), self.shown
        if dataset is None or dataset.input_shape != (2,):
            self.chart.show_content(None)
            return
        (left, right), (bottom, top) = window_of(dataset)
        dots = (*_dots(dataset.train, MOST_POINTS, hollow=False), *_dots(dataset.validation, MOST_POINTS // 3, hollow=True))
        picture = None if shares is None else _picture(shares, self._context.themes.current)
        lines = () if shares is None else _borders(shares, window_of(dataset))
        self.chart.show_content(Content(axis(left, right), axis(bottom, top), lines, dots, picture=picture))
        stops, place = self._stops(), self.slider.value()
        if self._session.inspected is None and self._following:
            epoch = f"epoch {self._epoch}" if self._epoch else "before training"
        else:
            epoch = f"epoch {stops[place]}" if place < len(stops) else ""
        self.title.setText(f"Decision surface · {epoch}" if shares is not None else "Decision surface")

    def _describe(self, x: float, y: float) -> list[tuple[str, Ink]]:
        """What the network says here."""
        dataset, shares = self._session.dataset(), self.shown
        lines: list[tuple[str, Ink]] = [(f"{x:.2f}, {y:.2f}", "secondary")]
        if dataset is None or shares is None:
            return lines
        (left, right), (bottom, top) = window_of(dataset)
        size = shares.shape[0] - 1
        row, column = round((y - bottom) / (top - bottom) * size), round((x - left) / (right - left) * size)
        if 0 <= row <= size and 0 <= column <= size:
            names = dataset.classes or tuple(map(str, range(shares.shape[2])))
            lines += [(f"{name} {share:.1%}", "text") for name, share in zip(names, shares[row, column], strict=False)]
        return lines

    def showEvent(self, event: QShowEvent) -> None:
        """Look now, then four times a second."""
        self._clock.start()
        self._on_inspected()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody is looking."""
        self._clock.stop()

    def _build(self) -> None:
        self.title = ElidedLabel()
        self.title.setProperty("role", "heading")
        self.chart = Chart(self._context.themes, empty="Load points in the plane on the Data tab to see how the network divides it.")
        self.chart.setAccessibleName("Decision surface")
        self.chart.describe = self._describe
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("training.decision.epoch")
        self.slider.setAccessibleName("Epoch of the decision surface")
        self.slider.setEnabled(False)
        self.slider.valueChanged.connect(self._slide)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label("● training  ○ validation", "secondary"))
        row.addWidget(self.slider, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addWidget(self.chart, 1)
        column.addLayout(row)


def window_of(dataset: Dataset) -> Window:
    """The part of the plane in which the training points lie, with some room around."""
    points = np.asarray(dataset.train.inputs, np.float64)
    low, high = points.min(0), points.max(0)
    room = 0.08 * np.maximum(high - low, 1e-9)
    (left, bottom), (right, top) = low - room, high + room
    return (float(left), float(right)), (float(bottom), float(top))


def _dots(part: Part, most: int, *, hollow: bool) -> tuple[Dots, ...]:
    """The points of a part by class, at most so many."""
    every = max(1, -(-len(part) // most))
    points, targets = np.asarray(part.inputs[::every], np.float64), np.asarray(part.targets[::every])
    if targets.dtype.kind not in "iu" or targets.ndim != 1:
        targets = np.zeros(len(points), np.int64)
    edge: Ink = "" if hollow else "panel"
    found = [(n, points[targets == n]) for n in np.unique(targets)]
    return tuple(Dots(p[:, 0], p[:, 1], CLASSES[n % len(CLASSES)], 7.0 if hollow else 6.0, hollow, edge) for n, p in found)


def _picture(shares: NDArray[np.float32], theme: Theme) -> QImage:
    """The classes' colours mixed by their shares, pale, none where a share is no number; row 0 at the bottom."""
    inks = [colour(theme, CLASSES[n % len(CLASSES)]) for n in range(shares.shape[2])]
    mixed = shares @ np.array([_parts(ink) for ink in inks])
    plain = _parts(theme.panel)
    pale = plain + (mixed - plain) * (0.42 if theme.dark else 0.38)
    pale = np.where(np.isfinite(pale), pale, plain)
    data = np.ascontiguousarray(pale[::-1].round().clip(0, 255).astype(np.uint8))
    return QImage(data.tobytes(), data.shape[1], data.shape[0], 3 * data.shape[1], QImage.Format.Format_RGB888).copy()


def _borders(shares: NDArray[np.float32], window: Window) -> tuple[Line, ...]:
    """Where the second of two classes has one half."""
    if shares.shape[2] != 2:
        return ()
    import pyqtgraph as pg

    size = shares.shape[0] - 1
    (left, right), (bottom, top) = window
    found = []
    for points in pg.isocurve(shares[..., 1].astype(np.float64), 0.5, connected=True):
        rows, columns = np.asarray(points, float).T - 0.5
        found.append(Line(left + columns / size * (right - left), bottom + rows / size * (top - bottom), "text", 1.2))
    return tuple(found)


def _parts(ink: QColor) -> Floats:
    return np.array([ink.red(), ink.green(), ink.blue()], np.float64)
