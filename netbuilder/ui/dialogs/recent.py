"""Projects opened lately, each with its network in small."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap, QRegion
from PySide6.QtWidgets import QGridLayout, QToolButton, QWidget

from netbuilder.core.errors import NetbuilderError
from netbuilder.core.files import load
from netbuilder.core.graph import Graph
from netbuilder.ui.dialogs.thumbnail import Thumbnail
from netbuilder.ui.theme import Themes

PICTURE = QSize(100, 54)
COLUMNS = 3
_LARGEST = 4 * 2**20
"""Larger files are shown by their name alone, so that the dialog is there at once."""


class RecentTiles(QWidget):
    """`chosen` carries the path of the one pressed."""

    chosen = Signal(object)

    def __init__(self, themes: Themes, paths: Iterable[Path]) -> None:
        super().__init__()
        self._themes = themes
        self._tiles: list[tuple[QToolButton, Graph | None]] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        for number, path in enumerate(paths):
            grid.addWidget(self._tile(path), number // COLUMNS, number % COLUMNS)
        grid.setColumnStretch(COLUMNS, 1)
        themes.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        for tile, graph in self._tiles:
            picture = Thumbnail(self._themes, graph)
            picture.resize(PICTURE)
            pixels = QPixmap(PICTURE * self.devicePixelRatioF())
            pixels.setDevicePixelRatio(self.devicePixelRatioF())
            pixels.fill(Qt.GlobalColor.transparent)
            picture.render(pixels, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
            tile.setIcon(QIcon(pixels))

    def _tile(self, path: Path) -> QToolButton:
        tile = QToolButton(self)
        tile.setObjectName(f"recent.{path.stem}")
        tile.setAccessibleName(f"Open {path.stem}")
        tile.setToolTip(str(path))
        tile.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        tile.setFixedSize(PICTURE.width() + 14, PICTURE.height() + 30)
        tile.setText(tile.fontMetrics().elidedText(path.stem, Qt.TextElideMode.ElideRight, PICTURE.width()))
        tile.setIconSize(PICTURE)
        self._tiles.append((tile, graph_of(path)))
        tile.clicked.connect(lambda: self.chosen.emit(path))
        return tile


def graph_of(path: Path) -> Graph | None:
    """The network in a file; nothing for one that cannot be read or takes long."""
    with suppress(NetbuilderError, OSError):
        if path.stat().st_size <= _LARGEST:
            return load(path).graph
    return None
