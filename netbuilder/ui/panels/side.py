"""The panel to the left of the canvas: the catalogue of layers, and the outline of the network."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.palette.panel import PalettePanel
from netbuilder.ui.widgets.later_panel import LaterPanel
from netbuilder.ui.widgets.tabs import Tabs

if TYPE_CHECKING:
    from netbuilder.ui.panels.outline import OutlinePanel


class SidePanel(Tabs):
    """Two tabs; the outline is made when it is first shown."""

    def __init__(self, context: UiContext, add: Callable[[str], object], reveal: Callable[[str], object]) -> None:
        super().__init__(context.themes)
        self.row.setObjectName("side.row")
        self.row.setAccessibleName("Layers and outline")
        self.palette_ = PalettePanel(context)
        self.palette_.chosen.connect(add)
        self._outline = LaterPanel(lambda: _outline(context, reveal))
        self.add("layers", "Layers", self.palette_)
        self.add("outline", "Outline", self._outline)
        self.row.currentChanged.connect(self._shown)

    @property
    def outline(self) -> OutlinePanel:
        """The tree of layers."""
        return cast("OutlinePanel", self._outline.make())

    def sizeHint(self) -> QSize:
        """208 px wide."""
        return QSize(208, 600)

    def minimumSizeHint(self) -> QSize:
        """Room for the names of layers."""
        return QSize(160, 120)

    def _shown(self, _index: int) -> None:
        if self.current == "outline":
            self._outline.make()


def _outline(context: UiContext, reveal: Callable[[str], object]) -> QWidget:
    from netbuilder.ui.panels.outline import OutlinePanel

    panel = OutlinePanel(context)
    panel.revealed.connect(reveal)
    return panel
