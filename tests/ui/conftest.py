"""A whole window on a small document, in a home of its own, with nothing left behind."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from netbuilder.core.document import Document
from netbuilder.ui.application import Application, first_document
from netbuilder.ui.main_window import MainWindow


@pytest.fixture
def application(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Application]:
    monkeypatch.setenv("NETBUILDER_HOME", str(tmp_path / "home"))
    application = Application(qapp)
    application.choose_theme("dark")
    yield application
    for window in list(application.windows):
        window.document.mark_saved()
        window.close()
    application.finish()


@pytest.fixture
def open_window(application: Application, qtbot: QtBot) -> Callable[[Document], MainWindow]:
    def make(document: Document) -> MainWindow:
        window = application.show(document)
        window.furnish()
        qtbot.waitExposed(window)
        window.activateWindow()
        return window

    return make


@pytest.fixture
def window(open_window: Callable[[Document], MainWindow]) -> MainWindow:
    """LeNet-5 in a furnished window."""
    return open_window(first_document())
