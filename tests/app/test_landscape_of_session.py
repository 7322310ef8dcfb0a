"""The landscape of a session's network: before, during and after its training, and of recorded runs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from netbuilder.app import scripting
from netbuilder.app.landscape import Spec, Surveyor
from netbuilder.app.session import Session
from netbuilder.core.document import Document, Project
from netbuilder.core.edits import remove_nodes
from netbuilder.core.errors import NetbuilderError


@pytest.fixture
def session(project: Project) -> Iterator[Session]:
    found = Session(Document(project))
    yield found
    found.close()


@pytest.fixture
def surveyor(session: Session) -> Iterator[Surveyor]:
    found = Surveyor(session)
    yield found
    found.close()


def settled(surveyor: Surveyor):
    surveyor.settle()
    surveyor.join()
    assert surveyor.state == "finished", surveyor.error
    assert surveyor.site is not None
    return surveyor.site


def drawn(surveyor: Surveyor, **spec):
    surveyor.draw(Spec(**{"places": 9, **spec}))
    surveyor.join()
    assert surveyor.state == "finished", surveyor.error
    assert surveyor.site is not None
    assert surveyor.site.chart is not None
    return surveyor.site.chart


def test_fresh_weights_have_a_landscape_and_are_said_to_be_fresh(surveyor: Surveyor) -> None:
    site = settled(surveyor)
    assert "nothing has been trained" in site.origin
    assert not site.trained
    assert site.loss == pytest.approx(math.log(2), rel=0.5)
    chart = drawn(surveyor)
    assert chart.losses[4, 4] == pytest.approx(site.loss, rel=1e-5)
    assert not site.path
    assert site.seconds(Spec(places=9)) == pytest.approx(81 * site.look)
    assert surveyor.ticks()[-1].done == 81


def test_the_way_of_a_training_from_its_beginning(session: Session, surveyor: Surveyor, project: Project) -> None:
    session.document.configure(training={**project.training, "keep_every": 1, "seed": 3, "initialisation": "xavier-normal"})
    session.runner.start()
    session.runner.join()
    site = settled(surveyor)
    assert site.trained
    assert [stop.title.removesuffix(" (best)") for stop in site.stops.values()] == [
        "Before training",
        "After epoch 1",
        "After epoch 2",
        "After epoch 3",
    ]
    assert sum("(best)" in stop.title for stop in site.stops.values()) == 1
    chart = drawn(surveyor, kind="line", axes=1, places=25)
    at = [int(np.abs(chart.x - place).argmin()) for place in (0.0, 1.0)]
    assert chart.losses[0, at[1]] == pytest.approx(site.loss, rel=1e-5)
    assert chart.losses[0, at[0]] > chart.losses[0, at[1]]
    first = site.ground.metrics(site.ground.point(site.stops["start"].load())).loss
    assert chart.losses[0, at[0]] == pytest.approx(first, rel=1e-5)
    drawn(surveyor, kind="path")
    assert [passed.title for passed in site.path] == [stop.title for stop in site.stops.values()]
    assert site.path[-1].place == pytest.approx((0.0, 0.0), abs=1e-4)
    assert site.path[0].left < 0.3
    drawn(surveyor, kind="random", axes=1)
    assert len(site.path) == 4


def test_eigenvectors_are_found_before_they_are_drawn(surveyor: Surveyor) -> None:
    site = settled(surveyor)
    chart = drawn(surveyor, kind="eigen")
    assert site.curvature is not None
    assert f"λ = {site.curvature.top:.3g}" in chart.plane.titles[0]
    surveyor.curve(3)
    surveyor.join()
    assert len(site.curvature.largest) == 3


def test_a_training_in_progress_lends_its_weights_and_goes_on_as_without(session: Session, surveyor: Surveyor, project: Project) -> None:
    alone = scripting.train(project, seed=1, epochs=3).model("last").state_dict()
    session.document.configure(training={**project.training, "seed": 1})
    session.runner.start()
    session.runner.pause()
    assert session.runner.wait_for("paused", timeout=30)
    session.runner.step()
    assert session.runner.wait_for("paused", timeout=30)
    site = settled(surveyor)
    assert "epoch 1" in site.origin
    drawn(surveyor)
    session.runner.resume()
    settled(surveyor)
    session.runner.join()
    trained = session.runner.training.engine.module.state_dict()
    assert all(bool((tensor == trained[name].cpu()).all()) for name, tensor in alone.items())


def test_a_recorded_run_is_drawn_where_it_is_looked_into(session: Session, surveyor: Surveyor, project: Project, tmp_path: Path) -> None:
    run = scripting.train(project, out=tmp_path / "other", epochs=1)
    session.inspect(run, "last")
    site = settled(surveyor)
    assert "“last”" in site.origin
    assert "start" in site.stops
    assert site.trained


def test_stopping_keeps_what_is_drawn(surveyor: Surveyor) -> None:
    site = settled(surveyor)
    surveyor.draw(Spec(places=257))
    while site.chart is None or site.chart.done < 5:
        pass
    with pytest.raises(NetbuilderError, match="being drawn"):
        surveyor.draw(Spec())
    surveyor.close()
    assert surveyor.state == "stopped"
    assert 5 <= site.chart.done < site.chart.total
    assert np.isfinite(site.chart.filled()).any()


def test_what_cannot_be_drawn_is_told(session: Session, surveyor: Surveyor, project: Project) -> None:
    site = settled(surveyor)
    for spec, words in (
        (Spec(reach=0.0), "range of 0"),
        (Spec(kind="path"), "too few"),
        (Spec(kind="line", axes=1), "no weights called"),
    ):
        surveyor.draw(spec)
        surveyor.join()
        assert surveyor.state == "failed"
        assert words in surveyor.error
    assert site.chart is None
    with pytest.raises(NetbuilderError, match="snapshot"):
        Surveyor(session)._known()
    first = next(node.id for node in project.graph.nodes.values() if node.layer == "linear")
    session.document.apply(remove_nodes([first]), "Delete")
    surveyor.settle()
    surveyor.join()
    assert surveyor.state == "failed"
    assert "cannot run" in surveyor.error
    session.document.undo()
    session.document.configure(data={"source": {"name": "idx", "folder": "/nowhere"}})
    surveyor.settle()
    surveyor.join()
    assert "no folder" in surveyor.error


def test_weights_that_left_all_numbers_are_refused(session: Session, surveyor: Surveyor, project: Project) -> None:
    run = scripting.train(replace(project, training={**project.training, "epochs": 1}))
    from netbuilder.train.checkpointing import checkpoints

    folder = run.checkpoint("last")
    known = checkpoints.load(folder)
    checkpoints.save(folder, checkpoints.Checkpoint({name: tensor * math.nan for name, tensor in known.model.items()}, {}, known.state))
    session.inspect(run, "last")
    surveyor.settle()
    surveyor.join()
    assert "diverged" in surveyor.error
