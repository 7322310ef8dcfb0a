"""What must stay light, and the reference count that a broken Qt binding would wear down."""

from __future__ import annotations

import subprocess
import sys

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


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_qt_calls_do_not_wear_down_none(qapp: QApplication) -> None:  # noqa: ARG001
    thing, calls = QObject(), 20_000
    before = sys.getrefcount(None)
    for _ in range(calls):
        thing.setObjectName("")
    assert sys.getrefcount(None) > before - calls // 10, "this PySide6 drops references to None; see the pins in pyproject.toml"
