"""`import netbuilder` is light, and every promised name is there."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import netbuilder as nb

ROOT = Path(nb.__file__).parent.parent


def _run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip()


def test_importing_and_drawing_load_neither_torch_nor_qt_nor_numpy() -> None:
    code = """if True:
        import sys, netbuilder as nb
        graph = nb.template("lenet5")
        document = nb.Document(graph)
        assert nb.templates() and nb.train and nb.chain(["input"])
        print(*sorted({"torch", "numpy", "PySide6", "pyqtgraph", "onnx"} & set(sys.modules)))"""
    assert _run(code) == ""


def test_every_public_name_leads_somewhere() -> None:
    assert set(nb.__all__) <= set(dir(nb))
    for name in nb.__all__:
        assert callable(getattr(nb, name)), name


def test_packages_that_are_functions_work_in_any_order_of_imports() -> None:
    code = """if True:
        import netbuilder.templates.lenet, netbuilder.train.events
        import netbuilder as nb
        from netbuilder import templates
        assert nb.templates()[0].name == templates.templates()[0].name
        assert callable(nb.train) and netbuilder.train.events.Event
        print("fine")"""
    assert _run(code) == "fine"


def test_unknown_names_are_no_attributes() -> None:
    assert not hasattr(nb, "nonsense")


def test_the_version_is_said_once() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project.get("version", nb.__version__) == nb.__version__
