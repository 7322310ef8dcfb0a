"""A convolution or pooling step by step on a small input, and the convolution as the matrix that it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from netbuilder.probe.sliding import MOST_CELLS, Sliding, Window, example
from netbuilder.ui.context import UiContext
from netbuilder.ui.dialogs.step_stage import StepStage
from netbuilder.ui.panels.chooser import Choice, Chooser
from netbuilder.ui.panels.later import Later
from netbuilder.ui.widgets.dialog import Dialog
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.segmented import Segmented
from netbuilder.ui.widgets.switch import Switch
from netbuilder.ui.widgets.transport import Transport

FRAME = 600
PAGES = (("steps", "Step by step"), ("matrix", "As a matrix"))
EXAMPLE, OWN = "example", "own"
KERNELS: dict[str, tuple[str, tuple[tuple[float, ...], ...]]] = {
    "sobel": ("Sobel: edges", ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))),
    "blur": ("Mean: blur", ((1 / 9,) * 3,) * 3),
    "laplace": ("Laplace: spots", ((0, 1, 0), (1, -4, 1), (0, 1, 0))),
    "identity": ("Identity", ((0, 0, 0), (0, 1, 0), (0, 0, 0))),
}
VERBS = {"convolution": "Convolution", "maximum": "Max pooling", "average": "Average pooling", "sum": "Sum pooling"}


class StepThrough(Dialog):
    """A window of its own. Space plays and holds, → and ← step, Home starts anew; a click on the output goes there."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.step_through")
        self.resize(980, 560)
        self._context, self._themes = context, context.themes
        self._node, self._step = "", 0
        self._own: NDArray[np.float32] | None = None
        self._sliding = example(Window("convolution", (3, 3)), (4, 4))
        self._later = Later(self)
        self._later.answered.connect(self._take_weights)
        self._clock = QTimer(self)
        self._clock.setInterval(FRAME)
        self._clock.timeout.connect(self._play_on)
        self._build()

    @property
    def sliding(self) -> Sliding:
        """The window on its input."""
        return self._sliding

    @property
    def step(self) -> int:
        """The place of the window, from 0."""
        return self._step

    def show_node(self, node: str, name: str, window: Window) -> None:
        """Step through the window of this layer."""
        self._node, self._own = node, None
        self.setWindowTitle(f"{VERBS[window.operation]} step by step: {name}")
        convolves = window.operation == "convolution"
        own = [Choice(OWN, "this layer's first filter")] if convolves else []
        fitting = [Choice(key, title) for key, (title, _) in KERNELS.items()] if window.kernel_size == (3, 3) else []
        self.kernel.clear()
        self.kernel.offer([Choice(EXAMPLE, "small whole numbers"), *fitting, *own])
        for part in (self.kernel, self._kernel_label, self.flip, self._flip_label):
            part.setVisible(convolves)
        self._pages.setVisible(window.operation != "maximum")
        if window.operation == "maximum":
            self._choose_page("steps")
        shape = window.example()
        self._sliding = example(window, shape)
        self.size_field.blockSignals(True)
        self.size_field.setMinimum(max(1, *(r - sum(pads) for r, pads in zip(window.reach, window.margins, strict=True))))
        self.size_field.setValue(shape[1])
        self.size_field.blockSignals(False)
        self.flip.setChecked(False)
        self.go(0)

    def go(self, step: int) -> None:
        """To this place of the window."""
        self._step = min(max(step, 0), max(0, self._sliding.steps - 1))
        self._show()

    def play(self) -> None:
        """Step after step, or hold; from the end it starts anew."""
        if self._clock.isActive():
            self._clock.stop()
        else:
            if self._step + 1 >= self._sliding.steps:
                self.go(0)
            self._clock.start()
        self._transport.show_playing(self.playing)

    @property
    def playing(self) -> bool:
        """Whether it goes on by itself."""
        return self._clock.isActive()

    def _play_on(self) -> None:
        if self._step + 1 >= self._sliding.steps:
            self.play()
        else:
            self.go(self._step + 1)

    # What slides over what

    def _remake(self) -> None:
        """Another size or kernel: the same window on another input."""
        window, before = self._sliding.window, self._sliding
        rows = 1 if before.values.shape[0] == 1 and window.kernel_size[0] == 1 else self.size_field.value()
        made = example(window, (rows, self.size_field.value()))
        self._sliding = Sliding(window, made.values, self._weights(made.weights), made.bias)
        self.go(self._step if made.values.shape == before.values.shape else 0)

    def _weights(self, examples: NDArray[np.float64]) -> NDArray[np.float64]:
        key, found = self.kernel.key, examples
        if key in KERNELS:
            found = np.array(KERNELS[key][1], np.float64)
        elif key == OWN and self._own is not None:
            found = self._own.reshape(-1, *self._sliding.window.kernel_size)[0].astype(np.float64)
        return found[::-1, ::-1].copy() if self.flip.isChecked() else found

    def _choose_kernel(self, key: str) -> None:
        if key == OWN and self._own is None:
            self._later.ask(self._context.session.filters([self._node]))
        else:
            self._remake()

    def _take_weights(self, weights: dict[str, NDArray[np.float32]]) -> None:
        self._own = weights.get(self._node)
        self._remake()

    def _show(self) -> None:
        self.stage.show_step(self._sliding, self._step)
        self._transport.back.setEnabled(self._step > 0)
        self._transport.step.setEnabled(self._step + 1 < self._sliding.steps)

    def _choose_page(self, key: str) -> None:
        self._pages.choose(key)
        self.stage.show_as_matrix(key == "matrix")

    # Keys and looks

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Play, step, back, start anew."""
        if not self._transport.takes(event.key()):
            super().keyPressEvent(event)

    def hideEvent(self, event: object) -> None:
        """Nobody is looking."""
        self._clock.stop()
        self._transport.show_playing(False)

    def _build(self) -> None:
        self.stage = StepStage(self._themes)
        self.stage.picked.connect(self.go)
        self._transport = Transport(
            "step",
            self._themes,
            play=self.play,
            back=lambda: self.go(self._step - 1),
            step=lambda: self.go(self._step + 1),
            reset=lambda: self.go(0),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addLayout(self._head())
        column.addWidget(self.stage, 1)
        column.addWidget(self._transport)

    def _head(self) -> QHBoxLayout:
        self._pages = Segmented(PAGES)
        self._pages.chosen.connect(self._choose_page)
        self.kernel, self.size_field, self.flip = Chooser(), QSpinBox(), Switch()
        self.kernel.setObjectName("step.kernel")
        self.kernel.setAccessibleName("Kernel")
        self.kernel.setMinimumWidth(96)
        self.kernel.setMaximumWidth(190)
        self.kernel.chosen.connect(self._choose_kernel)
        self.size_field.setObjectName("step.size")
        self.size_field.setAccessibleName("Size of the input")
        self.size_field.setMaximum(MOST_CELLS)
        self.size_field.setFixedHeight(26)
        self.size_field.valueChanged.connect(lambda _value: self._remake())
        self.flip.setObjectName("step.flip")
        self.flip.setAccessibleName("Flip the kernel")
        self.flip.setToolTip("Networks correlate; a convolution in the strict sense flips its kernel first")
        self.flip.toggled.connect(lambda _on: self._remake())
        self._kernel_label, self._flip_label = label("kernel", "label"), label("flipped", "label")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._pages)
        row.addStretch(1)
        row.addWidget(self._kernel_label)
        row.addWidget(self.kernel, 100)
        for part in (self._flip_label, self.flip, label("input size", "label"), self.size_field):
            row.addWidget(part)
        return row
