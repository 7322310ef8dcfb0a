"""How long until the window is painted and takes input, against a process that shows an empty PySide6 window."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

EMPTY = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        QTimer.singleShot(0, lambda: print("ready", flush=True))
app = QApplication([])
window = Window()
window.resize(1440, 900)
window.show()
app.exec()
"""
ROUNDS = 7
SETTLED = 3.0
"""Seconds after which a first start has kept what makes later ones quick."""


def _seconds_until_ready(arguments: list[str], home: Path, stay: float) -> float:
    environment = {**os.environ, "NETBUILDER_HOME": str(home)}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(home / "pycache")
    begin = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        seconds = time.perf_counter() - begin
        time.sleep(stay)
        return seconds
    finally:
        process.kill()
        process.wait()


@pytest.mark.benchmark
def test_startup_against_an_empty_window(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Alternating runs after one of each to fill caches; medians."""
    commands = {"empty": ["-c", EMPTY], "netbuilder": ["-m", "netbuilder", "--report-ready"]}
    times: dict[str, list[float]] = {name: [] for name in commands}
    for round_ in range(ROUNDS + 1):
        for name, arguments in commands.items():
            seconds = _seconds_until_ready(arguments, tmp_path, 0.0 if round_ else SETTLED)
            if round_:
                times[name].append(seconds)
    empty, ours = (statistics.median(times[name]) for name in ("empty", "netbuilder"))
    with capsys.disabled():
        print(f"\nstart-up: empty window {empty * 1000:.0f} ms, Netbuilder {ours * 1000:.0f} ms, ratio {ours / empty:.2f}")
    assert ours > 0
