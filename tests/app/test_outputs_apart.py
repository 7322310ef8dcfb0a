"""A network with several outputs: what each has lost is kept in the run, told in the terminal and by an evaluation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netbuilder.__main__ import main
from netbuilder.app.models import score
from netbuilder.app.scripting import train
from netbuilder.core.build import Builder
from netbuilder.core.document import Project
from netbuilder.core.files import save


@pytest.fixture
def two_heads(project: Project) -> Project:
    """A main answer and one beside it that counts less, on points in the plane."""
    build = Builder()
    hidden = build.add("tanh", build.add("linear", build.add("input", shape=(2,)), out_features=8))
    for name, weight in (("main", 1.0), ("aside", 0.3)):
        build.add("output", build.add("linear", hidden, out_features=2), name=name, loss_weight=weight)
    return Project("Two heads", build.graph(), project.training, project.data)


def test_a_run_keeps_what_every_output_has_lost(two_heads: Project, tmp_path: Path) -> None:
    run = train(two_heads, out=tmp_path / "run")
    epochs = run.history().epochs
    assert [[own.name for own in epoch.outputs] for epoch in epochs] == [["main", "aside"]] * 3
    for epoch in epochs:
        main_, aside = epoch.outputs
        assert epoch.train_loss == pytest.approx(main_.train_loss + 0.3 * aside.train_loss, rel=1e-5)
    told = run.summary["outputs"]
    assert told[1]["validation_loss"] == epochs[-1].outputs[1].validation_loss
    found = score(run, "validation", "last")
    assert [own.loss for own in found.outputs] == pytest.approx([own["validation_loss"] for own in told], rel=1e-4)


def test_the_terminal_tells_of_every_output(two_heads: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(two_heads, tmp_path / "net.netb")
    assert main(["train", str(tmp_path / "net.netb"), "--epochs", "1", "--out", str(tmp_path / "run"), "--json"]) == 0
    out, err = capsys.readouterr()
    assert [own["name"] for own in json.loads(out)["outputs"]] == ["main", "aside"]
    assert "  aside: train loss " in err
    assert main(["evaluate", str(tmp_path / "run"), "--json"]) == 0
    assert [own["name"] for own in json.loads(capsys.readouterr().out)["outputs"]] == ["main", "aside"]


def test_a_record_of_an_older_version_has_no_outputs(project: Project, tmp_path: Path) -> None:
    import sqlite3

    run = train(project, out=tmp_path / "run", epochs=1)
    with sqlite3.connect(run.metrics) as base:
        base.execute("drop table outputs")
    assert run.history().epochs[0].outputs == ()
    assert run.summary["outputs"] == []
