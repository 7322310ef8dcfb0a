"""The row of tabs in wide and narrow windows."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from netbuilder.ui.theme import Themes
from netbuilder.ui.widgets.tab_row import TabRow
from netbuilder.ui.window_layout import TABS


@pytest.mark.usefixtures("application")
def test_all_tabs_are_on_show_in_a_narrow_window(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    row = TabRow(Themes("dark"), host)
    for title in TABS.values():
        row.addTab(title)
    row.set_badge(list(TABS).index("problems"), "12", "error")
    host.show()
    for width in (1200, 512):
        row.setGeometry(0, 0, width, 36)
        assert row.tabRect(row.count() - 1).right() < width
        words = [row.tabRect(index).width() for index in range(row.count())]
    assert min(words) > 30
