"""Cross-validation and ensembles: trained one after another, kept together, told as mean and deviation."""

from __future__ import annotations

from pathlib import Path
from statistics import fmean, stdev

import numpy as np
import pytest
from msgspec.structs import replace

from netbuilder.app.models import score, score_together
from netbuilder.app.run_store import RunStore
from netbuilder.app.scripting import train_series
from netbuilder.app.series import Series, figure
from netbuilder.app.series_plan import Plan
from netbuilder.app.session import Session
from netbuilder.core.document import Document, Project
from netbuilder.core.errors import NetbuilderError
from netbuilder.data.load import load
from netbuilder.train.events import Event, Started, Warned


def test_folds_are_trained_on_different_samples_and_told_together(project: Project, tmp_path: Path) -> None:
    heard: list[Event] = []
    series = train_series(project, Plan("folds", 3), out=tmp_path / "series", on_event=heard.append)
    assert [run.folder.name for run in series.runs] == ["fold-1", "fold-2", "fold-3"]
    assert sum(isinstance(event, Started) for event in heard) == 3
    accuracies = [run.summary["best_validation_accuracy"] for run in series.runs]
    summary = series.summary
    assert summary["accuracy"]["mean"] == pytest.approx(fmean(accuracies))
    assert summary["accuracy"]["deviation"] == pytest.approx(stdev(accuracies))
    assert (summary["status"], summary["trained"], summary["count"]) == ("done", 3, 3)
    held = [load(run.project.data).validation.index for run in series.runs]
    assert len(set(np.concatenate(held))) == sum(map(len, held))
    assert score(series.runs[1], "validation").accuracy == pytest.approx(accuracies[1], abs=1e-6)


def test_members_of_an_ensemble_differ_in_their_seed_and_answer_together(project: Project, tmp_path: Path) -> None:
    series = train_series(project, Plan("ensemble", 3), out=tmp_path / "series", seed=7)
    assert [run.about["seed"] for run in series.runs] == [7, 8, 9]
    whole, alone = score_together(series)
    assert len(alone) == 3
    assert min(each.accuracy for each in alone) <= whole.accuracy <= 1  # type: ignore[type-var, operator]
    assert whole.loss <= fmean(each.loss for each in alone) + 1e-9
    assert alone[0].loss == pytest.approx(score(series.runs[0]).loss, rel=1e-4)


def test_a_series_may_end_between_two_trainings(project: Project, tmp_path: Path) -> None:
    heard: list[Event] = []
    series = train_series(
        project,
        Plan("folds", 4),
        out=tmp_path / "series",
        on_event=heard.append,
        stop=lambda: sum(isinstance(e, Started) for e in heard) > 1,
    )
    assert len(series.runs) == 2
    assert series.summary["trained"] == 2
    assert series.summary["status"] == "stopped"


def test_series_are_listed_apart_from_runs(project: Project) -> None:
    series = train_series(project, Plan("ensemble", 2), epochs=1)
    store = RunStore()
    assert store.list() == ()
    assert [each.folder for each in store.series()] == [series.folder]
    series.rename("Two of a kind")
    assert Series(series.folder).summary["name"] == "Two of a kind"
    series.delete()
    assert store.series() == ()


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (Plan("folds", 1), "1 folds"),
        (Plan("ensemble", 1), "1 members"),
        (Plan("folds", 1000), "need as many samples"),
        (Plan("folds", 3, grouped=True), "to which group"),
    ],
)
def test_plans_that_cannot_be_are_refused_and_leave_nothing(project: Project, tmp_path: Path, plan: Plan, words: str) -> None:
    with pytest.raises(NetbuilderError, match=words):
        train_series(project, plan, out=tmp_path / "series")
    assert not (tmp_path / "series").exists()


def test_what_cannot_be_trained_leaves_no_series(project: Project, tmp_path: Path) -> None:
    broken = replace(project, data={"source": {"name": "points", "n": 200}, "target": "input"})
    with pytest.raises(NetbuilderError):
        train_series(replace(broken, training={**project.training, "loss": "cross-entropy"}), Plan("ensemble", 2), out=tmp_path / "series")
    assert not (tmp_path / "series").exists()


def test_a_mean_of_one_has_no_deviation() -> None:
    assert str(figure([0.5])) == "0.5000 ± 0.0000"
    assert str(figure([0.5, None, 0.7])) == "0.6000 ± 0.1414"
    assert figure([None]) is None


def test_the_window_trains_a_series_in_one_go(project: Project) -> None:
    session = Session(Document(project))
    session.runner.start(plan=Plan("folds", 3))
    assert session.runner.wait_for("finished", timeout=60)
    session.close()
    (series,) = session.runs.series()
    assert series.summary["trained"] == 3
    notes = [event.message for event in session.runner.inbox.drain() if isinstance(event, Warned)]
    assert "This is fold 2 of 3." in notes


def test_a_series_that_is_stopped_begins_no_other_training(project: Project) -> None:
    session = Session(Document(replace(project, training={**project.training, "epochs": 2_000})))
    session.runner.start(plan=Plan("ensemble", 3))
    session.runner.stop_after_epoch()
    assert session.runner.wait_for("finished", timeout=60)
    session.close()
    (series,) = session.runs.series()
    assert len(series.runs) == 1
