"""Broken runs, full disks, odd settings: one sentence each, and nothing left lying about."""

from __future__ import annotations

import errno
import io
import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from netbuilder.__main__ import main
from netbuilder.app.processes import born
from netbuilder.app.runs import Run

Fails = Callable[..., str]


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETBUILDER_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture
def fails(capsys: pytest.CaptureFixture[str]) -> Fails:
    def run(*words: str | Path) -> str:
        capsys.readouterr()
        assert main([*map(str, words)]) == 1
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert "Something went wrong" not in said
        return said

    return run


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    assert main(["train", "lecture-cnn", "--limit", "60", "--epochs", "1", "--device", "cpu", "--out", str(tmp_path / "good")]) == 0
    return tmp_path / "good"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--device", "tpu"), "no device “tpu”"),
        (("--set", 'optimizer={"name":[1]}'), "no optimizer called"),
        (("--data", "points"), "expects samples of 1×6×6, but those of “Points: circle” are 2"),
    ],
)
def test_a_refused_training_leaves_no_folder(fails: Fails, tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    assert says in fails("train", "lecture-cnn", "--limit", "60", "--epochs", "1", "--out", tmp_path / "run", *words)
    assert not (tmp_path / "run").exists()


def test_a_broken_run_does_not_hide_the_others(trained: Path, fails: Fails, capsys: pytest.CaptureFixture[str]) -> None:
    broken = trained.with_name("broken")
    broken.mkdir()
    (broken / "run.json").write_text("[]")
    assert main(["runs", str(trained.parent), "--json"]) == 0
    assert [Path(run["run"]).name for run in json.loads(capsys.readouterr().out)["runs"]] == ["good"]
    assert "There is no folder" in fails("runs", trained.parent / "nowhere")


def test_a_spoilt_record_is_told(trained: Path, fails: Fails) -> None:
    for file in trained.glob("metrics.sqlite-*"):
        file.unlink()
    (trained / "metrics.sqlite").write_bytes(b"nonsense" * 200)
    assert "The record “metrics.sqlite”" in fails("train", "--resume", trained, "--epochs", "2")


@pytest.mark.parametrize("suffix", [".pt", ".pt2", ".safetensors"])
def test_a_full_disk_ends_an_export_in_a_sentence(fails: Fails, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    def full(_path: Path, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert "There is no space left for" in fails("export", "lecture-cnn", "-o", tmp_path / f"net{suffix}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_an_old_terminal_gets_what_it_can_write(encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(written, encoding=encoding))
    assert main(["summary", "lenet5"]) == 0
    assert "61,706 parameters" in written.getvalue().decode(encoding)
    written.truncate(0)
    written.seek(0)
    assert main(["new", "lenet5", "-o", str(tmp_path / "Nürnberg 类.netb"), "--json"]) == 0
    assert json.loads(written.getvalue().decode(encoding))["file"].endswith("Nürnberg 类.netb")


def test_a_run_whose_process_is_gone_can_go_on_though_another_has_its_number_now(trained: Path, fails: Fails) -> None:
    with closing(sqlite3.connect(trained / "metrics.sqlite", isolation_level=None)) as record:
        record.execute("delete from endings")
        record.execute("update sessions set pid=?", (os.getppid(),))
        record.execute("update sessions set born=?", (born(os.getppid()),))
        assert Run(trained).summary["status"] == "running"
        assert "written by another process" in fails("train", "--resume", trained, "--epochs", "2")
        record.execute("update sessions set born='1'")
    assert Run(trained).summary["status"] == "interrupted"
    assert main(["train", "--resume", str(trained), "--epochs", "2"]) == 0
    assert Run(trained).summary["epochs_done"] == 2


def test_records_of_older_versions_are_gone_on_with(trained: Path) -> None:
    with closing(sqlite3.connect(trained / "metrics.sqlite", isolation_level=None)) as record:
        record.execute("alter table sessions drop column born")
        record.execute("alter table steps drop column penalty")
    assert main(["train", "--resume", str(trained), "--epochs", "2"]) == 0
    assert Run(trained).summary["status"] == "done"
