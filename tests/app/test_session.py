"""A session: analysis, data, looking inside."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from netbuilder.app import scripting
from netbuilder.app.session import Session
from netbuilder.core.document import Document, Project
from netbuilder.core.edits import move, set_setting
from netbuilder.core.errors import NetbuilderError
from netbuilder.net.passing import Passing

WAIT = 30.0


def test_analysis_follows_structure_and_ignores_positions(project: Project) -> None:
    session = Session(Document(project))
    heard: list[object] = []
    session.analysed.connect(heard.append)
    node = next(node for node in project.graph.nodes.values() if node.layer == "linear")
    session.document.apply(move({node.id: (5.0, 5.0)}), "Move")
    assert not heard
    session.document.apply(set_setting(node.id, "out_features", 16), "Widen")
    assert heard == [session.analysis]
    assert session.analysis.parameters == 16 * 3 + 2 * 17
    session.close()


def test_data_loads_in_a_thread_and_goes_stale_with_its_settings(project: Project) -> None:
    session = Session(Document(project))
    ready = threading.Event()
    session.data_changed.connect(lambda: ready.set() if session.data_state == "ready" else None)
    assert session.dataset() is None
    session.load_data()
    assert ready.wait(WAIT)
    assert session.dataset() is not None
    session.document.configure(data={"source": {"name": "points", "n": 100}})
    assert session.dataset() is None
    assert session.data_state == "none"
    session.close()


def test_data_that_cannot_be_loaded_is_explained(project: Project) -> None:
    session = Session(Document(Project("p", project.graph, {}, {"source": {"name": "idx", "folder": "/nowhere"}})))
    failed = threading.Event()
    session.data_changed.connect(lambda: failed.set() if session.data_state == "failed" else None)
    session.load_data()
    assert failed.wait(WAIT)
    assert "There is no folder" in session.data_error
    session.close()


def test_looking_inside_before_during_and_after(project: Project, tmp_path: Path) -> None:
    session = Session(Document(project))
    hidden, last = [node.id for node in project.graph.nodes.values() if node.layer == "linear"]
    before = session.probe(0, [hidden, last]).result(WAIT)
    assert before[hidden].shape == (8,)
    session.runner.start()
    assert session.runner.join(WAIT)
    after = session.probe(0, [hidden, last]).result(WAIT)
    assert not np.allclose(before[last], after[last])
    assert np.allclose(session.probe(0, [last], Passing(training=True)).result(WAIT)[last], after[last], atol=1e-6)
    own = session.probe(np.zeros(2, np.float32), [last]).result(WAIT)
    assert own[last].shape == (2,)
    with pytest.raises(NetbuilderError, match="shape"):
        session.probe(np.zeros(3, np.float32), [last]).result(WAIT)
    run = scripting.train(project, out=tmp_path / "other", seed=5, epochs=1)
    session.inspect(run)
    assert not np.allclose(session.probe(0, [last]).result(WAIT)[last], after[last])
    session.inspect(None)
    assert np.allclose(session.probe(0, [last]).result(WAIT)[last], after[last])
    session.close()


def test_the_session_needs_neither_torch_nor_qt() -> None:
    code = "import sys, netbuilder.app.session as s; s.Session(); assert not {'torch', 'PySide6'} & sys.modules.keys()"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2]).returncode == 0


def test_closing_gives_up_loading(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = threading.Event()

    def endless(_settings: object, progress: Callable[[int, int], None]) -> None:
        while True:
            progress(1, 2)
            begun.set()

    monkeypatch.setattr("netbuilder.data.load.load", endless)
    session = Session(Document(project))
    session.load_data()
    assert begun.wait(WAIT)
    session.close()
    assert session.data_state == "failed"
    assert "closed" in session.data_error
