"""A small network neuron by neuron: weights as lines, values for inputs of one's own, every sum written out; follows the training."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QSpinBox, QStackedWidget, QVBoxLayout, QWidget

from netbuilder.core.errors import NetbuilderError
from netbuilder.data.dataset import Dataset
from netbuilder.data.preview import normalised, target_text
from netbuilder.probe.neurons import NeuronLayer, Passed, Weights, counted, neuron_layers, passed, written
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.later import Later, Relay
from netbuilder.ui.plots.neuron_view import NeuronView
from netbuilder.ui.widgets.dialog import Dialog
from netbuilder.ui.widgets.empty_state import EmptyState
from netbuilder.ui.widgets.flow_row import FlowRow
from netbuilder.ui.widgets.formula_card import FormulaCard
from netbuilder.ui.widgets.labels import label

LIVE = 300
"""Milliseconds between two looks at a network that learns."""
FIRST = (1.0, -1.0, 0.5)
"""Inputs before anybody has chosen others, in turn."""


class NeuronsWindow(Dialog):
    """A window of its own. The inputs are typed, or those of a test sample where the data fits."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.neurons")
        self.setWindowTitle("Neurons")
        self.resize(860, 600)
        self._session = context.session
        self._layers: tuple[NeuronLayer, ...] = ()
        self._weights: Weights = {}
        self._passed: list[Passed] = []
        self.fields: list[QDoubleSpinBox] = []
        self.view, self.sum, self.count = NeuronView(context.themes), FormulaCard(context.themes), FormulaCard(context.themes)
        self.sum.setObjectName("neurons.sum")
        self.count.setObjectName("neurons.count")
        self.empty = EmptyState("linear", "No neurons to draw")
        self.view.chosen.connect(lambda _layer, _number: self._say())
        self._later, self._clock = Later(self), QTimer(self)
        self._later.answered.connect(self._take)
        self._later.failed.connect(self._refuse)
        self._clock.setInterval(LIVE)
        self._clock.timeout.connect(self._look_again)
        self._relay = Relay(self._on_data, self)
        self._build()
        self._session.analysed.connect(self._on_network)
        self._session.inspected_changed.connect(self._on_network)
        self._session.data_changed.connect(self._relay.send)
        context.bridge.state_changed.connect(self._on_network)

    @property
    def passed(self) -> list[Passed]:
        """What the inputs make of every layer."""
        return self._passed

    def _on_network(self, _what: Any = None) -> None:
        if not self.isVisible():
            return
        try:
            self._layers = neuron_layers(self._session.analysis)
        except NetbuilderError as error:
            self._refuse(error)
            return
        self._offer_inputs(self._layers[0].inputs)
        self._later.ask(self._session.parameters([layer.node for layer in self._layers]))

    def _look_again(self) -> None:
        if self._layers and self._session.runner.state == "running" and not self._later.waiting:
            self._later.ask(self._session.parameters([layer.node for layer in self._layers]))

    def _take(self, weights: Weights) -> None:
        if any(weights.get(layer.node, {}).get("weight", np.zeros(0)).shape != (layer.units, layer.inputs) for layer in self._layers):
            return
        self._weights = weights
        self._stack.setCurrentIndex(1)
        self.count.set_text(f"parameters = {counted(self._layers)}")
        self._pass()

    def _refuse(self, error: BaseException) -> None:
        self._layers = ()
        known = isinstance(error, NetbuilderError)
        self.empty.say("No neurons to draw", str(error) if known else f"They cannot be read ({type(error).__name__}: {error}).")
        self._stack.setCurrentIndex(0)

    def _pass(self) -> None:
        if not self._weights or not self._layers:
            return
        x = np.array([field.value() for field in self.fields])
        self._passed = passed(self._layers, self._weights, x)
        self.view.show_network(self._layers, self._weights, self._passed)
        self._say()

    def _say(self) -> None:
        if not self._passed or self.view.at is None or self.view.at[0] == 0:
            self.sum.set_text("Point at a neuron, or go there with the arrow keys, to read its sum.")
            return
        layer, unit = self.view.at
        chosen = self._layers[layer - 1]
        self.sum.set_text(written(chosen, self._weights[chosen.node], self._passed[layer - 1], unit))

    # Inputs

    def _offer_inputs(self, count: int) -> None:
        while len(self.fields) > count:
            self.fields.pop()
            self._row.keep(len(self.fields))
        while len(self.fields) < count:
            number = len(self.fields)
            field = QDoubleSpinBox()
            field.setObjectName(f"neurons.input.{number}")
            field.setAccessibleName(f"Input {number + 1}")
            field.setPrefix(f"x{number + 1} ")
            field.setRange(-1e6, 1e6)
            field.setDecimals(3)
            field.setSingleStep(0.1)
            field.setFixedSize(108, 26)
            field.setValue(FIRST[number % len(FIRST)])
            field.valueChanged.connect(lambda _value: self._typed())
            self.fields.append(field)
            self._row.add(field)
            field.show()
        self._on_data()

    def _typed(self) -> None:
        self._target.setText("")
        self._pass()

    def _on_data(self) -> None:
        dataset = self._fitting()
        self.sample.setVisible(dataset is not None)
        if dataset is not None:
            self.sample.setMaximum(len(dataset.test) - 1)

    def _fitting(self) -> Dataset | None:
        """The data, when a sample has as many numbers as the network takes."""
        dataset = self._session.dataset()
        fits = dataset is not None and len(dataset.test) and int(np.prod(dataset.input_shape)) == len(self.fields)
        return dataset if fits else None

    def _choose(self, number: int) -> None:
        dataset = self._fitting()
        if dataset is None or number < 0:
            return
        values: NDArray[Any] = normalised(dataset.normalisation, np.asarray(dataset.test.inputs[number])).ravel()
        for field, value in zip(self.fields, values, strict=True):
            field.blockSignals(True)
            field.setValue(float(value))
            field.blockSignals(False)
        self._target.setText(f"target {target_text(dataset, dataset.test.targets[number])}")
        self._pass()

    # Looks

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the newest weights."""
        super().showEvent(event)
        self._clock.start()
        self._on_network()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody is looking."""
        self._clock.stop()

    def _build(self) -> None:
        self.sample, self._target, self._row = QSpinBox(), label("", "secondary"), FlowRow()
        self.sample.setObjectName("neurons.sample")
        self.sample.setAccessibleName("Test sample that is the input")
        self.sample.setRange(-1, 0)
        self.sample.setValue(-1)
        self.sample.setSpecialValueText("own numbers")
        self.sample.setPrefix("test sample ")
        self.sample.setFixedSize(150, 26)
        self.sample.valueChanged.connect(self._choose)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._row, 1)
        head.addWidget(self._target)
        head.addWidget(self.sample)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        column.addWidget(self.sum)
        column.addWidget(self.count)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(body)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.addWidget(self._stack)
