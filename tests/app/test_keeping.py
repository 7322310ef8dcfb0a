"""What survives: runs, preferences, unsaved work."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import netbuilder as nb
from netbuilder.app import crash, recovery, scripting
from netbuilder.app.preferences import Preferences
from netbuilder.app.record import Recorder
from netbuilder.app.recovery import Autosave
from netbuilder.app.run_store import RunStore
from netbuilder.app.runs import Run
from netbuilder.core.document import Document, Project
from netbuilder.core.edits import add_node, new_node
from netbuilder.core.errors import FileError, NetbuilderError
from netbuilder.train.events import EpochDone, Event, StepsLogged

ROOT = Path(__file__).parents[2]
WAIT = 30.0


def test_a_run_from_a_script(project: Project, tmp_path: Path) -> None:
    heard: list[Event] = []
    run = nb.train(
        project.graph, data="points", epochs=2, learning_rate=0.05, optimizer="adam", out=tmp_path / "run", on_event=heard.append
    )
    assert run.summary["status"] == "done"
    assert run.summary["epochs_done"] == len(run.history()) == 2
    assert run.history()["train_loss"][0] == next(event for event in heard if isinstance(event, EpochDone)).train_loss
    about = json.loads((run.folder / "run.json").read_text())
    assert about["configuration"]["training"]["optimizer"]["name"] == "adam"
    assert about["configuration"]["training"]["optimizer"]["learning_rate"] == 0.05
    assert {"python", "torch", "platform"} <= about["environment"].keys()
    assert run.project.graph == project.graph
    assert not run.model("best").training
    assert RunStore(tmp_path).list()[0].folder == run.folder


def test_the_same_seed_gives_the_same_run(project: Project, tmp_path: Path) -> None:
    losses = [scripting.train(project, out=tmp_path / name, seed=3).history()["train_loss"] for name in "ab"]
    assert losses[0] == losses[1]


def test_resuming_continues_in_place(project: Project, tmp_path: Path) -> None:
    steps: list[Event] = []
    run = scripting.train(project, out=tmp_path / "run", on_event=steps.append, stop=lambda: isinstance(steps[-1], StepsLogged))
    assert run.summary["status"] == "stopped"
    done = scripting.resume(run, epochs=4)
    assert [epoch.epoch for epoch in done.history()] == [1, 2, 3, 4]
    assert done.summary["status"] == "done"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"batch_size": 0}, "Batch size is 0"),
        ({"learning_rate": float("nan")}, "finite"),
        ({"optimizer": "magic"}, "no optimizer called “magic”"),
        ({"learning_speed": 3}, "no training setting “learning_speed”"),
        ({"data": "nothing"}, "no data source"),
        ({"data": "mnist", "limit": 100}, "expects samples of 2"),
    ],
)
def test_bad_requests_leave_no_run(project: Project, tmp_path: Path, options: dict[str, object], says: str) -> None:
    with pytest.raises(NetbuilderError) as caught:
        scripting.train(project, out=tmp_path / "run", **options)
    assert says in str(caught.value)


def test_a_second_run_in_the_same_folder_is_refused(project: Project, tmp_path: Path) -> None:
    scripting.train(project, out=tmp_path / "run", epochs=1)
    with pytest.raises(FileError, match="already holds a run"):
        scripting.train(project, out=tmp_path / "run", epochs=1)


def test_several_processes_without_their_numbers_are_refused(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.delenv("RANK", raising=False)
    with pytest.raises(NetbuilderError, match="RANK is not set"):
        scripting.train(project)


def test_a_run_is_readable_while_another_process_writes_it(project: Project, tmp_path: Path) -> None:
    run = RunStore(tmp_path).new(project, {"training": {}}, folder=tmp_path / "run")
    code = (
        "import sys; from pathlib import Path; from netbuilder.app.record import Recorder;"
        "from netbuilder.train.events import StepsLogged;"
        "r = Recorder(Path(sys.argv[1])); r.record(StepsLogged(1, 1, 2.0, None, 0.1, 9.0)); r.flush(); print('written', flush=True);"
        "sys.stdin.readline(); r.record(StepsLogged(2, 1, 1.0, None, 0.1, 9.0)); r.close(); print('closed', flush=True)"
    )
    command = [sys.executable, "-c", code, str(run.metrics)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        assert writer.stdout.readline() == "written\n"
        assert [step.step for step in run.history().steps] == [1]
        assert run.summary["status"] == "running"
        writer.stdin.write("\n")
        writer.stdin.flush()
        assert writer.stdout.readline() == "closed\n"
    assert [step.step for step in run.history().steps] == [1, 2]
    assert run.summary["status"] == "interrupted"


def test_what_a_resume_does_again_counts_once(project: Project, tmp_path: Path) -> None:
    from netbuilder.train.events import Started

    run = RunStore(tmp_path).new(project, {}, folder=tmp_path / "run")
    for first in (1, 2):
        recorder = Recorder(run.metrics)
        recorder.record(Started("cpu", 1, 3, first))
        for epoch in range(first, 4):
            recorder.record(StepsLogged(epoch, epoch, first, None, 0.1, 1.0))
            recorder.record(EpochDone(epoch, epoch, first, None, None, None, 0.1, 1.0, 1.0, True))
        recorder.close()
    assert run.history()["train_loss"] == [1, 2, 2]
    assert [step.loss for step in run.history().steps] == [1, 2, 2]


def test_a_folder_that_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"no run\.json"):
        Run(tmp_path)


def test_preferences_survive(tmp_path: Path) -> None:
    preferences = Preferences()
    preferences.change(theme="light")
    for name in ("a", "b", "a"):
        preferences.remember(tmp_path / name)
    again = Preferences()
    assert again.settings.theme == "light"
    assert again.recent == (tmp_path / "a", tmp_path / "b")
    again.forget(tmp_path / "a")
    assert Preferences().recent == (tmp_path / "b",)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"theme": "pink"}', b"\xff\xfe", b'{"recent": 3}'])
def test_damaged_preferences_are_put_aside(home: Path, content: bytes) -> None:
    (home / "settings.json").write_bytes(content)
    assert Preferences().settings.theme == "system"
    assert (home / "settings.json.bad").read_bytes() == content


def test_safe_mode_reads_and_writes_nothing(home: Path) -> None:
    (home / "settings.json").write_text('{"theme": "dark"}')
    safe = Preferences(safe=True)
    safe.change(theme="light")
    assert Preferences().settings.theme == "dark"


def test_unsaved_work_is_kept_until_the_document_closes(home: Path) -> None:
    document = Document()
    autosave = Autosave(document, period=0.01)
    document.apply(add_node(new_node(document.graph, "relu")), "Add")
    assert autosave.wait_written(WAIT)
    assert autosave.path.exists()
    assert recovery.found() == ()  # this process is still there
    autosave.close()
    assert not list((home / "recovery").glob("*"))


def test_saving_removes_the_autosave(tmp_path: Path) -> None:
    document = Document()
    autosave = Autosave(document, period=0.01)
    document.apply(add_node(new_node(document.graph, "relu")), "Add")
    assert autosave.wait_written(WAIT)
    document.save(tmp_path / "saved.netb")
    assert autosave.wait_written(WAIT)
    assert not autosave.path.exists()
    autosave.close()


def test_work_of_a_killed_process_is_offered() -> None:
    code = (
        "import os; from netbuilder.app.recovery import Autosave; from netbuilder.core.document import *;"
        "from netbuilder.core.edits import *; d = Document(Project('Mine')); a = Autosave(d);"
        "d.apply(add_node(new_node(d.graph, 'relu')), 'Add'); a.wait_written(); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=os.environ).returncode == 9
    (offer,) = recovery.found()
    assert offer.name == "Mine"
    document = offer.open()
    assert document.modified
    assert [node.layer for node in document.graph.nodes.values()] == ["relu"]
    offer.discard()
    assert recovery.found() == ()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only where the system tells when a process began")
def test_work_is_offered_although_its_process_number_lives_on(home: Path) -> None:
    code = (
        "import sys; from netbuilder.app.recovery import Autosave; from netbuilder.core.document import *;"
        "from netbuilder.core.edits import *; d = Document(Project('Mine')); a = Autosave(d);"
        "d.apply(add_node(new_node(d.graph, 'relu')), 'Add'); a.wait_written(); print('written', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=os.environ, stdin=-1, stdout=-1, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "written\n"
        assert recovery.found() == ()
        (note,) = (home / "recovery").glob("*.json")
        told = note.read_text()
        note.write_text(json.dumps({**json.loads(told), "born": "1"}))
        assert [each.name for each in recovery.found()] == ["Mine"], "another process has the number now"
        note.write_text(told)
        other.kill()
        other.stdout.read()
        os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
        assert [each.name for each in recovery.found()] == ["Mine"], "killed, though nobody has asked how it ended"


def test_uncaught_exceptions_reach_the_log_and_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    heard: list[str] = []
    path = crash.start_log(tmp_path)
    assert path is not None
    crash.install(heard.append)
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    assert "ZeroDivisionError" in path.read_text()
    assert "Your work is still here" in heard[0]
    assert crash.sentence(NetbuilderError("Mine.")) == "Mine."
    for handler in list(logging.getLogger("netbuilder").handlers):
        logging.getLogger("netbuilder").removeHandler(handler)
        handler.close()
