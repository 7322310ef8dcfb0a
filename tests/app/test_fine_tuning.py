"""Transfer learning from a script and in the terminal: weights of another task, a frozen body, a head of another size."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

import netbuilder as nb
from netbuilder.app.fine_tuning import fitted, known
from netbuilder.app.runs import Run
from netbuilder.cli.main import main
from netbuilder.core.document import Project
from netbuilder.core.edits import set_training
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Graph
from netbuilder.templates.declare import find
from netbuilder.train.transfer import freeze_all_but, head_layers, new_head

SMALL = {"width": 25, "image_size": 16}


@pytest.fixture
def learned(tmp_path: Path) -> Path:
    """Weights of a small residual network for ten classes, with statistics that are not those of a new one."""
    torch.manual_seed(5)
    state = nb.compile(nb.template("resnet20-cifar", classes=10, **SMALL)).state_dict()
    path = tmp_path / "learned.safetensors"
    save_file({name: torch.rand_like(value) * 0.2 + 0.1 if value.is_floating_point() else value for name, value in state.items()}, path)
    return path


def transferred() -> Project:
    """The same network for three classes; only its head learns, with a rate of its own."""
    project = find("resnet20-cifar").project(classes=10, **SMALL)
    graph: Graph = project.graph
    graph = new_head(nb.analyze(graph), 3)(graph)
    head = head_layers(nb.analyze(graph))
    graph = set_training(head, "learning_rate", 2.0)(freeze_all_but(nb.analyze(graph), head)(graph))
    data = {"source": {"name": "gratings", "classes": 3, "size": 16, "channels": 3}, "limit": 60}
    return Project("Transferred", graph, {"epochs": 1, "batch_size": 16, "device": "cpu"}, data)


def unequal(before: dict[str, torch.Tensor], after: dict[str, torch.Tensor]) -> set[str]:
    return {name for name, value in after.items() if name not in before or not torch.equal(before[name], value)}


def test_what_is_frozen_stays_to_the_bit_and_the_head_learns(learned: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file

    project = transferred()
    run = nb.train(project, out=tmp_path / "run", weights=learned)
    state = dict(run.model("last").state_dict())
    assert unequal(load_file(learned), state) == {"fc.weight", "fc.bias"}
    assert state["fc.weight"].shape[0] == 3
    again = nb.train(project, out=tmp_path / "again", weights=run, epochs=1)
    assert unequal(state, dict(again.model("last").state_dict())) == {"fc.weight", "fc.bias"}
    begun, _ = fitted(known(run, project.graph, "last"), project.graph)
    assert not unequal(state, begun)


def test_in_the_terminal(learned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "transferred.netb"
    nb.Document(transferred()).save(file)
    assert main(["train", str(file), "--weights", str(learned), "--out", str(tmp_path / "run"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["epochs_done"] == 1
    kept, _ = fitted(known(learned, transferred().graph), transferred().graph)
    assert unequal(kept, dict(Run(tmp_path / "run").model("last").state_dict())) == {"fc.weight", "fc.bias"}
    assert main(["train", str(file), "--weights", str(learned), "--folds", "3"]) == 1
    assert "begins with weights of its own" in capsys.readouterr().err


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    other = nb.train(nb.template("playground-2d"), data="points", limit=40, epochs=1, out=tmp_path / "other")
    with pytest.raises(NetbuilderError, match="None of these weights fit"):
        nb.train(transferred(), out=tmp_path / "run", weights=other)
    assert not (tmp_path / "run").exists()
