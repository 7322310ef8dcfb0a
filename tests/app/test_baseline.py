"""Baselines as runs: recorded beside networks, trained by the same runner, cancelled like any training."""

from __future__ import annotations

from pathlib import Path

import pytest

from netbuilder.app.baseline import Order, is_baseline, train_baseline
from netbuilder.app.run_store import RunStore
from netbuilder.app.session import Session
from netbuilder.core.document import Document, Project
from netbuilder.core.errors import NetbuilderError


@pytest.mark.parametrize("name", ["nearest-neighbours", "logistic-regression"])
def test_a_baseline_is_a_run(project: Project, name: str) -> None:
    run = train_baseline(Order({"name": name}), project)
    assert [each.folder for each in RunStore().list()] == [run.folder]
    assert is_baseline(run.about)
    summary = run.summary
    assert summary["status"] == "done"
    assert summary["validation_accuracy"] > 0.5
    assert "Test accuracy" in summary["message"]


def test_the_window_trains_a_baseline_whatever_is_on_the_canvas(project: Project) -> None:
    session = Session(Document(Project(data=project.data)))
    session.runner.start(plan=Order())
    assert session.runner.wait_for("finished", timeout=60)
    session.close()
    assert len(session.runs.list()) == 1


def test_a_baseline_may_be_broken_off(project: Project) -> None:
    run = train_baseline(Order({"name": "logistic-regression"}), project, stop=lambda: True)
    assert run.summary["status"] == "stopped"


def test_settings_that_cannot_be_are_refused_and_leave_nothing(project: Project, tmp_path: Path) -> None:
    with pytest.raises(NetbuilderError, match="Neighbours is 0"):
        train_baseline(Order({"name": "nearest-neighbours", "neighbours": 0}), project, out=tmp_path / "run")
    assert not (tmp_path / "run").exists()
