"""What holds for every test: a home of its own, one thread for torch, no display, and nothing left behind."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
PATIENCE = 20.0
"""Seconds that a thread may take to end after its test."""


@pytest.fixture(autouse=True)
def own_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the settings, runs and recovery files of the person who runs it."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("NETBUILDER_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def nothing_left(own_settings: Path) -> Iterator[None]:  # noqa: ARG001
    """Threads end, timers stop and windows close with the test that began them."""
    threads, timers = set(threading.enumerate()), set(_running_timers())
    yield
    until = monotonic() + PATIENCE
    begun = [thread for thread in threading.enumerate() if thread not in threads and not thread.daemon]
    for thread in begun:
        thread.join(max(0.0, until - monotonic()))
    left = [f"thread “{thread.name}”" for thread in begun if thread.is_alive()]
    left += [f"timer of {owner}" for owner in set(_running_timers()) - timers]
    left += [f"window {name}" for name in _shown_windows()]
    assert not left, f"left behind: {', '.join(left)}"


def _running_timers() -> list[str]:
    """Owners of timers that belong to the application as a whole and would go on into the next test."""
    core = sys.modules.get("PySide6.QtCore")
    application = core.QCoreApplication.instance() if core is not None else None
    if core is None or application is None:
        return []
    return [
        timer.parent().objectName() or type(timer.parent()).__name__ for timer in application.findChildren(core.QTimer) if timer.isActive()
    ]


def _shown_windows() -> list[str]:
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return []
    core = sys.modules["PySide6.QtCore"]
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
    return [window.objectName() or type(window).__name__ for window in widgets.QApplication.topLevelWidgets() if window.isVisible()]
