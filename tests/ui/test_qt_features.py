"""Importing after Qt does not read sources."""

from __future__ import annotations

import subprocess
import sys

READ = """
import builtins, linecache, sys
from PySide6 import QtCore
from netbuilder.ui.startup.qt_features import leave_out_features
leave_out_features()
before = set(linecache.cache)
import sqlite3, netbuilder.layers.convolution
assert not set(linecache.cache) - before, set(linecache.cache) - before
assert QtCore.QObject().objectName() == ""
assert "feature" not in builtins.__import__.__name__
"""


def test_imports_after_qt_leave_sources_alone() -> None:
    done = subprocess.run([sys.executable, "-c", READ], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
