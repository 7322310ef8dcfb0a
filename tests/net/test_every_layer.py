"""Every declared layer in a network: compiled, written as source, exported, all of them equal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from examples import NAMES, around

from netbuilder.core.graph import Graph
from netbuilder.exchange.declare import ExportError
from netbuilder.exchange.export import export
from netbuilder.net.analysis import analyze
from netbuilder.net.compiler import compile_graph
from netbuilder.net.source import source

DRAWN = {"fractionalmaxpool2d", "fractionalmaxpool3d"}
"""Layers that draw at random even after training: no two calls agree."""

PLACES = {"maxunpool1d", "maxunpool2d", "maxunpool3d"}
"""Layers that take places from elsewhere, which random numbers hardly ever are."""


def samples(graph: Graph) -> list[torch.Tensor]:
    """Two samples for every input; whole numbers are all 1."""
    generator = torch.Generator().manual_seed(3)
    found = []
    for node in graph.nodes.values():
        if node.layer == "input":
            sizes = (2, *node.settings["shape"])
            whole = node.settings["dtype"] == "int64"
            found.append(torch.ones(sizes, dtype=torch.int64) if whole else torch.rand(sizes, generator=generator) + 0.1)
    return found


def results(module: Any, inputs: list[torch.Tensor]) -> tuple[torch.Tensor, ...]:
    torch.manual_seed(1)
    with torch.no_grad():
        found = module.eval()(*inputs)
    return found if isinstance(found, tuple) else (found,)


@pytest.mark.parametrize("name", NAMES)
def test_written_source_computes_the_same(name: str) -> None:
    graph = around(name)
    module = compile_graph(graph, seed=5)
    space: dict[str, Any] = {"__name__": "written"}
    exec(compile(source(graph), "network.py", "exec"), space)
    written = space["Network"]()
    written.load_state_dict(module.state_dict())
    inputs = samples(graph)
    ours, theirs = results(module, inputs), results(written, inputs)
    assert all(torch.equal(a, b) for a, b in zip(ours, theirs, strict=True))
    answer = next(known for known in analyze(graph).nodes.values() if graph.nodes[known.id].name == "layer")
    assert [tuple(value.shape[1:]) for value in ours] == [spec.shape[1:] for spec in answer.outputs]
    assert [str(value.dtype) for value in ours] == [f"torch.{spec.dtype}" for spec in answer.outputs]


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if name not in DRAWN | PLACES])
def test_onnx_computes_the_same(name: str, tmp_path: Path) -> None:
    assert export(around(name), tmp_path / "network.onnx").max_difference is not None


def test_an_export_whose_sample_inputs_do_not_fit_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="sample inputs"):
        export(around("maxunpool2d"), tmp_path / "network.safetensors")
    assert list(tmp_path.iterdir()) == []
