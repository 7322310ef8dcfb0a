"""`netbuilder train` in two processes, as torchrun starts them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from netbuilder.__main__ import main
from netbuilder.app.runs import Run
from netbuilder.core.build import Builder, chain
from netbuilder.core.document import Document, Project

TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "-m", "netbuilder", "train"]
UNEVEN = ["playground-2d", "--data", "points", "--device", "cpu", "--batch-size", "13", "--set", "threads=1"]


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETBUILDER_HOME", str(tmp_path_factory.mktemp("home")))


def torchrun(*words: str | Path) -> tuple[int, str, str]:
    """Exit code, standard output, and what the training itself said."""
    done = subprocess.run([*TORCHRUN, *map(str, words)], capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout, done.stderr


def alone(*words: str | Path) -> None:
    assert main(["train", *map(str, words)]) == 0


def same_curves(one: Path, two: Path) -> None:
    for name in ("train_loss", "train_accuracy", "validation_loss", "validation_accuracy"):
        assert Run(one).history()[name] == pytest.approx(Run(two).history()[name], rel=1e-4), name
    first, second = Run(one).model("last").state_dict(), Run(two).model("last").state_dict()
    assert all((first[key] - second[key]).abs().max() < 1e-4 for key in first)


def test_two_processes_learn_what_one_learns(tmp_path: Path) -> None:
    alone(*UNEVEN, "--epochs", "3", "--out", tmp_path / "one")
    code, out, err = torchrun(*UNEVEN, "--epochs", "3", "--out", tmp_path / "two", "--json")
    assert code == 0, err
    found: dict[str, Any] = json.loads(out)
    assert (found["epochs_done"], found["run"]) == (3, str(tmp_path / "two"))
    assert err.count("epoch 3/3") == 1
    same_curves(tmp_path / "one", tmp_path / "two")


def test_a_diverging_training_ends_all_processes_with_one_sentence(tmp_path: Path) -> None:
    steps = [("input", {"shape": (2,)}), ("linear", {"out_features": 2}), ("output", {"task": "values"})]
    Document(Project("Straight", chain(steps))).save(tmp_path / "straight.netb")
    code, out, err = torchrun(tmp_path / "straight.netb", *UNEVEN[1:], "--set", "learning_rate=1000", "--out", tmp_path / "run", "--json")
    assert code != 0
    assert json.loads(out)["status"] == "diverged"
    said = [line for line in err.splitlines() if line.startswith("netbuilder: ")]
    assert len(said) == 1
    assert "Stopped before step" in said[0]


@pytest.mark.slow
def test_two_processes_go_on_where_they_stood(tmp_path: Path) -> None:
    steady = [*UNEVEN, "--set", "schedule=constant"]
    alone(*steady, "--epochs", "3", "--out", tmp_path / "one")
    assert torchrun(*steady, "--epochs", "2", "--out", tmp_path / "two")[0] == 0
    code, _, err = torchrun("--resume", tmp_path / "two", "--epochs", "3")
    assert code == 0, err
    same_curves(tmp_path / "one", tmp_path / "two")


@pytest.mark.slow
def test_what_only_the_first_process_refuses_ends_all(tmp_path: Path) -> None:
    alone(*UNEVEN, "--epochs", "1", "--out", tmp_path / "run")
    code, out, err = torchrun(*UNEVEN, "--out", tmp_path / "run")
    assert (code, out) == (1, "")
    said = [line for line in err.splitlines() if line.startswith("netbuilder: ")]
    assert len(said) == 1
    assert "already holds a run" in said[0]


def test_every_output_is_told_alike_by_one_and_two(tmp_path: Path) -> None:
    build = Builder()
    hidden = build.add("tanh", build.add("linear", build.add("input", shape=(2,)), out_features=8))
    for name, weight in (("main", 1.0), ("aside", 0.3)):
        build.add("output", build.add("linear", hidden, out_features=2), name=name, loss_weight=weight)
    Document(Project("Two heads", build.graph())).save(tmp_path / "heads.netb")
    words: list[str | Path] = [tmp_path / "heads.netb", *UNEVEN[1:], "--epochs", "2", "--limit", "100"]
    alone(*words, "--out", tmp_path / "one")
    assert torchrun(*words, "--out", tmp_path / "two")[0] == 0
    for one, two in zip(Run(tmp_path / "one").history(), Run(tmp_path / "two").history(), strict=True):
        for mine, theirs in zip(one.outputs, two.outputs, strict=True):
            assert mine.name == theirs.name
            assert mine.train_loss == pytest.approx(theirs.train_loss, rel=1e-4)
            assert mine.validation_loss == pytest.approx(theirs.validation_loss, rel=1e-4)
            assert mine.validation_accuracy == pytest.approx(theirs.validation_accuracy)
