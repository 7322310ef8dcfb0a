"""Libraries are loaded beside Python, and whatever cannot be loaded is left to the import."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from netbuilder.ui.startup import libraries

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="loads libraries on Linux only")


@linux
def test_torch_is_loaded_without_its_import() -> None:
    program = """
import sys
from netbuilder.ui.startup.libraries import load_torch
assert load_torch()
assert "torch" not in sys.modules
assert "libtorch.so" in open("/proc/self/maps").read()
import torch
assert torch.ones(2).sum().item() == 2
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_missing_or_unfit_library_is_no_error(tmp_path: Path) -> None:
    unfit = tmp_path / "unfit.so"
    unfit.write_bytes(b"not a library")
    assert not libraries.load((tmp_path / "missing.so",))
    assert not libraries.load((unfit,))


def test_without_torch_there_is_nothing_to_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "find_spec", lambda _name: None)
    assert not libraries.load_torch()


def test_on_other_systems_nothing_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr("ctypes.CDLL", lambda _name: pytest.fail("tried to load"))
    assert not libraries.load((Path(sys.executable),))


@linux
def test_qt_is_loaded_beside_python_and_opens_its_windows_as_ever() -> None:
    program = """
import sys
from netbuilder.ui.startup.libraries import load_qt
load_qt().join()
assert "PySide6" not in sys.modules
maps = open("/proc/self/maps").read()
assert "libQt6Widgets" in maps and "libqoffscreen" in maps
from PySide6.QtCore import QThread
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel("words")
label.show()
app.processEvents()
assert app.thread() is QThread.currentThread() and label.sizeHint().width() > 10
"""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True, env=environment)
    assert (done.returncode, "main() thread" in done.stderr) == (0, False), done.stderr


def test_where_qt_is_not_installed_nothing_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "find_spec", lambda _name: None)
    assert libraries.load_qt() is None


@linux
def test_an_unknown_platform_is_left_to_qt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "nowhere:size=3;offscreen")
    thread = libraries.load_qt()
    assert thread is not None
    thread.join(20)
    assert not thread.is_alive()
