"""Weights of others, loaded by name: in the window and in the terminal."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import netbuilder as nb
from netbuilder import templates
from netbuilder.app.runs import Run
from netbuilder.cli.main import main
from netbuilder.core.document import Document
from netbuilder.ui import ask
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.window_dialogs import load_weights

LATER = 30_000


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    from safetensors.torch import save_file

    path = tmp_path / "mine.safetensors"
    save_file({name: value + 1.0 for name, value in nb.compile(nb.template("mlp-3-4-2")).state_dict().items()}, path)
    return path


@pytest.fixture
def small(open_window: Callable[[Document], MainWindow]) -> MainWindow:
    return open_window(Document(templates.project("mlp-3-4-2")))


def test_they_become_a_run_that_is_looked_into(small: MainWindow, weights: Path, qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(small, "notify", lambda text, *_more: told.append(text))
    load_weights(small, weights)
    qtbot.waitUntil(lambda: small.session.inspected is not None, timeout=LATER)
    run, epoch = small.session.inspected
    assert epoch == "last"
    assert run.summary["status"] == "loaded"
    from safetensors.torch import load_file

    found = dict(run.model("last").state_dict())
    for name, value in load_file(weights).items():
        assert found[name].equal(value)
    assert "4 of 4 weights fit" in told[-1]


def test_those_that_fit_in_part_are_offered_and_rubbish_is_told(
    open_window: Callable[[Document], MainWindow], weights: Path, tmp_path: Path, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(Document(templates.project("mlp-3-4-4-1")))
    asked: list[str] = []
    monkeypatch.setattr(ask, "ask", lambda _parent, _title, text, *_more: bool(asked.append(text)) or True)
    load_weights(window, weights)
    qtbot.waitUntil(lambda: window.session.inspected is not None, timeout=LATER)
    assert "weights fit" in asked[0]
    said: list[str] = []
    monkeypatch.setattr(ask, "tell", lambda _parent, _title, text: said.append(text))
    rubbish = tmp_path / "rubbish.safetensors"
    rubbish.write_bytes(b"not weights at all")
    load_weights(window, rubbish)
    qtbot.waitUntil(lambda: bool(said), timeout=LATER)
    assert "is not a safetensors file" in said[0]


def test_in_the_terminal(weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(weights), "--network", "mlp-3-4-2", "-o", str(tmp_path / "run"), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert "4 of 4 weights fit" in answer["note"]
    assert Run(tmp_path / "run").model("last") is not None
    assert main(["import", str(weights), "--network", "lenet5", "-o", str(tmp_path / "other")]) == 1
    assert "do not fit this network" in capsys.readouterr().err
    assert not (tmp_path / "other").exists()
