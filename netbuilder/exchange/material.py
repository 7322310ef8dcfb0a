"""What an export starts from: a graph, a document, a module or a run becomes a module with weights and sample inputs."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from netbuilder.core.graph import Graph
from netbuilder.exchange.declare import ExportError, Job
from netbuilder.net.analysis import analyze
from netbuilder.net.blocks import input_nodes, output_nodes
from netbuilder.net.results import Analysis

if TYPE_CHECKING:
    from netbuilder.net.compiled import CompiledModule

Weights = Mapping[str, Any] | str | Path
SAMPLES = 3
"""Batch of the sample inputs: neither 1, which exporters take for a constant, nor a size that occurs elsewhere."""


def gather(what: Any, weights: Weights | None, target: Path, handover: Mapping[str, Any] | None = None) -> Job:
    """Everything that a format needs; the given module is copied, never changed. Raises `ExportError` or `CompileError`."""
    graph, module = _network(what)
    if weights is not None:
        _load(module, _state(weights), target)
    module = module.cpu().float().eval()
    analysis = analyze(graph)
    return Job(
        graph=graph,
        module=module,
        inputs=_samples(graph, analysis),
        input_names=tuple(node.name for node in input_nodes(graph)),
        output_names=tuple(node.name for node in output_nodes(graph)),
        class_name=_class_name(target.stem),
        title=str(getattr(getattr(what, "project", what), "name", "") or target.stem),
        handover=handover or getattr(what, "handover", None) or {},
    )


def _network(what: Any) -> tuple[Graph, CompiledModule]:
    from netbuilder.net.compiled import CompiledModule, graph_of
    from netbuilder.net.compiler import compile_graph

    if isinstance(what, CompiledModule):
        return graph_of(what), copy.deepcopy(what)
    if callable(getattr(what, "model", None)):
        module = what.model()
        return graph_of(module), module
    graph = what if isinstance(what, Graph) else getattr(what, "graph", None)
    if not isinstance(graph, Graph):
        raise ExportError(f"A {type(what).__name__} cannot be exported.", remedy="Give a graph, a document, a compiled network or a run.")
    return graph, compile_graph(graph)


def _state(weights: Weights) -> Mapping[str, Any]:
    if isinstance(weights, Mapping):
        return weights
    file = Path(weights)
    if file.is_dir():
        file = file / "model.safetensors"
    try:
        from safetensors.torch import load

        return dict(load(file.read_bytes()))
    except OSError as error:
        raise ExportError(f"The weights “{file}” cannot be read: {error.strerror or error}.", place=str(file)) from error
    except Exception as error:
        raise ExportError(f"“{file}” is not a safetensors file: {error}.", place=str(file)) from error


def _load(module: CompiledModule, state: Mapping[str, Any], target: Path) -> None:
    import torch

    try:
        module.load_state_dict({name: torch.as_tensor(value) for name, value in state.items()})
    except RuntimeError as error:
        detail = str(error).splitlines()[-1].strip()
        raise ExportError(f"The weights do not belong to this network: {detail}", place=str(target)) from error


def _samples(graph: Graph, analysis: Analysis) -> tuple[NDArray[np.generic], ...]:
    """Fixed random inputs: standard normal numbers, or whole numbers that every embedding knows."""
    generator = np.random.default_rng(0)
    rows = [getattr(known.layer, "num_embeddings", 2**31) for known in analysis.nodes.values()]
    limit = min(rows, default=2**31)
    samples: list[NDArray[np.generic]] = []
    for node in input_nodes(graph):
        shape, dtype = analysis.nodes[node.id].outputs[0]
        sizes = (SAMPLES, *(size or 1 for size in shape[1:]))
        if dtype == "int64":
            samples.append(generator.integers(0, min(limit, 1000), sizes, dtype=np.int64))
        else:
            samples.append(generator.standard_normal(sizes, dtype=np.float32))
    return tuple(samples)


def _class_name(stem: str) -> str:
    words = re.findall(r"[A-Za-z0-9]+", stem)
    name = "".join(word[:1].upper() + word[1:] for word in words)
    return name if name[:1].isalpha() and name not in ("F", "Tensor") else "Network"
