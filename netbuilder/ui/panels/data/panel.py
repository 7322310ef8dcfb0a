"""The Data tab: where samples come from, how they are split, and what they look like."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QScrollArea, QVBoxLayout, QWidget

from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Value
from netbuilder.data.dataset import Dataset, Part
from netbuilder.data.load import DataSettings, read_settings
from netbuilder.data.sources.base import catalogue, resolve
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.data.facts import PARTS, as_the_network_takes, class_balance, facts, label_picture, sample_name
from netbuilder.ui.panels.data.sample_closer import SampleCloser
from netbuilder.ui.panels.family_form import FamilyForm
from netbuilder.ui.panels.later import Relay
from netbuilder.ui.plots.bars import Bars
from netbuilder.ui.plots.image_wall import ImageWall
from netbuilder.ui.plots.sample_view import picture
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.rule import rule
from netbuilder.ui.widgets.segmented import Segmented
from netbuilder.ui.widgets.struct_form import StructForm

MOST_SAMPLES = 240
SETTINGS = 288
"""Width of the settings: room for the longest name of a source."""
DEFAULT_SOURCE = {"name": "mnist"}


class DataPanel(QWidget):
    """Edits `document.configure(data=…)`, loads in a thread, and shows what was loaded."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel.data")
        self._context = context
        self._session = context.session
        self._picked = 0
        self._shown: Dataset | None = None
        self._relay = Relay(self.show_data, self)
        self._clock = QTimer(self)
        self._clock.setInterval(100)
        self._clock.timeout.connect(self._show_progress)
        self._build()
        self._session.data_changed.connect(self._relay.send)
        self._session.document.configured.connect(self.show_document)
        self.show_document()
        self.show_data()

    def show_document(self) -> None:
        """Show what the document says."""
        data = self._session.document.project.data
        self._source.set_value(data.get("source", DEFAULT_SOURCE))
        self._settings.set_values(data)
        self._settings.clear_errors()
        self._check(data)

    def show_data(self) -> None:
        """Show what is loaded, what is loading, or why it could not be loaded."""
        dataset, state = self._session.dataset(), self._session.data_state
        self._show_state(dataset, state)
        if dataset is self._shown and dataset is not None:
            return
        self._shown = dataset
        self._picked = 0
        self._show_balance(dataset)
        self._show_samples()

    # Settings

    def _edit_source(self, value: Mapping[str, Value], field: str) -> None:
        if field == "name":
            value = {**value, **as_the_network_takes(self._session.document.graph, str(value["name"]))}
            self._source.set_value(value)
        self._configure("source", dict(value), f"data.source.{field}")

    def _edit(self, name: str, value: object) -> None:
        self._configure(name, value, f"data.{name}")

    def _configure(self, name: str, value: object, merge: str) -> None:
        data = {**self._session.document.project.data, name: value}
        if self._check(data):
            self._session.document.configure(label="Change data", merge=merge, data=data)

    def _check(self, data: Mapping[str, Value]) -> bool:
        """Whether these settings can be used; else the sentence stands under its field."""
        try:
            resolve(read_settings(data).source)
        except NetbuilderError as error:
            place = error.place or ""
            if place in self._settings.names:
                self._settings.set_error(place, str(error))
            else:
                self._source.set_error(place, str(error))
            return False
        return True

    # What is loaded

    def _show_state(self, dataset: Dataset | None, state: str) -> None:
        loading = state == "loading"
        self._load.setVisible(dataset is None)
        self._load.setEnabled(not loading)
        self._load.setText("Loading…" if loading else "Load")
        self._progress.setVisible(loading)
        if loading and self.isVisible():
            self._clock.start()
        else:
            self._clock.stop()
        self._error.setText(self._session.data_error if state == "failed" else "")
        self._error.setVisible(bool(self._error.text()))
        self._facts.setText("" if dataset is None else facts(dataset))

    def _show_progress(self) -> None:
        done, total = self._session.data_progress
        self._progress.setRange(0, total)
        self._progress.setValue(done)

    def _part(self) -> Part | None:
        return None if self._shown is None else getattr(self._shown, self._parts.current)

    def _why_none(self) -> str:
        """What stands where samples would be."""
        if self._session.data_state == "failed":
            return self._session.data_error
        return "Loading…" if self._session.data_state == "loading" else "Load the data to see its samples."

    def _show_balance(self, dataset: Dataset | None) -> None:
        found = [] if dataset is None else class_balance(dataset)
        self._balance.show_bars(found)
        self._balance.setVisible(bool(found))
        self._balance_title.setVisible(bool(found))
        maps = dataset is not None and dataset.train.targets.ndim > 1
        self._balance_title.setText("Share of the pixels of each class" if maps else "Samples of each class in the training part")

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
        self._told.setVisible(event.size().width() >= 560)

    def hideEvent(self, event: QHideEvent) -> None:
        """No timer runs for a hidden panel."""
        self._clock.stop()

    # Building

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 8)
        row.setSpacing(16)
        row.addWidget(self._settings_side())
        row.addWidget(rule(vertical=True))
        self._told = self._facts_side()
        row.addWidget(self._told, 3)
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

    def _settings_side(self) -> QWidget:
        """The settings scroll; what loads the data stays below them, always in sight."""
        side = QWidget()
        side.setFixedWidth(SETTINGS)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._settings_scroll(), 1)
        self._load = QPushButton("Load")
        self._load.setObjectName("data.load")
        self._load.setProperty("kind", "primary")
        self._load.clicked.connect(self._session.load_data)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._error: QLabel = label("", "error", wrap=True, selectable=True)
        self._error.setObjectName("data.error")
        for part in (self._error, self._progress, self._load):
            column.addWidget(part)
        return side

    def _settings_scroll(self) -> QScrollArea:
        scroll = QScrollArea()
        scroll.setAccessibleName("Settings of the data")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 10, 0)
        column.setSpacing(8)
        self._source = FamilyForm("source", catalogue())
        self._source.edited.connect(self._edit_source)
        self._source.finished.connect(self._session.document.end_merge)
        self._settings = StructForm(_plain_settings(), {})
        self._settings.edited.connect(self._edit)
        self._settings.finished.connect(lambda _name: self._session.document.end_merge())
        for part in (label("Data", "heading"), self._source, self._settings):
            column.addWidget(part)
        column.addStretch(1)
        scroll.setWidget(inside)
        return scroll

    def _facts_side(self) -> QWidget:
        scroll = QScrollArea()
        scroll.setAccessibleName("Facts about the data")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        scroll.setWidgetResizable(True)
        scroll.setMinimumWidth(176)
        scroll.setMaximumWidth(236)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 10, 0)
        column.setSpacing(8)
        self._facts: QLabel = label("", "secondary", wrap=True, selectable=True)
        self._facts.setObjectName("data.facts")
        self._balance_title = label("Samples of each class in the training part", "heading", wrap=True)
        self._balance = Bars(self._context.themes)
        for part in (self._facts, self._balance_title, self._balance):
            column.addWidget(part)
        column.addStretch(1)
        scroll.setWidget(inside)
        return scroll


def _plain_settings() -> type[msgspec.Struct]:
    """All settings of the data page but the source and the fold of a run, as a declaration for a form."""
    fields = [f for f in msgspec.structs.fields(DataSettings) if f.name not in ("source", "fold")]
    return msgspec.defstruct("Split", [(f.name, f.type, f.default) for f in fields], frozen=True)
