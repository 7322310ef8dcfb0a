"""What must stay light, and the reference count that a broken Qt binding would wear down."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication


@pytest.mark.parametrize(
    "code",
    [
        "import netbuilder; netbuilder.templates()",
        "import netbuilder.core, netbuilder.core.edits, netbuilder.core.files",
        "from netbuilder.__main__ import main; main(['summary', 'lenet5'])",
    ],
)
def test_neither_torch_nor_qt_is_imported(code: str) -> None:
    check = "; import sys; heavy = {'torch', 'PySide6', 'pyqtgraph'} & sys.modules.keys(); assert not heavy, heavy"
    done = subprocess.run([sys.executable, "-c", code + check], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


SAY_MODULES = """
import sys
from netbuilder.__main__ import main
from netbuilder.ui import application
setattr(application.Application, sys.argv[1], lambda self, *_: (print(*sorted(sys.modules)), self._qt.quit()))
main([])
"""
LATER = """
torch numpy pyqtgraph sqlite3 socket json logging.handlers concurrent.futures PySide6.QtNetwork
netbuilder.cli netbuilder.data netbuilder.exchange netbuilder.probe netbuilder.app.runner netbuilder.app.runs netbuilder.core.files
netbuilder.train.engine netbuilder.train.recipe netbuilder.ui.dialogs netbuilder.ui.panels netbuilder.ui.plots netbuilder.ui.ask
netbuilder.ui.window_commands netbuilder.ui.canvas.commands netbuilder.ui.canvas.adding.lists netbuilder.ui.canvas.feedback
netbuilder.ui.canvas.adding.picker netbuilder.ui.canvas.gestures.connect netbuilder.ui.canvas.gestures.move
"""
"""What the first picture of a window does without: libraries, packages and modules that come when they are used."""
LATER_STILL = "torch numpy pyqtgraph sqlite3 netbuilder.app.runner netbuilder.app.runs netbuilder.train.engine netbuilder.ui.plots"
"""What its commands, menus and light panels do without."""


@pytest.mark.parametrize(("moment", "later"), [("_after_first_paint", LATER), ("_begin_background_work", LATER_STILL)])
def test_a_window_comes_with_only_what_it_needs(tmp_path: Path, moment: str, later: str) -> None:
    environment = {**os.environ, "NETBUILDER_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", SAY_MODULES, moment], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert [name for name in done.stdout.split() for each in later.split() if name == each or name.startswith(f"{each}.")] == []


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_qt_calls_do_not_wear_down_none(qapp: QApplication) -> None:  # noqa: ARG001
    thing, calls = QObject(), 20_000
    before = sys.getrefcount(None)
    for _ in range(calls):
        thing.setObjectName("")
    assert sys.getrefcount(None) > before - calls // 10, "this PySide6 drops references to None; see the pins in pyproject.toml"
