"""The settings of the Data tab, written to the document as they are edited, and the button that loads the data."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Value
from netbuilder.data.load import DataSettings, read_settings
from netbuilder.data.sources.base import catalogue, resolve
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.data.column import scrolled_column
from netbuilder.ui.panels.data.facts import as_the_network_takes
from netbuilder.ui.panels.family_form import FamilyForm
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.struct_form import StructForm

WIDTH = 288
"""Room for the longest name of a source."""
DEFAULT_SOURCE = {"name": "mnist"}


class SettingsSide(QWidget):
    """Edits `document.configure(data=…)`; settings that cannot be used are refused in a sentence under their field."""

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self._session = context.session
        self._clock = QTimer(self)
        self._clock.setInterval(100)
        self._clock.timeout.connect(self._show_progress)
        self.setFixedWidth(WIDTH)
        self._build()
        self._session.document.configured.connect(self.show_document)
        self.show_document()

    def show_document(self) -> None:
        """Show what the document says."""
        data = self._session.document.project.data
        self._source.set_value(data.get("source", DEFAULT_SOURCE))
        self.fields.set_values(data)
        self.fields.clear_errors()
        self._check(data)

    def show_state(self, state: str, *, loaded: bool) -> None:
        """Show how far loading is, or why it has failed; `state` is the session's `data_state`."""
        loading = state == "loading"
        self._load.setVisible(not loaded)
        self._load.setEnabled(not loading)
        self._load.setText("Loading…" if loading else "Load")
        self.progress.setVisible(loading)
        if loading and self.isVisible():
            self._clock.start()
        else:
            self._clock.stop()
        self._error.setText(self._session.data_error if state == "failed" else "")
        self._error.setVisible(bool(self._error.text()))

    def hideEvent(self, event: QHideEvent) -> None:
        """No timer runs for a hidden panel."""
        self._clock.stop()

    def _show_progress(self) -> None:
        done, total = self._session.data_progress
        self.progress.setRange(0, total)
        self.progress.setValue(done)

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
        """Whether these settings can be used; if not, a sentence stands under the field at fault."""
        try:
            resolve(read_settings(data).source)
        except NetbuilderError as error:
            place = error.place or ""
            if place in self.fields.names:
                self.fields.set_error(place, str(error))
            else:
                self._source.set_error(place, str(error))
            return False
        return True

    def _build(self) -> None:
        """The settings scroll; what loads the data stays below them, always in sight."""
        self._source = FamilyForm("source", catalogue())
        self._source.edited.connect(self._edit_source)
        self._source.finished.connect(self._session.document.end_merge)
        self.fields = StructForm(_plain_settings(), {})
        self.fields.edited.connect(self._edit)
        self.fields.finished.connect(lambda _name: self._session.document.end_merge())
        self._load = QPushButton("Load")
        self._load.setObjectName("data.load")
        self._load.setProperty("kind", "primary")
        self._load.clicked.connect(self._session.load_data)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self._error: QLabel = label("", "error", wrap=True, selectable=True)
        self._error.setObjectName("data.error")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(scrolled_column("Settings of the data", label("Data", "heading"), self._source, self.fields), 1)
        for part in (self._error, self.progress, self._load):
            column.addWidget(part)


def _plain_settings() -> type[msgspec.Struct]:
    """All settings of the data but the source and the fold of a run, as a declaration for a form."""
    fields = [f for f in msgspec.structs.fields(DataSettings) if f.name not in ("source", "fold")]
    return msgspec.defstruct("Split", [(f.name, f.type, f.default) for f in fields], frozen=True)
