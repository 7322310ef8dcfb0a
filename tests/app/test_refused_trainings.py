"""A training that cannot work is refused alike by script and session, and leaves no run behind."""

from __future__ import annotations

from pathlib import Path

import pytest

import netbuilder as nb
from netbuilder.app.session import Session
from netbuilder.core.document import Document
from netbuilder.core.errors import NetbuilderError
from netbuilder.templates import project

WORDS = "expects samples of 1×6×6, but those of “Points: moons” are 2"


def test_a_script_is_refused_before_a_run_is_made(tmp_path: Path) -> None:
    with pytest.raises(NetbuilderError, match=WORDS):
        nb.train(project("lecture-cnn"), {"source": {"name": "points", "shape": "moons"}}, out=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_session_tells_once_its_data_are_loaded() -> None:
    session = Session(Document(project("lecture-cnn")))
    session.document.configure(data={"source": {"name": "points", "shape": "moons"}})
    assert session.problems() == ()
    session.require_data(session.document.project.data)
    assert WORDS in session.problems()[0].message
    session.document.configure(training={"optimizer": {"name": "nonsense"}})
    assert session.problems() == ()
    session.close()
