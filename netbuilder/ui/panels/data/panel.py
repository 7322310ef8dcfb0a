"""The Data tab: where samples come from, how they are split, and what they look like."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from netbuilder.data.dataset import Dataset, Part
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.data.facts import PARTS, label_picture, sample_name
from netbuilder.ui.panels.data.facts_side import FactsSide
from netbuilder.ui.panels.data.sample_closer import SampleCloser
from netbuilder.ui.panels.data.settings import SettingsSide
from netbuilder.ui.panels.later import Relay
from netbuilder.ui.plots.image_wall import ImageWall
from netbuilder.ui.plots.sample_view import picture
from netbuilder.ui.widgets.rule import rule
from netbuilder.ui.widgets.segmented import Segmented

MOST_SAMPLES = 240


class DataPanel(QWidget):
    """Shows what was loaded, sample by sample, beside the settings and the facts about it. Data is loaded in a thread."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel.data")
        self._context = context
        self._session = context.session
        self._picked = 0
        self._shown: Dataset | None = None
        self.settings = SettingsSide(context)
        self.facts = FactsSide(context)
        self._build()
        self._relay = Relay(self.show_data, self)
        self._session.data_changed.connect(self._relay.send)
        self.show_data()

    def show_data(self) -> None:
        """Show what is loaded, what is loading, or why it could not be loaded."""
        dataset, state = self._session.dataset(), self._session.data_state
        self.settings.show_state(state, loaded=dataset is not None)
        if dataset is self._shown and dataset is not None:
            return
        self._shown = dataset
        self._picked = 0
        self.facts.show_data(dataset)
        self._show_samples()

    def _part(self) -> Part | None:
        return None if self._shown is None else getattr(self._shown, self._parts.current)

    def _why_none(self) -> str:
        """What stands where samples would be."""
        if self._session.data_state == "failed":
            return self._session.data_error
        return "Loading…" if self._session.data_state == "loading" else "Load the data to see its samples."

    def _show_samples(self) -> None:
        part = self._part()
        if part is None or not len(part):
            self._wall.clear(self._why_none() if self._shown is None else "This part has no samples.")
            self._closer.show_sample("", None)
            return
        pictures = [picture(sample) for sample in part.inputs[:MOST_SAMPLES]]
        images = [found for found in pictures if found is not None]
        if len(images) == len(pictures):
            names = [sample_name(self._shown, part, n) for n in range(len(images))]
            self._wall.show_images(np.stack(images), None, names, total=len(part))
        else:
            self._wall.clear("These samples are numbers, not pictures.")
        self._pick(min(self._picked, len(part) - 1))

    def _pick(self, number: int) -> None:
        part = self._part()
        if part is None:
            return
        self._picked = number
        self._wall.selected = number
        self._wall.viewport().update()
        shape = "×".join(str(n) for n in part.inputs.shape[1:])
        caption = f"{sample_name(self._shown, part, number)} · {shape} {part.inputs.dtype}"
        classes = label_picture(self._shown, part.targets[number]) if part.targets.ndim > 2 else None
        self._closer.show_sample(caption, part.inputs[number], classes)

    def _open(self, number: int) -> None:
        """The numbers of a sample, as a tensor."""
        from netbuilder.probe.places import Place
        from netbuilder.ui.side_windows import show_tensor

        show_tensor(self._context, self, Place("sample", name="0"), None, (self._parts.current, number))

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while hidden."""
        self.show_data()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow panel settings and samples come first."""
        self._closer.setVisible(event.size().width() >= 720)
        self.facts.setVisible(event.size().width() >= 560)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 8)
        row.setSpacing(16)
        row.addWidget(self.settings)
        row.addWidget(rule(vertical=True))
        row.addWidget(self.facts, 3)
        middle = QVBoxLayout()
        middle.setSpacing(6)
        self._parts = Segmented(PARTS)
        self._parts.chosen.connect(lambda _key: self._show_samples())
        self._wall = ImageWall(self._context.themes, word="sample", options=False, empty="Load the data to see its samples.")
        self._wall.setObjectName("data.samples")
        self._wall.set_cells(28, 56)
        self._wall.picked.connect(self._pick)
        self._wall.opens = True
        self._wall.opened.connect(self._open)
        head = QHBoxLayout()
        head.addWidget(self._parts)
        head.addStretch(1)
        middle.addLayout(head)
        middle.addWidget(self._wall, 1)
        row.addLayout(middle, 4)
        self._closer = SampleCloser(self._context.themes)
        self._closer.opened.connect(lambda: self._open(self._picked))
        row.addWidget(self._closer, 3)
