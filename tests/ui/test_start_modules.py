"""The first window's modules come from one file in the second start; whatever is wrong with it costs only time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

START = """
import sys
from netbuilder.ui.startup.start_modules import StartModules, imported, keep_start_modules
sys.meta_path.insert(0, StartModules())
import netbuilder.core.graph, {more}
found = imported()
keep_start_modules(found)
print(*(name for name in found if type(sys.modules[name].__spec__.loader).__name__ == "_Loader"))
assert not any(isinstance(finder, StartModules) for finder in sys.meta_path)
import inspect
assert "class Graph" in inspect.getsource(netbuilder.core.graph) and netbuilder.core.__path__
"""


@pytest.fixture
def start(tmp_path: Path):
    def run(more: str = "netbuilder.core.names", **environment: str) -> set[str]:
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        kept |= {"PYTHONPYCACHEPREFIX": str(tmp_path), **environment}
        program = START.format(more=more)
        return set(subprocess.run([sys.executable, "-c", program], env=kept, check=True, capture_output=True, text=True).stdout.split())

    return run


def kept_file(folder: Path) -> Path:
    (found,) = folder.rglob("start_modules*.start")
    return found


def test_the_second_start_finds_all_in_one_file(start) -> None:
    assert start() == set()
    assert {"netbuilder.core", "netbuilder.core.graph", "netbuilder.core.names"} <= start()


def test_what_was_missing_is_kept_as_well(start) -> None:
    start()
    assert "netbuilder.core.blocks" not in start("netbuilder.core.blocks")
    assert {"netbuilder.core.blocks", "netbuilder.core.graph"} <= start("netbuilder.core.blocks")


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xa7\r\r\ni\x01\x00\x00\x00", b"\xa7\r\r\n", b"\xa7\r\r\n{{{{"])
def test_a_damaged_file_is_made_anew(start, tmp_path: Path, content: bytes) -> None:
    start()
    kept_file(tmp_path).write_bytes(content)
    assert start() == set()
    assert "netbuilder.core.graph" in start()


def test_nothing_is_written_where_no_bytecode_may_be(start, tmp_path: Path) -> None:
    start(PYTHONDONTWRITEBYTECODE="1")
    assert not list(tmp_path.rglob("*.start"))


def test_a_changed_module_is_imported_as_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from netbuilder.ui.startup import start_modules

    monkeypatch.setattr(start_modules, "PACKAGE", "sketch")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.syspath_prepend(tmp_path)
    source, place = tmp_path / "sketch" / "part.py", tmp_path / "kept.start"
    source.parent.mkdir()
    (source.parent / "__init__.py").touch()

    def value() -> int:
        finder = start_modules.StartModules(place)
        sys.meta_path.insert(0, finder)
        for name in ("sketch", "sketch.part"):
            sys.modules.pop(name, None)
        import sketch.part  # type: ignore[import-not-found]

        finder.keep(start_modules.imported())
        found: int = sketch.part.value
        return found

    source.write_text("value = 1")
    assert value() == value() == 1
    source.write_text("value = 22")
    assert value() == value() == 22
    source.unlink()
    with pytest.raises(ImportError):
        value()
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, start_modules.StartModules)]
