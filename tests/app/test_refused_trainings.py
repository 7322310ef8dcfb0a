"""A training that cannot work is refused alike by script and session, and leaves no run behind."""

from __future__ import annotations

from pathlib import Path

import pytest

import netbuilder as nb
from netbuilder.app.session import Session
from netbuilder.core.document import Document
from netbuilder.core.edits import remove_nodes
from netbuilder.core.errors import NetbuilderError
from netbuilder.net.results import Analysis, Severity
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
    (problem,) = session.problems()
    assert problem.message == "There is no optimizer called “nonsense”."
    assert problem.node is None
    assert session.hindrance == "One problem keeps this network from training; the Problems tab tells how to mend it."
    session.close()


def test_problems_that_come_with_data_and_recipe_belong_to_their_layers() -> None:
    session = Session(Document(project("lecture-cnn")))
    told: list[Analysis] = []
    session.level.analysed.connect(told.append)
    session.document.configure(data={"source": {"name": "gratings", "size": 6, "channels": 1, "classes": 4, "count": 40}})
    session.level.judge()
    session.require_data(session.document.project.data)
    session.level.judge()
    session.level.judge()
    assert len(told) == 1, "announced when it changes, and only then"
    (end,) = [node for node in session.document.graph.nodes.values() if node.layer == "output"]
    (problem,) = session.level.judged.answers[end.id].problems
    assert problem.message == "The network ends in 10 scores, but “Striped images” has 4 classes: the other 6 are never right."
    assert session.level.analysis.answers[end.id].problems == ()
    session.document.configure(training={"loss": "nll"})
    session.level.judge()
    assert [each.severity for each in told[-1].answers[end.id].problems] == [Severity.ERROR, Severity.WARNING]
    session.close()


def test_what_data_say_of_inputs_is_told_beside_other_errors() -> None:
    session = Session(Document(project("lecture-cnn")))
    (end,) = [node.id for node in session.document.graph.nodes.values() if node.layer == "output"]
    last = session.document.graph.inputs_of[end]["in"].node
    session.document.apply(remove_nodes([last]), "Delete")
    before = len(session.problems())
    session.document.configure(data={"source": {"name": "points", "shape": "moons"}})
    session.require_data(session.document.project.data)
    assert WORDS in session.problems()[0].message
    assert len(session.problems()) == before + 1
    session.close()
