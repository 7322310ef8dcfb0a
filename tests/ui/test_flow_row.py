"""Buttons side by side, and below each other where there is no room."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from netbuilder.ui.widgets.flow_row import FlowRow


def test_a_row_goes_on_in_the_next_line(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    row = FlowRow(host)
    buttons = [QPushButton(text, host) for text in ("Use a 14×14 kernel", "Use padding 13", "Remove it")]
    for button in buttons:
        row.addWidget(button)
    needed = sum(button.sizeHint().width() + row.spacing() for button in buttons)
    host.resize(needed, row.heightForWidth(needed))
    host.show()
    assert len({button.y() for button in buttons}) == 1
    narrow = max(button.sizeHint().width() for button in buttons)
    host.resize(narrow, row.heightForWidth(narrow))
    assert [button.y() for button in buttons] == sorted({button.y() for button in buttons})
    assert buttons[-1].geometry().bottom() < host.height()
