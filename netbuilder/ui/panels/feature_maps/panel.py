"""The Feature maps tab: one test sample, what the network says about it, and what its layers make of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from netbuilder.data.dataset import Dataset
from netbuilder.probe.feature_maps import map_images
from netbuilder.train.events import Event, Preview, Started
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.feature_maps.answer import AnswerSide
from netbuilder.ui.panels.feature_maps.prediction import answer_node, bars, facing, probabilities, shown_layers
from netbuilder.ui.panels.feature_maps.sample import SampleSide
from netbuilder.ui.panels.later import Later, Relay
from netbuilder.ui.plots.image_wall import ImageWall
from netbuilder.ui.widgets.elided_label import ElidedLabel
from netbuilder.ui.widgets.empty_state import EmptyState
from netbuilder.ui.widgets.rule import rule

Maps = Mapping[str, NDArray[np.float32]]
LIVE = ("running", "pausing")
MARGIN, GAP = 16, 12
LEAST_WALL = 84
"""Pixels across that a layer's maps take at least."""


class _MapWall(QWidget):
    """One layer's maps under their heading. `opened` carries the number of a map whose numbers are to be seen."""

    opened = Signal(int)

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.title = ElidedLabel()
        self.title.setProperty("role", "heading")
        self.wall = ImageWall(context.themes, word="map")
        self.wall.options_changed.connect(self._paint)
        self.wall.opens = True
        self.wall.opened.connect(lambda number: self.opened.emit(int(self._order()[min(number, len(self._order()) - 1)])))
        self._maps: NDArray[np.float32] | None = None
        column.addWidget(self.title)
        column.addWidget(self.wall, 1)

    def show_maps(self, name: str, maps: NDArray[np.float32] | None, empty: str) -> None:
        """Show a layer's output for the sample."""
        self._maps = maps
        if maps is None:
            self.title.setText(name)
            self.wall.clear(empty)
            return
        size = "×".join(str(n) for n in maps.shape[1:])
        noun = "unit" if maps.ndim == 1 else "map"
        self.title.setText(f"{name} · {len(maps)} {noun}{'s' if len(maps) != 1 else ''} {size}".rstrip())
        self._paint()

    def _paint(self) -> None:
        if self._maps is None:
            return
        maps, numbers = self._maps if self._maps.ndim > 1 else self._maps.reshape(-1, 1, 1), self._order()
        shared = self.wall.shared_scale or self._maps.ndim == 1
        images = map_images(maps[numbers], "shared" if shared else "own")
        names = [f"map {n}" for n in numbers] if len(images) == len(numbers) else None
        self.wall.show_images(images, np.asarray(maps[numbers], np.float32).reshape(images.shape), names)

    def _order(self) -> NDArray[np.intp]:
        """Numbers of the maps as they are shown."""
        maps = np.zeros((1, 1)) if self._maps is None else self._maps.reshape(len(self._maps), -1)
        return np.argsort(-np.linalg.norm(maps, axis=1), kind="stable") if self.wall.by_norm else np.arange(len(maps))


class FeatureMapsPanel(QWidget):
    """Live while a network trains, asked for when it does not. Follows the selection on the canvas."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel.feature_maps")
        self._context, self._session = context, context.session
        self._maps: dict[str, NDArray[np.float32]] = {}
        self._problem = ""
        self._walls: list[_MapWall] = []
        self._later = Later(self)
        self._later.answered.connect(self._on_maps)
        self._later.failed.connect(self._on_failed)
        self._relay = Relay(self._on_data, self)
        self._build()
        self._session.data_changed.connect(self._relay.send)
        self._session.inspected_changed.connect(self._ask)
        self._session.analysed.connect(self._on_network)
        context.selection.changed.connect(self._on_network)
        context.bridge.events.connect(self.take)
        context.bridge.state_changed.connect(self._on_state)
        context.themes.changed.connect(self._show_answer)
        self._on_data()

    @property
    def sample(self) -> int:
        """Number of the test sample that is looked at."""
        return self._picker.index

    @property
    def nodes(self) -> list[str]:
        """Layers whose maps are shown."""
        return shown_layers(self._session.analysis, self._session.level.outermost(self._context.selection.ids))

    @Slot(list)
    def take(self, events: list[Event]) -> None:
        """Show the newest preview of this sample."""
        newest = None
        for event in events:
            if isinstance(event, Started):
                self._watch()
            elif isinstance(event, Preview) and event.maps and event.sample == self.sample:
                newest = event
        if newest is not None and self.isVisible():
            self._later.forget()
            self._on_maps(newest.maps)

    # Asking

    def _wanted(self) -> frozenset[str]:
        answer = answer_node(self._session.document.graph)
        return frozenset(self.nodes) | ({answer} if answer else frozenset())

    def _watch(self) -> None:
        if self._session.runner.active and self._session.runner.state != "loading":
            watch = self._session.runner.watch
            watch.sample, watch.passing = self.sample, self._side.passing
            watch.nodes = self._wanted() if self.isVisible() else frozenset()

    def _ask(self) -> None:
        """Get maps for the present sample and layers: from the training when it runs, else from the newest weights."""
        self._watch()
        if not self.isVisible() or self._session.dataset() is None or self._session.runner.state in LIVE:
            return
        if self._session.analysis.errors:
            self._problem = "Mend the network's problems to see what its layers make of a sample."
            self._show_maps()
            return
        self._later.ask(self._session.probe(self.sample, self._wanted(), self._side.passing))

    def _on_maps(self, maps: Maps) -> None:
        self._maps, self._problem = dict(maps), ""
        self._show_maps()

    def _on_failed(self, error: BaseException) -> None:
        self._maps, self._problem = {}, str(error)
        self._show_maps()

    def _on_state(self, state: str) -> None:
        if state in ("running", "paused", "finished", "idle"):
            self._ask()

    def _on_network(self, _what: object = None) -> None:
        self._show_maps()
        self._ask()

    def _on_data(self) -> None:
        dataset = self._session.dataset()
        self._stack.setCurrentWidget(self._body if dataset is not None else self._empty)
        if dataset is None:
            loading = self._session.data_state == "loading"
            text = self._session.data_error or self._session.hindrance or "Press Start, or load the data on the Data tab."
            self._empty.say("Loading data…" if loading else "No sample to look at yet", "" if loading else text)
            return
        self._picker.follow(dataset)
        self._show_sample()

    def _show_sample(self, *, anew: bool = True) -> None:
        """`anew`: it is another sample, whose maps are not known yet."""
        dataset = self._answered()
        if dataset is None or not len(dataset.test):
            self._side.show_sample(None)
            return
        self._side.show_sample(dataset.test.inputs[self.sample])
        self._label.setText(self._name(dataset))
        if anew:
            self._maps = {}
        self._ask()

    def _answered(self) -> Dataset | None:
        """The data, with the targets of the first of several outputs in front."""
        dataset = self._session.dataset()
        return facing(self._session.document.graph, dataset) if dataset is not None and dataset.names else dataset

    def _name(self, dataset: Dataset) -> str:
        target = dataset.test.targets[self.sample]
        if dataset.classes and np.ndim(target) == 0:
            return f"Label {dataset.classes[int(target)]}"
        return "Target " + " ".join(f"{float(v):.3g}" for v in np.ravel(target)[:4])

    def _open(self, wall: int, number: int) -> None:
        """The output behind a map, as a tensor."""
        from netbuilder.ui.side_windows import show_tensor
        from netbuilder.ui.tensor_places import whole_output

        show_tensor(self._context, self, whole_output(self._context, self.nodes[wall]), {1: number}, ("test", self.sample))

    # Showing

    def _show_maps(self) -> None:
        nodes = self.nodes[: self._room]
        self._nothing.setVisible(not nodes)
        while len(self._walls) < len(nodes):
            wall = _MapWall(self._context)
            wall.opened.connect(partial(self._open, len(self._walls)))
            self._walls.append(wall)
            self._row.addWidget(wall, 1)
        waiting = self._problem or "Waiting for the first look inside…"
        graph, analysis = self._session.document.graph, self._session.analysis
        for number, wall in enumerate(self._walls):
            wall.setVisible(number < len(nodes))
            if number < len(nodes) and nodes[number] in graph.nodes:
                layer = analysis.nodes[nodes[number]].layer
                name = f"{layer.about.title if layer else 'Layer'} {graph.nodes[nodes[number]].name}"
                wall.show_maps(name, self._maps.get(nodes[number]), waiting)
        self._show_answer()

    def _show_answer(self) -> None:
        dataset, node = self._answered(), answer_node(self._session.document.graph)
        output = self._maps.get(node) if node else None
        shares = None
        if dataset is not None and output is not None and dataset.classes and node is not None:
            layer = self._session.document.graph.nodes[node].layer
            shares = probabilities(output, already=layer == "softmax")
        self._answer.show_bars([] if shares is None or dataset is None else bars(shares, dataset.classes))
        self._answer.setVisible(shares is not None)
        if shares is None or dataset is None:
            values = "" if output is None else "Output " + " ".join(f"{float(v):.3g}" for v in np.ravel(output)[:4])
            self._verdict.setText(values)
            return
        best = int(np.argmax(shares))
        right = int(dataset.test.targets[self.sample]) == best
        name = dataset.classes[best] if best < len(dataset.classes) else str(best)
        self._verdict.setText(f"Says {name} · {'right' if right else 'wrong'}")
        theme = self._context.themes.current
        self._verdict.setStyleSheet(f"color: {(theme.good if right else theme.error).name()};")

    @property
    def _room(self) -> int:
        """How many layers find room side by side; one always does."""
        return max(1, (self.width() - 2 * MARGIN - self._side.width() - self._answer_side.width() - 2 * GAP - 1) // (GAP + LEAST_WALL))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many layers as there is room for."""
        if sum(not wall.isHidden() for wall in self._walls) != min(self._room, len(self.nodes)):
            self._show_maps()

    def showEvent(self, event: QShowEvent) -> None:
        """Look again at what may have changed while hidden."""
        self._ask()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody is looking: training need not copy maps."""
        self._watch()

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedWidget()
        whole.addWidget(self._stack)
        self._empty = EmptyState("eye", "No sample to look at yet")
        self._body = QWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._body)
        row = QHBoxLayout(self._body)
        row.setContentsMargins(MARGIN, 12, MARGIN, 8)
        row.setSpacing(GAP)
        self._side = SampleSide(self._context)
        self._side.picked.connect(self._show_sample)
        self._side.passed.connect(lambda: self._show_sample(anew=False))
        self._picker = self._side.picker
        row.addWidget(self._side)
        self._answer_side = AnswerSide(self._context.themes)
        self._label, self._verdict, self._answer = self._answer_side.label, self._answer_side.verdict, self._answer_side.bars
        row.addWidget(self._answer_side)
        row.addWidget(rule(vertical=True))
        self._row = QHBoxLayout()
        self._row.setSpacing(GAP)
        self._nothing = EmptyState("eye", "No layers yet", "What each layer makes of this sample appears here.")
        self._nothing.hide()
        self._row.addWidget(self._nothing, 1)
        row.addLayout(self._row, 1)
