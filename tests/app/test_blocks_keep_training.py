"""A network that was made into blocks, or taken out of them, in the middle of a training goes on as if nothing had happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from netbuilder.app.launch import begin
from netbuilder.app.run_store import RunStore
from netbuilder.app.session_trainings import carried
from netbuilder.app.training import Training
from netbuilder.core.block_definitions import rename_block
from netbuilder.core.blocks import set_repeat
from netbuilder.core.build import Builder
from netbuilder.core.document import Project
from netbuilder.core.edits import Edit, compound, rename
from netbuilder.core.expanding import expand
from netbuilder.core.graph import Block, BlockParameter, Graph
from netbuilder.core.grouping import make_block
from netbuilder.data.dataset import Dataset
from netbuilder.data.load import load
from netbuilder.net.compiler import compile_graph
from netbuilder.net.weights import carry
from netbuilder.train.events import StepsLogged

TRAINING = {"optimizer": {"name": "adam", "learning_rate": 0.05}, "batch_size": 16, "epochs": 4, "device": "cpu", "threads": 1}
DATA = {"source": {"name": "points", "n": 200}}


def layer() -> Block:
    net = Builder()
    at = net.add("linear", net.add("input", name="x"), name="dense", out_features="$width")
    net.add("output", net.add("tanh", net.add("batchnorm1d", at, name="norm"), name="squash"), name="y")
    return net.block("Dense", BlockParameter("width", 6))


def network() -> Graph:
    """A plain layer, a block used once, and one used twice in a row."""
    net = Builder()
    at = net.add("tanh", net.add("linear", net.add("input", shape=(2,)), name="first", out_features=8), name="bend")
    at = net.use(layer(), at, name="once")
    at = net.use(layer(), at, name="often", repeat=2)
    net.add("output", net.add("linear", at, name="last", out_features=2))
    return net.graph()


def into_a_block(graph: Graph) -> Graph:
    return make_block([graph.by_name["first"].id, graph.by_name["bend"].id], "Stem")(graph)


def block_into_a_block(graph: Graph) -> Graph:
    return make_block([graph.by_name["once"].id, graph.by_name["often"].id], "Tower")(graph)


def out_of_blocks(graph: Graph) -> Graph:
    return compound(expand(graph.by_name["once"].id), expand(graph.by_name["often"].id))(graph)


def in_and_out(graph: Graph) -> Graph:
    made = into_a_block(graph)
    return expand(next(node.id for node in made.nodes.values() if node.block == "Stem"))(made)


def renamed(graph: Graph) -> Graph:
    return compound(rename(graph.by_name["often"].id, "twice"), rename_block("Dense", "Thick"))(graph)


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "runs")


@pytest.fixture
def dataset() -> Dataset:
    return load(DATA)


def steps(training: Training, count: int) -> Iterator[object]:
    """Train so many steps; the generator is handed back so that it can go on."""
    training.engine.single_step = True
    events = training.engine.run()
    while count:
        count -= isinstance(next(events), StepsLogged)
    return events


@pytest.mark.parametrize("edit", [into_a_block, block_into_a_block, out_of_blocks, in_and_out, renamed])
def test_training_goes_on_with_what_it_has_learnt(edit: Callable[[Graph], Graph], store: RunStore, dataset: Dataset) -> None:
    project = Project("Points", network(), TRAINING, DATA)
    first = begin(project, dataset, store)
    going = steps(first, 4)
    graph = edit(project.graph)
    position, note = carried(first.engine, graph)
    assert "anew" not in note
    second = begin(Project("Points", graph, TRAINING, DATA), dataset, store, position=position)
    again = steps(second, 3)
    done = 0
    while done < 3:
        done += isinstance(next(going), StepsLogged)
    before, after = (list(training.engine.module.parameters()) for training in (first, second))
    sizes = [tuple(parameter.shape) for parameter in before]
    assert [tuple(parameter.shape) for parameter in after] == sizes
    for one, other in zip(before, after, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-6)
    going.close()  # type: ignore[attr-defined]
    again.close()  # type: ignore[attr-defined]
    first.recorder.close()
    second.recorder.close()


def test_a_third_repeat_starts_anew_beside_two_that_go_on() -> None:
    graph = network()
    more: Edit = set_repeat(graph.by_name["often"].id, 3)
    old, new = compile_graph(graph, 1), compile_graph(more(graph), 2)
    plan = carry(old, new)
    assert plan.partly == ("often",)
    assert "“often” keeps a part" in str(plan)
    before, after = old.state_dict(), new.state_dict()
    for number in range(2):
        assert torch.equal(after[f"often.{number}.dense.weight"], before[f"often.{number}.dense.weight"])
