"""A window at work on a small problem: everything a user has, in a second."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

import pytest
from mishaps import finish, small_project

from netbuilder.core.document import Document
from netbuilder.ui.main_window import MainWindow


@pytest.fixture
def trainable(open_window: Callable[[Document], MainWindow]) -> Callable[..., MainWindow]:
    def make(**training: object) -> MainWindow:
        window = open_window(Document(small_project(**training)))
        finish(window)
        return window

    return make


@pytest.fixture
def hooks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the hooks for uncaught exceptions back afterwards."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
