"""The session lists and opens tensors: before, while and after a network learns; for samples and for random numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from netbuilder.app.opening import Feed, Listed
from netbuilder.app.run_store import RunStore
from netbuilder.app.runs import Run
from netbuilder.app.session import Session
from netbuilder.core.document import Document
from netbuilder.core.errors import NetbuilderError
from netbuilder.probe.places import Place
from netbuilder.templates import project


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    whole = project("playground-2d")
    session = Session(Document(whole), runs=RunStore(tmp_path / "runs"))
    yield session
    session.close()


def place(found: Listed, title: str, **more: object) -> Place:
    return next(e.place for e in found.entries if e.title == title and all(getattr(e.place, k) == v for k, v in more.items()))


def test_an_untrained_network_is_opened_without_data(session: Session) -> None:
    found = session.tensors().result(60)
    assert session.data_state == "none"
    assert not found.fits
    assert {entry.place.kind for entry in found.entries} == {"input", "output", "parameter"}
    weight = session.tensor(place(found, "weight"), Feed()).result(60)
    assert weight.taken.axes == ("out", "in")
    values = session.tensor(place(found, "output"), Feed("random", 3, 5)).result(60).taken.values
    assert values.shape == (5, 2)
    again = session.tensor(place(found, "output"), Feed("random", 3, 5)).result(60).taken.values
    assert np.array_equal(values, again)


def test_samples_come_as_stored_and_reach_the_input_normalised(session: Session) -> None:
    dataset = session.require_data(session.project.data)
    found = session.tensors().result(60)
    assert found.fits
    assert found.samples == {"test": len(dataset.test), "validation": len(dataset.validation), "train": len(dataset.train)}
    stored = session.tensor(place(found, "inputs as stored"), Feed("train", 2, 3)).result(60).taken
    assert np.array_equal(stored.values, dataset.train.inputs[2:5])
    targets = session.tensor(place(found, "targets"), Feed("train", 2, 3)).result(60).taken
    assert np.array_equal(targets.values, dataset.train.targets[2:5])
    assert targets.axes == ("batch",)
    scale = dataset.normalisation
    expected = (stored.values * scale.scale - np.float32(scale.mean)) / np.float32(scale.std)
    given = session.tensor(place(found, "output"), Feed("train", 2, 3)).result(60).taken
    assert np.allclose(given.values, expected, atol=1e-6)
    last = session.tensor(place(found, "inputs as stored"), Feed("test", len(dataset.test) - 1, 2)).result(60).taken.values
    assert np.array_equal(last, dataset.test.inputs[[-1, 0]])


def test_samples_of_another_shape_are_refused_with_a_remedy(session: Session) -> None:
    session.document.configure(label="Other", data={"source": {"name": "gratings"}})
    session.require_data(session.project.data)
    found = session.tensors().result(60)
    assert not found.fits
    with pytest.raises(NetbuilderError, match="random numbers"):
        session.tensor(place(found, "output"), Feed()).result(60)


def test_between_two_steps_gradients_and_memory_can_be_opened(session: Session) -> None:
    training = {**session.project.training, "epochs": 200, "optimizer": {"name": "adam", "learning_rate": 0.01}}
    session.document.configure(label="Train", training=training)
    session.runner.start()
    session.runner.wait_for("running", timeout=60)
    session.runner.pause()
    assert session.runner.wait_for("paused", timeout=60)
    session.runner.step()
    assert session.runner.wait_for("paused", timeout=60)
    found = session.tensors().result(60)
    module, optimizer = session.runner.training.engine.module, session.runner.training.engine.optimizer
    name = next(entry for entry in found.entries if entry.state.endswith("weight"))
    gradient = session.tensor(place(found, "gradient of weight", node=name.place.node), Feed()).result(60)
    parameter = module.get_parameter(name.state)
    assert np.array_equal(gradient.taken.values, parameter.grad.numpy())
    memory = session.tensor(place(found, "exp_avg of weight", node=name.place.node), Feed()).result(60)
    assert np.array_equal(memory.taken.values, optimizer.state[parameter]["exp_avg"].numpy())
    assert gradient.seconds < 1
    session.runner.abort()
    session.runner.join()
    after = session.tensor(name.place, Feed()).result(60)
    assert np.array_equal(after.taken.values, parameter.detach().numpy())
    session.inspect(Run(session.runner.folder), "last")
    recorded = session.tensors().result(60)
    assert not any(entry.place.kind == "gradient" for entry in recorded.entries)
    assert np.array_equal(session.tensor(name.place, Feed()).result(60).taken.values, parameter.detach().numpy())
    with pytest.raises(NetbuilderError, match="not in the network"):
        session.tensor(place(found, "exp_avg of weight", node=name.place.node), Feed()).result(60)
