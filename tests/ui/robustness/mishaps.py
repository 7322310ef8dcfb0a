"""What the tests of mishaps share: a quick project, a furnished window, a full disk."""

from __future__ import annotations

import contextlib
from pathlib import Path

from pytestqt.qtbot import QtBot

from netbuilder import templates
from netbuilder.core.document import Project
from netbuilder.ui.main_window import MainWindow

WAIT = 30_000


def small_project(**training: object) -> Project:
    """A network for points in a plane, which trains in no time and would go on for long."""
    found = templates.project("playground-2d")
    recipe = {**found.training, "epochs": 100_000, "threads": 1, **training}
    return Project(found.name, found.graph, recipe, {"source": {"name": "points"}, "limit": 200})


def finish(window: MainWindow) -> None:
    """Everything the window gets after its first paint."""
    window.context.bridge.start()
    for place in window.later_panels():
        place.make()


def fill(path: Path) -> None:
    """Write until the disk is full."""
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as file:
        for size in (65536, 512, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"0" * size)


def wait_state(qtbot: QtBot, window: MainWindow, *states: str) -> None:
    """Until the window has heard of one of these states."""
    qtbot.waitUntil(lambda: window.context.bridge.state in states, timeout=WAIT)


def start(qtbot: QtBot, window: MainWindow) -> None:
    """Press Start and wait until steps arrive."""
    window.context.commands.run("train.start")
    wait_state(qtbot, window, "running")
    qtbot.waitUntil(lambda: window.train_bar._step > 0, timeout=WAIT)
