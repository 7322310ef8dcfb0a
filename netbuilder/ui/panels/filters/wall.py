"""The filters of one layer as they form, with a slider over the epochs that went by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from netbuilder.core.format import count
from netbuilder.probe.filters import filter_images, order
from netbuilder.train.events import EpochDone, Event, Preview, Started
from netbuilder.ui.context import UiContext
from netbuilder.ui.icons import icon
from netbuilder.ui.panels.chooser import Choice, Chooser
from netbuilder.ui.panels.filters.epoch_bar import EpochBar, tool_button
from netbuilder.ui.panels.filters.layers import Filtered, filter_values, filtered_layers, watched
from netbuilder.ui.panels.filters.recorded import RecordedFilters
from netbuilder.ui.panels.filters.snapshots import Snapshots
from netbuilder.ui.panels.later import Later
from netbuilder.ui.plots.image_wall import ImageWall
from netbuilder.ui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from netbuilder.ui.plots.histogram import Histogram

EMPTY = "Filters appear here while the network trains, several times a second."
NONE = "No layer of this network has filters: add a convolution or a Linear layer."
UNKNOWN = "Filters appear here once the network has no problems and trains."


class FilterWall(QWidget):
    """Live filters of a chosen layer. The newest state is shown until the slider is moved back to an earlier epoch."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training.filters")
        self._context = context
        self._session = context.session
        self._layers: list[Filtered] = []
        self._live: dict[str, NDArray[np.float32]] = {}
        self._snapshots = Snapshots()
        self._epoch = 0
        self._following = True
        self._training = False
        self._histogram: Histogram | None = None
        self._build()
        self._recorded: RecordedFilters | None = None
        self._session.analysed.connect(self._on_analysed)
        self._session.inspected_changed.connect(self._on_inspected)
        self._later = Later(self)
        self._later.answered.connect(self._on_newest)
        context.bridge.state_changed.connect(self._on_state)
        context.themes.changed.connect(self._recolour)
        self._on_analysed()
        self._on_inspected()
        self._recolour()

    @property
    def title(self) -> str:
        """The heading, such as `Conv2d · 6 filters 5×5 · epoch 3`."""
        return self._title.text()

    def take(self, events: list[Event]) -> None:
        """Follow training; the wall is painted once, with the newest preview."""
        fresh = False
        for event in events:
            match event:
                case Started():
                    self._training, self._epoch = True, event.first_epoch - 1
                    if event.first_epoch == 1:
                        self._live.clear()
                        self._snapshots.clear()
                    self._watch()
                case Preview() if event.filters:
                    self._live.update(event.filters)
                    self._epoch, fresh = event.epoch, True
                    if event.epoch <= 1 and not len(self._snapshots):
                        self._snapshots.keep(0, event.filters)
                case EpochDone():
                    self._snapshots.keep(event.epoch, self._live)
                    self._epoch, fresh = event.epoch, True
        if fresh:
            self._set_slider()
            if self._following:
                self._paint()

    def show_epoch(self, epoch: int | None) -> None:
        """Show the filters as they were after an epoch; `None` follows the newest."""
        epochs = self._epochs()
        self._following = epoch is None or epoch not in epochs
        self._set_slider()
        if not self._following and epoch is not None:
            self._bar.go_to(epochs.index(epoch))
        self._paint()

    # Inside

    def _on_analysed(self, _analysis: object = None) -> None:
        """While a mistake leaves shapes unknown, the layers of the last sound network stay."""
        analysis = self._recorded.analysis if self._recorded is not None else self._session.analysis
        if not (self._layers and analysis.errors):
            self._layers = filtered_layers(analysis)
        self._layer.offer(Choice(layer.node, layer.name, f"{layer.title}, {count(layer.parameters)} parameters") for layer in self._layers)
        longest = max((self._layer.fontMetrics().horizontalAdvance(layer.name) for layer in self._layers), default=0)
        self._layer.setFixedWidth(max(84, min(150, longest + 48)))
        self._layer.setVisible(len(self._layers) > 1)
        self._paint()

    def _on_inspected(self) -> None:
        """A recorded run takes the place of the present training, or gives it back."""
        inspected = self._session.inspected
        run = inspected[0] if inspected is not None else None
        if run is (self._recorded.run if self._recorded is not None else None):
            return
        self._recorded = None if run is None else RecordedFilters(self._context, run, self)
        if self._recorded is not None:
            self._recorded.arrived.connect(self._paint)
        self._following = True
        self._on_analysed()
        self._set_slider()
        self._paint()

    def _epochs(self) -> list[int]:
        """Stops of the slider: epochs in memory, or checkpoints of the recorded run."""
        return self._recorded.epochs if self._recorded is not None else self._snapshots.epochs(self._node())

    def _node(self) -> str:
        return self._layer.key

    def _watch(self) -> None:
        """Ask the engine for the weights."""
        if self._training:
            self._session.runner.watch.filters = watched(self._layers, self._node())

    def _on_state(self, state: str) -> None:
        """Previews come a few times a second: what a training ends with, or holds at, is asked for."""
        if state in ("paused", "finished") and self._layers:
            self._later.ask(self._session.filters(watched(self._layers, self._node())))

    def _on_newest(self, weights: Mapping[str, NDArray[np.float32]]) -> None:
        self._live.update(weights)
        if self._session.runner.state == "finished":
            self._snapshots.keep(self._epoch, self._live)
        self._set_slider()
        if self._following:
            self._paint()

    def _chosen(self) -> None:
        self._watch()
        self._following = True
        self._set_slider()
        self._paint()

    def _weights(self) -> tuple[NDArray[np.float32] | None, int]:
        """What to show, and after which epoch it was so."""
        node, epochs = self._node(), self._epochs()
        if self._recorded is not None:
            epoch = epochs[min(self._bar.stop, len(epochs) - 1)] if epochs else 0
            return self._recorded.at(epoch, node), epoch
        if not self._following and self._bar.stop < len(epochs):
            epoch = epochs[self._bar.stop]
            return self._snapshots.at(epoch, node), epoch
        return self._live.get(node), self._epoch

    def _paint(self) -> None:
        layer = next((layer for layer in self._layers if layer.node == self._node()), None)
        weight, epoch = self._weights()
        spread = self._histogram if layer is not None and weight is not None and self._spread.isChecked() else None
        self._views.setCurrentWidget(spread or self._wall)
        if layer is None:
            self._title.setText("Filters")
            self._wall.clear(UNKNOWN if self._session.analysis.errors else NONE)
            return
        if weight is None:
            self._title.setText(f"{layer.title} · filters")
            recorded = "Reading the checkpoint…" if self._epochs() else "This run has no checkpoint."
            self._wall.clear(EMPTY if self._recorded is None else recorded)
            return
        self._title.setText(f"{layer.title} · {layer.size_of(weight)} · epoch {epoch}")
        if spread is not None:
            spread.show_values(weight)
            return
        scale, sort = ("shared" if self._wall.shared_scale else "own"), ("norm" if self._wall.by_norm else None)
        images = filter_images(weight, scale, sort, layer.picture)  # type: ignore[arg-type]
        numbers = order(weight, sort)  # type: ignore[arg-type]
        each = max(1, len(images) // max(1, len(weight)))
        outer, inner = layer.kinds
        names = [f"{outer} {n}" + (f", {inner} {c}" if each > 1 else "") for n in numbers for c in range(each)]
        self._wall.show_images(images, filter_values(weight, images, self._wall.by_norm), names)

    def _open(self, number: int) -> None:
        """The weight behind a picture, as a tensor."""
        weight, _ = self._weights()
        if weight is None:
            return
        from netbuilder.probe.places import Place
        from netbuilder.ui.side_windows import show_tensor

        filter_, channel = divmod(number, max(1, self._wall.count // len(weight)))
        place = int(order(weight, "norm" if self._wall.by_norm else None)[filter_])
        show_tensor(self._context, self, Place("parameter", self._node(), "weight"), {0: place, 1: channel})

    def _set_slider(self) -> None:
        self._bar.set_stops(len(self._epochs()), follow=self._following)

    def _slid(self) -> None:
        self._following = self._bar.at_end
        self._paint()

    def _build(self) -> None:
        themes = self._context.themes
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        self._title = ElidedLabel("Filters")
        self._title.setProperty("role", "heading")
        self._title.setMinimumHeight(24)
        self._layer = Chooser()
        self._layer.setObjectName("filters.layer")
        self._layer.setAccessibleName("Layer whose filters are shown")
        self._layer.setFixedHeight(24)
        self._layer.view().setMinimumWidth(160)
        self._layer.chosen.connect(lambda _key: self._chosen())
        self._spread = tool_button("Histogram of the weights", self._show_spread)
        self._spread.setObjectName("filters.histogram")
        self._spread.setCheckable(True)
        head.addWidget(self._title, 1)
        head.addWidget(self._spread)
        head.addWidget(self._layer)
        self._wall = ImageWall(themes, empty=EMPTY)
        self._wall.setObjectName("filters.wall")
        self._wall.opens = True
        self._wall.opened.connect(self._open)
        self._wall.options_changed.connect(self._paint)
        self._bar = EpochBar()
        self._bar.slid.connect(self._slid)
        column.addLayout(head)
        self._views = QStackedWidget()
        self._views.addWidget(self._wall)
        column.addWidget(self._views, 1)
        column.addWidget(self._bar)

    def _show_spread(self) -> None:
        """How the weights are spread instead of their pictures, or the pictures again."""
        if self._histogram is None:
            from netbuilder.ui.plots.histogram import Histogram

            self._histogram = Histogram(self._context.themes)
            self._views.addWidget(self._histogram)
        self._paint()

    def _recolour(self) -> None:
        colour = self._context.themes.current.secondary
        self._spread.setIcon(icon("variance", colour, 14))
        self._bar.recolour(colour)
