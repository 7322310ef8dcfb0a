"""A complexity sweep: all sizes are trained alike, kept as runs, and told apart by the level and the gap of their errors."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from netbuilder.app.models import score
from netbuilder.app.run_store import RunStore
from netbuilder.app.scripting import train_series
from netbuilder.app.series import Figure, Series
from netbuilder.app.session import Session
from netbuilder.app.sweep import Sweep
from netbuilder.app.sweep_results import Point, State, findings, judged
from netbuilder.core.document import Document, Project
from netbuilder.core.errors import NetbuilderError
from netbuilder.net.capacity import Change
from netbuilder.train.events import EpochDone, Event, Warned

WIDTHS = Change("width", (0.25, 1, 4))


def test_every_size_is_trained_alike_and_kept_as_a_run(project: Project, tmp_path: Path) -> None:
    heard: list[Event] = []
    early = replace(project, training={**project.training, "early_stopping": 1})
    series = train_series(early, Sweep(WIDTHS, epochs=2, seeds=2), out=tmp_path / "sweep", on_event=heard.append, seed=7)
    assert [run.about["seed"] for run in series.runs] == [7, 7, 7, 8, 8, 8]
    assert sum(isinstance(event, EpochDone) for event in heard) == 12
    widths = [next(n for n in run.project.graph.nodes.values() if n.layer == "linear").settings["out_features"] for run in series.runs]
    assert widths == [2, 8, 32, 2, 8, 32]
    assert series.runs[3].project.name == "Points · × ¼ · seed 8"
    found = findings(series)
    assert [point.parameters for point in found.points] == [12, 42, 162]
    assert [point.validation.count for point in found.points if point.validation] == [2, 2, 2]
    assert (found.trained, found.count, found.kind) == (6, 6, "error")
    assert found.sentence.startswith("Best: ")


def test_the_training_error_is_that_of_the_finished_network(project: Project, tmp_path: Path) -> None:
    found = findings(train_series(project, Sweep(WIDTHS, epochs=1), out=tmp_path / "sweep"))
    for point in found.points:
        (folder,) = point.runs
        run = next(each for each in Series(tmp_path / "sweep").runs if each.folder == folder)
        assert point.training is not None
        assert point.validation is not None
        assert point.training.mean == pytest.approx(1 - score(run, "train", "last").accuracy)
        assert point.validation.mean == pytest.approx(1 - run.summary["validation_accuracy"])


def test_values_are_judged_by_their_loss(project: Project, tmp_path: Path) -> None:
    graph = project.graph
    end = next(node for node in graph.nodes.values() if node.layer == "output")
    graph = graph.evolve(nodes={**graph.nodes, end.id: replace(end, settings={"task": "values"})})
    found = findings(
        train_series(
            replace(project, graph=graph, data={**project.data, "target": "input"}), Sweep(WIDTHS, epochs=1), out=tmp_path / "sweep"
        )
    )
    assert found.kind == "loss"
    assert found.best is not None


def test_a_sweep_is_one_entry_among_the_runs_with_the_accuracy_of_its_best_size(project: Project) -> None:
    session = Session(Document(project))
    session.runner.start(plan=Sweep(WIDTHS, epochs=2))
    assert session.runner.wait_for("finished", timeout=60)
    session.close()
    (series,) = RunStore().series()
    summary = series.summary
    assert (summary["kind"], summary["trained"], summary["status"]) == ("sweep", 3, "done")
    best = findings(series).accuracy
    assert best is not None
    assert summary["accuracy"]["mean"] == pytest.approx(best.mean)
    notes = [event.message for event in session.runner.inbox.drain() if isinstance(event, Warned)]
    assert any(note.startswith("This is network 2 of 3: × 1, 42 parameters") for note in notes)


def test_a_sweep_that_is_stopped_tells_what_is_known(project: Project, tmp_path: Path) -> None:
    heard: list[Event] = []
    series = train_series(
        project,
        Sweep(WIDTHS, epochs=1),
        out=tmp_path / "sweep",
        on_event=heard.append,
        stop=lambda: sum(isinstance(event, EpochDone) for event in heard) > 1,
    )
    assert findings(series).trained < 3


@pytest.mark.parametrize(
    ("sweep", "words"),
    [
        (Sweep(Change("width", (0, 1))), "cannot be multiplied by 0"),
        (Sweep(epochs=0), "0 epochs"),
        (Sweep(seeds=0), "0 seeds"),
        (Sweep(Change("depth", (1, 2))), "No layer is chosen"),
    ],
)
def test_what_cannot_be_swept_is_refused_and_leaves_nothing(project: Project, tmp_path: Path, sweep: Sweep, words: str) -> None:
    with pytest.raises(NetbuilderError, match=words):
        train_series(project, sweep, out=tmp_path / "sweep")
    assert not (tmp_path / "sweep").exists()


def test_a_sweep_needs_a_validation_part(project: Project, tmp_path: Path) -> None:
    with pytest.raises(NetbuilderError, match="validation part"):
        train_series(replace(project, data={**project.data, "validation": 0.0}), Sweep(), out=tmp_path / "sweep")


def points(*errors: tuple[float, float], deviation: float = 0.0, count: int = 1) -> list[Point]:
    """Sizes 1, 2, 3, … with these training and validation errors."""
    return [
        Point(float(n), f"size {n}", 10**n, 10, "", Figure(train, deviation, count), Figure(validation, deviation, count))
        for n, (train, validation) in enumerate(errors, 1)
    ]


@pytest.mark.parametrize(
    ("errors", "best", "states"),
    [
        (((0.4, 0.41), (0.2, 0.22), (0.05, 0.1), (0.01, 0.1), (0.0, 0.2)), 2, "underfits underfits fits fits overfits"),
        (((0.3, 0.31), (0.1, 0.12)), 1, "underfits fits"),
        (((0.1, 0.12), (0.0, 0.3)), 0, "fits overfits"),
        (((0.1, 0.12), (0.5, 0.5)), 0, "fits underfits"),
        (((0.1, 0.1), (0.1, 0.1)), 0, "fits fits"),
        (((0.146, 0.183), (0.153, 0.15), (0.02, 0.23)), 1, "underfits fits overfits"),
        (((0.1, 0.3), (0.1, 0.1)), 1, "worse fits"),
    ],
)
def test_high_errors_underfit_and_grown_gaps_overfit(errors: tuple[tuple[float, float], ...], best: int, states: str) -> None:
    found = judged(points(*errors), "error", 1000)
    assert found.best == best
    assert [point.state for point in found.points] == states.split()


def test_the_sentence_says_where_it_under_and_overfits_with_figures() -> None:
    found = judged(points((0.4, 0.41), (0.05, 0.1), (0.0, 0.2)), "error", 1000)
    assert found.sentence == (
        "Best: size 2, 100 parameters, validation error 10.0 %, training error 5.0 %. "
        "Size 1 underfits: even the training error is high (40.0 %). "
        "Size 3 overfits: the gap between training and validation has grown (20.0 %)."
    )


def test_the_noise_is_what_seeds_and_samples_say() -> None:
    few = judged(points((0.1, 0.12), (0.1, 0.14)), "error", 50)
    assert [point.state for point in few.points] == ["fits", "fits"]
    many = judged(points((0.1, 0.12), (0.1, 0.14)), "error", 100_000)
    assert many.points[1].state == "overfits"
    spread = judged(points((0.1, 0.12), (0.1, 0.14), deviation=0.05, count=4), "error", 100_000)
    assert spread.noise == pytest.approx(0.05)
    states: list[State] = [point.state for point in spread.points]
    assert states == ["fits", "fits"]
