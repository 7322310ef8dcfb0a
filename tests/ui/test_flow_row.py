"""Buttons side by side, and below each other where there is no room."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from netbuilder.ui.widgets.flow_row import GAP, FlowRow


def test_a_row_goes_on_in_the_next_line(qtbot: QtBot) -> None:
    row = FlowRow()
    qtbot.addWidget(row)
    buttons = [QPushButton(text) for text in ("Use a 14×14 kernel", "Use padding 13", "Remove it")]
    for button in buttons:
        row.add(button)
    needed = sum(button.sizeHint().width() + GAP for button in buttons)
    row.resize(needed, row.heightForWidth(needed))
    row.show()
    assert len({button.y() for button in buttons}) == 1
    narrow = max(button.sizeHint().width() for button in buttons)
    row.resize(narrow, row.heightForWidth(narrow))
    assert [button.y() for button in buttons] == sorted({button.y() for button in buttons})
    assert buttons[-1].geometry().bottom() < row.height()
