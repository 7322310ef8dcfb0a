"""The loss landscape from the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netbuilder.cli.main import main


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETBUILDER_HOME", str(tmp_path / "home"))


def test_heights_and_eigenvalues_of_a_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = tmp_path / "run"
    assert main(["train", "playground-2d", "--epochs", "2", "--device", "cpu", "--out", str(run), "--json"]) == 0
    capsys.readouterr()
    target = tmp_path / "heights.csv"
    assert main(["landscape", str(run), "-o", str(target), "--places", "9", "--epoch", "last", "--curvature", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert len(target.read_text().splitlines()) == 82
    assert said["places"] == 81
    assert said["lowest"] <= said["loss"]
    assert said["eigenvalues"] == sorted(said["eigenvalues"], reverse=True)
    assert said["stable_below"] == pytest.approx(2 / said["eigenvalues"][0])
    assert main(["landscape", str(run), "-o", str(target), "--directions", "line"]) == 0
    assert "“best”" in capsys.readouterr().out
    assert target.read_text().startswith("x,loss,error")


def test_fresh_weights_and_bad_wishes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["landscape", "playground-2d"]) == 0
    assert "nothing has been trained" in capsys.readouterr().out
    target = str(tmp_path / "a.csv")
    for words, says in ((["--range", "0"], "range of 0"), (["--places", "1"], "--places"), (["--directions", "path"], "too few")):
        assert main(["landscape", "playground-2d", "-o", target, *words]) == 1
        assert says in capsys.readouterr().err
