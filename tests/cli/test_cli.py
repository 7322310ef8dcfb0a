"""The command line as scripts see it: keys, exit codes, one sentence on stderr."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netbuilder.__main__ import main
from netbuilder.core.build import Builder, chain
from netbuilder.core.document import Project
from netbuilder.core.files import save

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETBUILDER_HOME", str(tmp_path_factory.mktemp("home")))


class Shell:
    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def json(self, *words: str | Path, code: int = 0) -> dict[str, Any]:
        assert main([*map(str, words), "--json"]) == code
        self.out, self.err = self._capture.readouterr()
        found: dict[str, Any] = json.loads(self.out)
        return found

    def fails(self, *words: str | Path, code: int = 1) -> str:
        assert main([*map(str, words)]) == code
        self.out, self.err = self._capture.readouterr()
        assert "Traceback" not in self.err
        return self.err


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


def test_summary_of_a_new_project(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "net.netb"
    assert shell.json("new", "lenet5", "-o", path)["parameters"] == 61_706
    found = shell.json("summary", path)
    assert {"parameters", "macs", "memory_bytes", "layers", "problems"} <= found.keys()
    assert (found["parameters"], found["macs"], found["problems"]) == (61_706, 416_520, [])
    assert found["layers"][1]["output_shapes"] == [[None, 6, 28, 28]]
    assert shell.json("check", path) == {"ok": True, "problems": []}
    assert "exists already" in shell.fails("new", "lenet5", "-o", path)


def test_the_gallery_and_the_sources(shell: Shell) -> None:
    assert "lenet5" in [entry["name"] for entry in shell.json("templates")["templates"]]
    (told,) = shell.json("templates", "resnet18")["templates"]
    assert told["options"] == {"classes": 1000, "image_size": 224, "width": 100, "activation": "relu"}
    assert told["choices"]["classes"] == "2 to 65,536"
    assert "gelu" in told["choices"]["activation"]
    assert "mnist" in [entry["name"] for entry in shell.json("data")["sources"]]
    found = shell.json("data", "points")
    assert found["train"] + found["validation"] + found["test"] == 500


def test_arrays_of_an_archive_are_named(shell: Shell, tmp_path: Path) -> None:
    path, network = tmp_path / "signs.npz", tmp_path / "two.netb"
    x = np.random.default_rng(0).normal(size=(60, 4)).astype(np.float32)
    np.savez(path, table=x, digit=x.argmax(1), angle=x[:, 0])
    arrays = ("--inputs", "table", "--targets", "digit, angle")
    assert shell.json("data", path, *arrays)["targets"] == ["digit", "angle"]
    build = Builder()
    entry = build.add("input", shape=(4,))
    build.add("output", build.add("linear", entry, out_features=4), name="digit")
    build.add("output", build.add("linear", entry, out_features=1), name="angle", task="values")
    save(Project("Two", build.graph()), network)
    run = tmp_path / "run"
    assert shell.json("train", network, "--data", path, *arrays, "--epochs", "1", "--device", "cpu", "--out", run)["status"] == "done"
    assert shell.json("evaluate", run)["loss"] > 0
    assert "no file is given" in shell.fails("train", network, *arrays)
    assert "has no setting “inputs”" in shell.fails("train", network, "--data", "points", *arrays)


def test_check_fails_on_a_broken_network(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "net.netb"
    shell.json("new", "lenet5", "-o", path)
    text = path.read_text()
    path.write_text(text.replace('"kernel_size": 5', '"kernel_size": 50'))
    assert path.read_text() != text
    found = shell.json("check", path, code=1)
    assert not found["ok"]
    assert found["problems"][0]["severity"] == "error"
    assert shell.err.count("\n") == 1


@pytest.mark.parametrize(
    ("sound", "broken", "name"), [('"batch_size": 64', '"batch_size": 0', "recipe"), ('"name": "mnist"', '"name": "nowhere"', "data")]
)
def test_check_fails_on_settings_that_cannot_be_used(shell: Shell, tmp_path: Path, sound: str, broken: str, name: str) -> None:
    path = tmp_path / "net.netb"
    shell.json("new", "lenet5", "-o", path)
    text = path.read_text()
    path.write_text(text.replace(sound, broken))
    assert path.read_text() != text
    (problem,) = shell.json("check", path, code=1)["problems"]
    assert problem["name"] == name
    assert problem["severity"] == "error"


def test_train_evaluate_filters_runs_and_doctor(shell: Shell, tmp_path: Path) -> None:
    run = tmp_path / "runs" / "first"
    found = shell.json("train", "lenet5", "--data", "mnist", "--limit", "600", "--epochs", "1", "--device", "cpu", "--out", run)
    keys = {"run", "images_per_second", "epochs_done", "train_loss", "validation_loss", "validation_accuracy", "best_epoch"}
    assert keys <= found.keys()
    assert (found["run"], found["epochs_done"], found["best_epoch"]) == (str(run), 1, 1)
    assert "epoch 1/1" in shell.err
    again = shell.json("train", "--resume", run, "--epochs", "2")
    assert again["epochs_done"] == 2
    scores = shell.json("evaluate", run, "--device", "cpu")
    assert {"loss", "accuracy"} <= scores.keys()
    assert scores["samples"] == 600
    assert shell.json("evaluate", run, "--split", "validation", "--device", "cpu")["samples"] == 50
    picture = tmp_path / "filters.png"
    assert shell.json("filters", run, "-o", picture, "--most", "4")["total"] == 6
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "Layers with filters: C1" in shell.fails("filters", run, "-o", picture, "--layer", "S2")
    assert [entry["epochs_done"] for entry in shell.json("runs", run.parent)["runs"]] == [2]
    assert shell.json("doctor", run)["ok"]
    assert "no checkpoint “epoch-009”" in shell.fails("evaluate", run, "--epoch", "9")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("summary", "gone.netb"), "There is no file “gone.netb”"),
        (("new", "lenet6", "-o", "x"), "no template “lenet6”"),
        (("train", "lenet5", "--data", "nowhere"), "no data source"),
        (("train", "lenet5", "--batch-size", "0"), "Batch size is 0"),
        (("train", "lenet5", "--epochs", "-1"), "Epochs is -1"),
        (("train", "lenet5", "--set", "learning_rate=NaN"), "finite"),
        (("train", "lenet5", "--device", "abacus", "--limit", "100"), "no device “abacus”"),
        (("train",), "nothing to train"),
        (("train", "--resume", "gone"), "is not a run"),
        (("evaluate", "gone"), "is not a run"),
        (("data", "nowhere"), "no data source"),
        (("doctor", "gone"), "There is no file"),
        (("rate", "lenet5", "--steps", "3"), "at least 20"),
        (("train", "lenet5", "--ensemble", "0"), "cannot have 0 members"),
        (("train", "lenet5", "--folds", "0"), "0 folds"),
        (("filters", "gone", "-o", "filters.jpg"), "does not end in .png"),
    ],
)
def test_bad_input_is_one_sentence(shell: Shell, words: tuple[str, ...], says: str) -> None:
    text = shell.fails(*words)
    assert says in text.strip().splitlines()[-1]


def test_a_foreign_or_truncated_file(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "net.netb"
    shell.json("new", "lenet5", "-o", path)
    path.write_bytes(path.read_bytes()[:300])
    assert "net.netb" in shell.fails("summary", path)
    path.write_bytes(b"\x89PNG")
    assert "net.netb" in shell.fails("train", path)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("frobnicate", "--json"), "invalid choice: 'frobnicate'"),
        (("summary",), "required: FILE"),
        (("train", "lenet5", "--epochs", "many"), "'many'"),
        (("train", "lenet5", "--batch-size", "many"), "“many” is neither a whole number nor “all”"),
    ],
)
def test_wrong_usage_is_2(words: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    told = capsys.readouterr().err
    assert "usage:" in told
    assert says in told


def test_a_window_without_a_display_is_refused_in_a_sentence() -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = subprocess.run(
        [sys.executable, "-m", "netbuilder"], cwd=ROOT, env={**environment, "QT_QPA_PLATFORM": "none-such"}, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith("netbuilder: No window can open here")
    assert len(done.stderr.splitlines()) == 1


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("netbuilder ")


def test_light_subcommands_import_neither_torch_nor_qt() -> None:
    code = "import sys; from netbuilder.__main__ import main; main(['summary', 'lenet5']);"
    code += "assert not {'torch', 'PySide6'} & sys.modules.keys()"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.DEVNULL).returncode == 0


def test_a_training_whose_weights_find_no_room_has_failed(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("netbuilder.train.checkpointing.checkpoints.save", full)
    told = shell.fails("train", "playground-2d", "--data", "points", "--epochs", "1", "--device", "cpu", "--out", tmp_path / "run")
    assert "“last” could not be written (No space left on device)" in told
    assert told.splitlines()[-1].startswith("netbuilder: None of the weights could be written.")


def test_a_training_that_diverges_says_where_the_weights_before_it_are(shell: Shell, tmp_path: Path) -> None:
    graph = chain([("input", {"shape": (2,)}), ("linear", {"out_features": 2}), ("output", {"task": "values"})])
    save(Project("Straight", graph), tmp_path / "straight.netb")
    wild = ("--set", 'optimizer={"name": "sgd", "learning_rate": 1000}', "--set", "schedule=constant", "--batch-size", "1")
    told = shell.fails("train", tmp_path / "straight.netb", "--data", "points", "--device", "cpu", *wild, "--out", tmp_path / "run")
    kept = tmp_path / "run" / "checkpoints" / "last"
    assert told.splitlines()[-1].endswith(f"The weights before that step are kept in {kept}.")
    assert (kept / "manifest.json").is_file()
    assert "loss" in shell.json("evaluate", tmp_path / "run"), "the run can be looked into"


def test_ctrl_c_ends_cleanly_and_the_run_goes_on_later(tmp_path: Path, shell: Shell) -> None:
    run = tmp_path / "run"
    command = [sys.executable, "-m", "netbuilder", "train", "playground-2d", "--data", "points", "--epochs", "100000", "--device", "cpu"]
    with subprocess.Popen([*command, "--out", str(run), "--json"], cwd=ROOT, env=os.environ, text=True, stdout=-1, stderr=-1) as process:
        assert process.stderr is not None
        assert any("epoch 2/" in line for line in iter(process.stderr.readline, ""))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert process.returncode == 1
    assert "Continue with: netbuilder train --resume" in err
    done = json.loads(out)
    assert done["status"] == "stopped"
    assert shell.json("train", "--resume", run, "--epochs", str(done["epochs_done"] + 1))["epochs_done"] == done["epochs_done"] + 1


@pytest.mark.parametrize(("size", "steps"), [("1", 336), ("32", 11), ("all", 1)])
def test_a_batch_is_one_sample_many_or_all(shell: Shell, tmp_path: Path, size: str, steps: int) -> None:
    run = tmp_path / size
    done = shell.json("train", "playground-2d", "--batch-size", size, "--epochs", "2", "--limit", "367", "--out", run)
    assert done["epochs_done"] == 2
    assert f"Training on cpu: 2 epochs of {steps:,} step" in shell.err
    assert "left 00:00" in shell.err
