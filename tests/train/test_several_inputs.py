"""Networks with several inputs, fed from the named arrays of an archive."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from netbuilder.core.build import Builder, chain
from netbuilder.core.graph import Graph
from netbuilder.data.errors import DataError
from netbuilder.data.feeder import Feeder
from netbuilder.data.load import load
from netbuilder.net.analysis import analyze
from netbuilder.net.passing import Passing
from netbuilder.train.engine import Engine
from netbuilder.train.evaluation.evaluate import evaluate
from netbuilder.train.events import EpochDone, Started
from netbuilder.train.fitting import misfits
from netbuilder.train.losses import Auto
from tests.train.material import of, recipe


def network() -> Graph:
    build = Builder()
    picture = build.add("flatten", build.add("input", name="picture", shape=(1, 4, 4)))
    table = build.add("input", name="table", shape=(3,))
    build.add("output", build.add("linear", build.add("concat", picture, table), out_features=2))
    return build.graph()


def archive(folder: Path, **changes: object) -> dict[str, object]:
    random = np.random.default_rng(0)
    table = random.normal(5.0, 2.0, (80, 3)).astype(np.float32)
    arrays = {"picture": random.integers(0, 255, (80, 4, 4)).astype(np.uint8), "table": table, "y": (table[:, 0] > 5).astype(np.int64)}
    np.savez(folder / "two.npz", **{**arrays, **changes})
    return {"source": {"name": "npz", "file": str(folder / "two.npz"), "inputs": "picture, table"}, "validation": 10}


def test_both_inputs_are_normalised_and_learned_from(tmp_path: Path):
    data = load(archive(tmp_path))
    assert data.input_shapes == ((1, 4, 4), (3,))
    (picture, table), _ = Feeder(data.train, data.normalisation, 1000).gather(torch.arange(len(data.train)))
    for each in (picture, table):
        assert float(each.mean()) == pytest.approx(0.0, abs=1e-4)
        assert float(each.std()) == pytest.approx(1.0, abs=0.05)
    engine = Engine(network(), data, recipe(epochs=30, optimizer={"name": "adam", "learning_rate": 0.05}))
    events = list(engine.run())
    assert of(Started, events)
    assert of(EpochDone, events)[-1].train_accuracy > 0.95
    assert evaluate(engine.module, data.test, data.normalisation).accuracy > 0.7


def test_several_inputs_may_be_watched_and_run_in_shares(tmp_path: Path):
    from netbuilder.train.preview import feature_maps

    data, graph = load(archive(tmp_path)), network()
    engine = Engine(graph, data, recipe(epochs=1))
    list(engine.run())
    feeder = Feeder(data.test, data.normalisation, 1, shuffle=False)
    maps = feature_maps(engine.module, feeder, 0, frozenset(graph.nodes))
    assert maps[graph.by_name["table"].id].shape == (3,)
    trained = feature_maps(engine.module, feeder, 0, frozenset(graph.nodes), Passing(training=True))
    assert all(np.allclose(maps[node], trained[node], atol=1e-5) for node in maps)


def test_networks_and_data_with_another_number_of_inputs_are_refused(tmp_path: Path):
    two = load(archive(tmp_path))
    single = chain([("input", {"shape": (1, 4, 4)}), "flatten", ("linear", {"out_features": 2}), "output"])
    (problem,) = misfits(analyze(single), two, Auto())
    assert problem.message == "The network has 1 input, but “two” has 2."
    one = load({"source": {**archive(tmp_path)["source"], "inputs": "picture"}})
    (problem,) = misfits(analyze(network()), one, Auto())
    assert problem.message == "The network has 2 inputs, but “two” has one."
    assert misfits(analyze(network()), two, Auto()) == ()


def test_inputs_with_another_number_of_samples_are_refused(tmp_path: Path):
    with pytest.raises(DataError, match="one entry for each of the 80 samples"):
        load(archive(tmp_path, table=np.zeros((7, 3))))
    with pytest.raises(DataError, match="no array “sound”"):
        load({"source": {**archive(tmp_path)["source"], "inputs": "picture, sound"}})
