"""Qt for Python's support files are compiled once, not in every process; whatever is wrong with what was kept costs only time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

COUNT = """
import builtins
count = 0
original = builtins.compile
def counted(source, filename, *rest, **more):
    global count
    count += str(filename).startswith("shibokensupport/")
    return original(source, filename, *rest, **more)
builtins.compile = counted
from netbuilder.ui.startup.qt_bytecode import kept_bytecode
with kept_bytecode():
    from PySide6.QtCore import QObject, Qt
assert builtins.compile is counted
assert Qt.AlignmentFlag.AlignLeft and QObject()
print(count)
"""


@pytest.fixture
def compiled(tmp_path: Path):
    def run(**environment: str) -> int:
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        kept |= {"PYTHONPYCACHEPREFIX": str(tmp_path), **environment}
        return int(subprocess.run([sys.executable, "-c", COUNT], env=kept, check=True, capture_output=True, text=True).stdout)

    return run


def kept_file(folder: Path) -> Path:
    (found,) = folder.rglob("qt_bytecode*.support")
    return found


def test_the_second_process_compiles_nothing(compiled) -> None:
    first = compiled()
    if first == 0:
        pytest.skip("this Qt for Python brings its bytecode along")
    assert compiled() == 0


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xa7\r\r\ni\x01\x00\x00\x00", b"\xa7\r\r\n", b"\xa7\r\r\n{{{{"])
def test_a_damaged_file_is_made_anew(compiled, tmp_path: Path, content: bytes) -> None:
    first = compiled()
    if first == 0:
        pytest.skip("this Qt for Python brings its bytecode along")
    kept_file(tmp_path).write_bytes(content)
    assert compiled() == first
    assert compiled() == 0


def test_nothing_is_written_when_python_may_not(compiled, tmp_path: Path) -> None:
    compiled(PYTHONDONTWRITEBYTECODE="1")
    assert not list(tmp_path.rglob("*.support"))
