"""A window so small that its panels do not fit: they scroll to the side, and nothing lies over anything."""

from __future__ import annotations

import pytest
from patience import until
from PySide6.QtWidgets import QWidget

from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.widgets.later_panel import LaterPanel
from netbuilder.ui.widgets.sideways import Sideways
from netbuilder.ui.window_layout import TABS


@pytest.mark.parametrize("width", [880, 1440])
def test_panels_have_the_width_that_they_need(window: MainWindow, width: int) -> None:
    window.resize(width, 620)
    for key in TABS:
        window.show_tab(key)
        place = window.tabs.panel(key)
        assert isinstance(place, LaterPanel)
        panel = place.make()
        area = place.findChild(Sideways)
        assert area is not None
        until(lambda area=area, panel=panel: settled(area, panel))
        assert width == 880 or not area.horizontalScrollBar().isVisible(), key


def settled(area: Sideways, panel: QWidget) -> bool:
    """Whether the panel has its width and all the height, and a scroll bar only when it needs one."""
    room = area.viewport()
    wide = panel.width() == max(panel.minimumSizeHint().width(), room.width())
    return wide and panel.height() == room.height() and area.horizontalScrollBar().isVisible() == (panel.width() > room.width())
