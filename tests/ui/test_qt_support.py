"""Qt for Python compiles its long regular expressions late, and says about signatures what it says otherwise."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile

import pytest

from netbuilder.ui.startup.qt_support import LATE, LONG, LatePattern, bind_late, late_modules, late_patterns

SAY = """
import contextlib, sys
from netbuilder.ui.startup.qt_support import late_patterns
with late_patterns() if sys.argv[1] == "late" else contextlib.nullcontext():
    from PySide6 import QtCore
from PySide6.support.signature import get_signature
from PySide6.support.signature.lib.pyi_generator import Formatter
print(get_signature(QtCore.QRect.adjusted), get_signature(QtCore.QObject.startTimer))
print(Formatter.brace_searcher.findall("a, List[int]"), Formatter.split("a, List[int]"))
try:
    QtCore.QRect("no", 1)
except TypeError as error:
    print(error)
"""


def said(how: str) -> str:
    return subprocess.run([sys.executable, "-c", SAY, how], check=True, capture_output=True, text=True).stdout


def test_signatures_and_messages_are_the_same() -> None:
    assert said("late") == said("at once")


@pytest.mark.skipif(not hasattr(sys, "setdlopenflags"), reason="this system always binds late")
def test_functions_are_looked_up_late() -> None:
    before = sys.getdlopenflags()
    try:
        bind_late()
        assert sys.getdlopenflags() == os.RTLD_LAZY
    finally:
        sys.setdlopenflags(before)


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    seen: list[str] = []
    original = re.compile
    monkeypatch.setattr(re, "compile", lambda pattern, flags=0: (seen.append(pattern), original(pattern, flags))[1])
    return seen


def test_a_long_expression_waits_for_its_first_use(compiled: list[str]) -> None:
    long = "(a|b)" + " " * LONG
    with late_patterns():
        late, short = re.compile(long, re.VERBOSE), re.compile("c")
        split = late.split
        assert compiled == ["c"]
        assert isinstance(short, re.Pattern)
        assert isinstance(late, LatePattern)
    assert split("1a2") == ["1", "a", "2"]
    assert [found.group(1) for found in late.finditer("xb")] == ["b"]
    assert late.pattern == long
    assert late.groups == 1
    assert compiled == ["c", long]


def test_afterwards_expressions_are_compiled_as_ever() -> None:
    before = re.compile
    with pytest.raises(ZeroDivisionError), late_patterns():
        raise ZeroDivisionError
    assert re.compile is before


RUN_LATE = """
import sys, types
from netbuilder.ui.startup.qt_support import LATE, late_modules, run_late_modules
with late_modules():
    from PySide6 import QtCore
waiting = [name for name in LATE if name in sys.modules and object.__getattribute__(sys.modules[name], "__class__") is not types.ModuleType]
print(*waiting)
run_late_modules()
print(*(name for name in waiting if type(sys.modules[name]) is not types.ModuleType))
import tempfile
print(tempfile.gettempdir())
"""


def test_modules_wait_for_their_first_use_and_are_all_run_when_told_to() -> None:
    lines = subprocess.run([sys.executable, "-c", RUN_LATE], check=True, capture_output=True, text=True).stdout.splitlines()
    assert {"argparse", "tempfile"} <= set(lines[0].split()) <= set(LATE)
    assert lines[1:] == ["", tempfile.gettempdir()]


def test_afterwards_modules_are_imported_as_ever() -> None:
    before = list(sys.meta_path)
    with pytest.raises(ZeroDivisionError), late_modules():
        raise ZeroDivisionError
    assert sys.meta_path == before


MSGSPEC = """
import sys
from netbuilder.ui.startup.qt_support import late_modules, late_patterns, run_late_modules
with late_modules(), late_patterns(0):
    import msgspec
print(*sorted({"typing_extensions"} & set(sys.modules)))
run_late_modules()
import platform, typing_extensions
from typing import Required, TypedDict
class Sizes(TypedDict, total=False):
    width: Required[int]
print(msgspec.inspect.type_info(list[bool]).item_type, msgspec.convert({"width": 3}, Sizes))
print(msgspec.json.schema(Sizes)["$defs"]["Sizes"]["required"])
print(platform.python_version() == sys.version.split()[0], typing_extensions.Required is Required)
"""


def test_msgspec_is_whole_after_a_short_import() -> None:
    lines = subprocess.run([sys.executable, "-c", MSGSPEC], check=True, capture_output=True, text=True).stdout.splitlines()
    assert lines == ["", "BoolType() {'width': 3}", "['width']", "True True"]
