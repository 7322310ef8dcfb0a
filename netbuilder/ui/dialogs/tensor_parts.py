"""The parts of the tensor window and where they stand."""

from __future__ import annotations

import re

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from netbuilder.probe.taking import Taken
from netbuilder.ui.context import UiContext
from netbuilder.ui.dialogs.tensor_axes import TensorAxes
from netbuilder.ui.dialogs.tensor_feed import FeedForm
from netbuilder.ui.dialogs.tensor_figures import TensorFigures
from netbuilder.ui.dialogs.tensor_list import TensorList
from netbuilder.ui.dialogs.tensor_stage import TensorStage
from netbuilder.ui.widgets.elided_label import ElidedLabel
from netbuilder.ui.widgets.empty_state import EmptyState
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.rule import rule
from netbuilder.ui.widgets.scroller import Scroller

LEAST, WIDTH = 200, 292
STAGE = 260
KINDS = {
    "sample": "before normalisation",
    "target": "what the network learns to answer",
    "input": "what arrives at this layer",
    "output": "what this layer gives",
    "parameter": "learned",
    "buffer": "kept by the layer, not learned",
    "gradient": "of the newest training step",
    "memory": "what the optimizer remembers",
}


class TensorParts:
    """The list and the input at the left; title, axes, slice and figures at the right, or words where there is nothing."""

    def __init__(self, context: UiContext, window: QWidget) -> None:
        themes = context.themes
        self.list, self.feed, self.axes = TensorList(themes), FeedForm(), TensorAxes()
        self.stage, self.figures = TensorStage(themes), TensorFigures(themes, context.session.figures)
        self.title = ElidedLabel()
        self.title.setProperty("role", "title")
        self.kind: QLabel = label("", "secondary")
        self.sizes: QLabel = label("", "mono", selectable=True)
        self.sizes.setObjectName("tensor.sizes")
        self.state: QLabel = label("", "secondary")
        self.state.setObjectName("tensor.state")
        self.live: QLabel = label("● follows the training", "secondary")
        self.live.setProperty("tone", "good")
        self.live.hide()
        self.copy = _button("Copy slice", "tensor.copy", "The numbers of this slice with tabs between them, for a spreadsheet (Ctrl+C)")
        self.save = _button("Save as .npy…", "tensor.save", "The whole tensor as a NumPy file (Ctrl+S)")
        self.empty = EmptyState("matmul", "Making the network…")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._right())
        left = QWidget()
        left.setMinimumWidth(LEAST)
        left.setMaximumWidth(WIDTH)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.list, 1)
        column.addWidget(self.feed)
        row = QHBoxLayout(window)
        row.setContentsMargins(16, 16, 20, 16)
        row.setSpacing(16)
        row.addWidget(left, 2)
        row.addWidget(rule(vertical=True))
        row.addWidget(self._stack, 5)

    @property
    def file_name(self) -> str:
        """A name for a file with the tensor."""
        return re.sub(r"[^\w.-]+", "-", self.title.text()).strip("-") or "tensor"

    def say(self, title: str, text: str) -> None:
        """Words instead of a tensor."""
        self.empty.say(title, text)
        self._stack.setCurrentIndex(0)

    def show_title(self, title: str, kind: str) -> None:
        """What is opened."""
        self.title.setText(title)
        self.kind.setText(KINDS[kind])
        self.feed.setEnabled(kind in ("sample", "target", "input", "output"))

    def show_tensor(self, taken: Taken) -> None:
        """Its sizes with their names, its type and device."""
        named = " × ".join(f"{name} {size:,}" for name, size in zip(taken.axes, taken.values.shape, strict=True)) or "scalar"
        notes = (taken.dtype, taken.device, taken.note)
        self.sizes.setText(" · ".join([named, *filter(None, notes)]))
        self._stack.setCurrentIndex(1)

    def show_state(self, text: str) -> None:
        """A word on what was just done."""
        self.state.setText(text)

    def show_live(self, on: bool) -> None:
        """Whether what is seen changes with the training."""
        self.live.setVisible(on)

    def _right(self) -> QWidget:
        side = QWidget()
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.title)
        head.addWidget(self.kind)
        head.addStretch(1)
        for part in (self.state, self.live, self.copy, self.save):
            head.addWidget(part)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.sizes)
        body = QVBoxLayout()
        body.setSpacing(8)
        self.stage.setMinimumHeight(STAGE)
        body.addWidget(self.axes)
        body.addWidget(self.stage, 1)
        body.addWidget(rule())
        body.addWidget(self.figures)
        column.addWidget(Scroller(body, narrow=True), 1)
        return side


def _button(text: str, name: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setProperty("kind", "small")
    button.setToolTip(tip)
    button.setAutoDefault(False)
    return button
