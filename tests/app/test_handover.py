"""An exported network can be used on plain pictures by what the file itself says about its inputs and scores."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open

import netbuilder as nb
from netbuilder.app.models import score
from netbuilder.app.runs import Run
from netbuilder.data.handover import properties, sentences
from netbuilder.exchange.export import export


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("handover")
    random = np.random.default_rng(0)
    labels = random.integers(0, 2, 240)
    pictures = random.integers(0, 120, (240, 3, 6, 6), dtype=np.uint8)
    pictures[labels == 1, 1, 2:4] += 100
    np.savez(folder / "marks.npz", x=pictures, y=labels)
    graph = nb.chain([("input", {"shape": (3, 6, 6)}), "flatten", ("linear", {"out_features": 2}), "output"])
    return nb.train(graph, data=str(folder / "marks.npz"), epochs=4, batch_size=16, device="cpu", out=folder / "run")


def test_weights_with_their_metadata_give_the_accuracy_of_the_run_on_stored_pictures(run: Run, tmp_path: Path) -> None:
    export(run, tmp_path / "network.safetensors", verify=False)
    with safe_open(tmp_path / "network.safetensors", "pt") as file:
        about, weights = file.metadata(), {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    (told,) = json.loads(about["inputs"])
    stored = np.load(run.project.data["source"]["file"])
    mean, std = (torch.tensor(told[name]).view(-1, 1, 1) for name in ("mean", "std"))
    x = (torch.tensor(stored["x"]) * told["scale"] - mean) / std
    (bias,), (matrix,) = ([w for w in weights.values() if w.dim() == axes] for axes in (1, 2))
    scores = x.flatten(1) @ matrix.T + bias
    right = (scores.argmax(1).numpy() == stored["y"]).mean()
    whole = [score(run, part) for part in ("train", "validation", "test")]
    assert right == pytest.approx(sum(m.accuracy * m.count for m in whole) / sum(m.count for m in whole))
    assert right > 0.9
    assert json.loads(about["classes"]) == ["0", "1"]


def test_source_and_report_say_it_in_words(run: Run, tmp_path: Path) -> None:
    report = export(run, tmp_path / "network.py", verify=False)
    assert report.handover[0].startswith("It was trained on inputs (x / 255 − mean) / deviation, for x from 0 to 255, channel by channel")
    assert report.handover[1] == "Its scores stand for, in this order: 0, 1."
    head = (tmp_path / "network.py").read_text("utf-8").split('"""')[1]
    assert " ".join(head.split()).endswith(" ".join(report.handover))
    assert "".join(report.handover) not in nb.source(run.project.graph)


def test_what_a_class_is_called_cannot_leave_the_docstring(tmp_path: Path) -> None:
    graph = nb.chain([("input", {"shape": (4,)}), ("linear", {"out_features": 2}), "output"])
    facts = {"inputs": [None], "classes": ['"""\nimport os', "\\"]}
    export(graph, tmp_path / "network.py", handover=facts)
    assert compile((tmp_path / "network.py").read_text("utf-8"), "network", "exec").co_names.count("os") == 0


def test_plain_numbers_are_taken_as_they_are() -> None:
    plain = {"scale": 1.0, "mean": [0.0], "std": [1.0]}
    assert sentences({"inputs": [plain]}) == ["It was trained on inputs x as they are."]
    assert sentences({}) == []
    assert properties(None) == {}
