"""Where the parts of a window are, and how their sizes are remembered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QMainWindow, QSplitter, QVBoxLayout, QWidget

from netbuilder.app.preferences import Preferences

LEFT, RIGHT, BOTTOM = 208, 304, 306
TABS = {
    "data": "Data",
    "training": "Training",
    "results": "Results",
    "feature_maps": "Feature maps",
    "runs": "Runs",
    "source": "Source",
    "problems": "Problems",
    "history": "History",
}


class WindowLayout:
    """Top row and train bar over palette, canvas with tabs below it, and inspector; every border can be dragged."""

    def __init__(self, window: QMainWindow, top: QWidget, bar: QWidget, parts: Mapping[str, QWidget]) -> None:
        """`parts` are `palette`, `canvas`, `bottom` and `inspector`."""
        self._window = window
        self._parts = parts
        self._across = _splitter(Qt.Orientation.Horizontal, "splitter.across")
        self._down = _splitter(Qt.Orientation.Vertical, "splitter.down")
        self._down.addWidget(parts["canvas"])
        self._down.addWidget(parts["bottom"])
        self._down.setStretchFactor(0, 1)
        self._down.setStretchFactor(1, 0)
        for widget in (parts["palette"], self._down, parts["inspector"]):
            self._across.addWidget(widget)
        self._across.setStretchFactor(0, 0)
        self._across.setStretchFactor(1, 1)
        self._across.setStretchFactor(2, 0)
        body = QWidget(window)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(bar)
        column.addWidget(self._across, 1)
        window.setCentralWidget(body)
        self.reset()

    def reset(self) -> None:
        """The sizes of the first start."""
        width, height = self._window.width(), self._window.height()
        self._across.setSizes([LEFT, max(400, width - LEFT - RIGHT), RIGHT])
        bottom = max(BOTTOM, round(0.34 * height))
        self._down.setSizes([max(200, height - 83 - bottom), bottom])

    def toggle(self, part: str) -> None:
        """Show or hide a part."""
        self._parts[part].setHidden(not self._parts[part].isHidden())

    def shown(self, part: str) -> bool:
        """Whether a part is on show."""
        return not self._parts[part].isHidden()

    def reveal(self, part: str) -> None:
        """Show a part, also when it was dragged to nothing."""
        self._parts[part].show()
        splitter = self._down if part == "bottom" else self._across
        if 0 in splitter.sizes():
            self.reset()

    def save(self, preferences: Preferences, tab: str) -> None:
        """Remember sizes, hidden parts, the tab in front and the window's place."""
        layout = {
            "across": self._across.sizes(),
            "down": self._down.sizes(),
            "hidden": [part for part in self._parts if not self.shown(part)],
            "tab": tab,
        }
        geometry = bytes(self._window.saveGeometry().toBase64().data()).decode()
        preferences.change(layout=msgspec.json.encode(layout).decode(), geometry=geometry)

    def restore(self, preferences: Preferences) -> str:
        """Take the remembered sizes; returns the tab that was in front. Nonsense is ignored."""
        settings = preferences.settings
        if settings.geometry:
            self._window.restoreGeometry(QByteArray.fromBase64(settings.geometry.encode()))
        try:
            layout: Any = msgspec.json.decode(settings.layout) if settings.layout else {}
            for splitter, name in ((self._across, "across"), (self._down, "down")):
                sizes = layout.get(name, [])
                if len(sizes) == splitter.count() and all(isinstance(size, int) and size > 0 for size in sizes):
                    splitter.setSizes(sizes)
            for part in layout.get("hidden", []):
                if part in self._parts and part != "canvas":
                    self._parts[part].hide()
            return str(layout.get("tab", "training"))
        except (ValueError, AttributeError, TypeError):
            return "training"


def _splitter(orientation: Qt.Orientation, name: str) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setObjectName(name)
    splitter.setHandleWidth(1)
    splitter.setChildrenCollapsible(False)
    return splitter
