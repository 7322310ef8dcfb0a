"""Message boxes show the whole sentence."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox

from netbuilder.ui import ask


@pytest.mark.usefixtures("application")
@pytest.mark.parametrize("words", [3, 14, 60])
def test_a_long_sentence_is_wrapped_and_not_cut(qapp: QApplication, words: int) -> None:
    seen: list[bool] = []

    def look() -> None:
        box = qapp.activeModalWidget()
        assert isinstance(box, QMessageBox)
        label = box.findChild(QLabel, "qt_msgbox_label")
        seen.append(label.height() >= label.heightForWidth(label.width()) and label.width() >= label.minimumSizeHint().width())
        box.reject()

    QTimer.singleShot(0, look)
    ask.tell(None, "Cannot open", "sentence " * words)
    assert seen == [True]
