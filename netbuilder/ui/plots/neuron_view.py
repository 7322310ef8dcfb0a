"""Neurons as circles with their values, weights as lines between them: colour for the sign, thickness for the size."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from netbuilder.probe.neurons import NeuronLayer, Passed, Weights
from netbuilder.probe.sliding import say
from netbuilder.ui.theme import Themes, contrast, mix, mono_font, ui_font

TOP, BOTTOM, SIDE = 34.0, 30.0, 100.0
LARGEST, THICKEST = 22.0, 5.0
Neuron = tuple[int, int]
"""Number of the layer, 0 for the inputs, and of the neuron in it."""
STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class NeuronView(QWidget):
    """The pointer or the arrows go to a neuron; `chosen` carries its layer and number. Its weights stand out then."""

    chosen = Signal(int, int)

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._layers: Sequence[NeuronLayer] = ()
        self._weights: Weights = {}
        self._passed: Sequence[Passed] = ()
        self.at: Neuron | None = None
        self.setObjectName("neurons.view")
        self.setAccessibleName("Neurons")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(320, 220)
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Room for four layers."""
        return QSize(680, 380)

    def show_network(self, layers: Sequence[NeuronLayer], weights: Weights, passed: Sequence[Passed]) -> None:
        """Draw these layers with what a sample makes of them."""
        self._layers, self._weights, self._passed = layers, weights, passed
        if self.at is not None and not (self.at[0] < len(self._sizes) and self.at[1] < self._sizes[self.at[0]]):
            self.at = None
        self._tell()
        self.update()

    def place(self, layer: int, number: int) -> QPointF:
        """The middle of a neuron; layer 0 are the inputs."""
        across = (self.width() - 2 * SIDE) / max(1, len(self._sizes) - 1)
        room = self.height() - TOP - BOTTOM
        pitch = min(room / max(self._sizes), 4 * LARGEST)
        first = TOP + room / 2 - pitch * (self._sizes[layer] - 1) / 2
        return QPointF(SIDE + across * layer, first + pitch * number)

    def value(self, layer: int, number: int) -> float:
        """What a neuron gives, or an input holds."""
        return float((self._passed[0].given if layer == 0 else self._passed[layer - 1].answers)[number])

    def choose(self, layer: int, number: int) -> None:
        """Go to a neuron."""
        if (layer, number) != self.at:
            self.at = (layer, number)
            self._tell()
            self.chosen.emit(layer, number)
            self.update()

    @property
    def _sizes(self) -> list[int]:
        return [self._layers[0].inputs, *(layer.units for layer in self._layers)] if self._layers else []

    @property
    def _radius(self) -> float:
        return min(LARGEST, (self.height() - TOP - BOTTOM) / max(self._sizes) / 2 - 3)

    def _tell(self) -> None:
        if self.at is not None and self._passed:
            layer, number = self.at
            name = self._layers[layer - 1].name if layer else "input"
            self.setAccessibleDescription(f"{name} {number + 1}: {say(self.value(layer, number))}")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go to the neuron under the pointer."""
        for layer, size in enumerate(self._sizes):
            for number in range(size):
                off = self.place(layer, number) - event.position()
                if off.x() ** 2 + off.y() ** 2 <= self._radius**2:
                    self.choose(layer, number)
                    return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from neuron to neuron."""
        step = STEPS.get(Qt.Key(event.key()))
        if step is None or not self._layers:
            super().keyPressEvent(event)
            return
        layer, number = self.at or (1, 0)
        moved = self.at is not None
        layer = min(max(layer + step[0] * moved, 0), len(self._layers))
        self.choose(layer, min(max(number + step[1] * moved, 0), self._sizes[layer] - 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Lines, circles, values, headings."""
        if not self._layers:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        largest = max((float(np.abs(held["weight"]).max(initial=0)) for held in self._weights.values()), default=0.0) or 1.0
        for layer in range(1, len(self._sizes)):
            self._paint_weights(painter, layer, largest)
        for layer in range(len(self._sizes)):
            self._paint_layer(painter, layer)
        if self.hasFocus():
            painter.setPen(QPen(self._themes.current.accent, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.end()

    def _paint_weights(self, painter: QPainter, layer: int, largest: float) -> None:
        theme, weight = self._themes.current, self._weights[self._layers[layer - 1].node]["weight"]
        for number, before in np.ndindex(*weight.shape):
            value = float(weight[number, before])
            loud = self.at in ((layer, number), (layer - 1, before))
            share = min(1.0, abs(value) / largest) if np.isfinite(value) else 1.0
            colour = theme.accent if value >= 0 else theme.warning
            shown = colour if loud else mix(theme.panel, colour, 0.5 if self.at is None else 0.16)
            painter.setPen(QPen(shown, 0.6 + THICKEST * share))
            start, end = self.place(layer - 1, before), self.place(layer, number)
            painter.drawLine(start, end)

    def _paint_layer(self, painter: QPainter, layer: int) -> None:
        theme, radius, sizes = self._themes.current, self._radius, self._sizes
        values = [self.value(layer, number) for number in range(sizes[layer])]
        reach = max((abs(value) for value in values if np.isfinite(value)), default=0.0) or 1.0
        painter.setFont(mono_font(max(7, min(11, int(radius / 1.9)))))
        for number, value in enumerate(values):
            share = min(1.0, abs(value) / reach) if np.isfinite(value) else 0.0
            back = mix(theme.raised, theme.accent if value >= 0 else theme.warning, 0.75 * share)
            painter.setBrush(back)
            painter.setPen(QPen(theme.text if self.at == (layer, number) else theme.secondary, 2 if self.at == (layer, number) else 1))
            middle = self.place(layer, number)
            painter.drawEllipse(middle, radius, radius)
            painter.setPen(theme.text if contrast(back, theme.text) > contrast(back, theme.panel) else theme.panel)
            box = QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), say(round(value, 2)) if np.isfinite(value) else str(value))
        self._paint_words(painter, layer)

    def _paint_words(self, painter: QPainter, layer: int) -> None:
        theme, x = self._themes.current, self.place(layer, 0).x()
        heading = self._layers[layer - 1].heading if layer else "Input"
        count = f"{self._layers[layer - 1].parameters:,} parameters" if layer else f"{self._sizes[0]} numbers"
        wide = min(200.0, (self.width() - 2 * SIDE) / max(1, len(self._layers)) + 24)
        left = min(max(x - wide / 2, 0.0), self.width() - wide)
        for y, text, font, ink in (
            (0.0, heading, ui_font(12, 600), theme.text),
            (self.height() - 20.0, count, mono_font(11), theme.secondary),
        ):
            painter.setFont(font)
            painter.setPen(ink)
            painter.drawText(QRectF(left, y, wide, 18), int(Qt.AlignmentFlag.AlignCenter), text)
