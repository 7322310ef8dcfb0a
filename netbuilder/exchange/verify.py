"""Reload an exported file in a process of its own and compute. Run as a script, it knows nothing of Netbuilder.

`python verify.py FORMAT FILE CASE [HELPER CLASS [WEIGHTS]]`: CASE is an npz with `input0`, … and `output0`, …; HELPER is Python
source with the network's class. Prints one JSON object: `difference` (largest absolute), `scale` (largest expected value).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = list[NDArray[np.generic]]


def _network(source: str, name: str) -> Any:
    import torch

    torch.set_num_threads(1)
    space: dict[str, Any] = {"__name__": "exported"}
    exec(compile(Path(source).read_text(encoding="utf-8"), source, "exec"), space)
    return space[name]().eval()


def _tensors(path: str) -> dict[str, Any]:
    from safetensors.torch import load_file

    return dict(load_file(path))


def _pickled(path: str) -> dict[str, Any]:
    import torch

    return dict(torch.load(path, weights_only=True, map_location="cpu"))


def _torch_outputs(network: Any, inputs: Arrays) -> Arrays:
    import torch

    with torch.no_grad():
        results = network(*(torch.from_numpy(values) for values in inputs))
    return [result.numpy() for result in (results if isinstance(results, tuple | list) else [results])]


def python(file: str, inputs: Arrays, _helper: str, name: str, weights: str) -> Arrays:
    """Execute the source and load the weights given beside it."""
    network = _network(file, name)
    network.load_state_dict(_tensors(weights))
    return _torch_outputs(network, inputs)


def state_dict(file: str, inputs: Arrays, helper: str, name: str, _weights: str) -> Arrays:
    """Build the network from its source and load the weights that torch saved."""
    network = _network(helper, name)
    network.load_state_dict(_pickled(file))
    return _torch_outputs(network, inputs)


def safetensors(file: str, inputs: Arrays, helper: str, name: str, _weights: str) -> Arrays:
    """Build the network from its source and load the safetensors."""
    network = _network(helper, name)
    network.load_state_dict(_tensors(file))
    return _torch_outputs(network, inputs)


def pt2(file: str, inputs: Arrays, *_: str) -> Arrays:
    """Load the exported program."""
    import torch

    return _torch_outputs(torch.export.load(file).module(), inputs)


def onnx(file: str, inputs: Arrays, *_: str) -> Arrays:
    """Run the file in onnxruntime."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    return list(session.run(None, {put.name: values for put, values in zip(session.get_inputs(), inputs, strict=True)}))


LOADERS: dict[str, Callable[..., Arrays]] = {
    "python": python,
    "state-dict": state_dict,
    "safetensors": safetensors,
    "pt2": pt2,
    "onnx": onnx,
}


def compare(format_: str, file: str, case: str, helper: str = "", name: str = "", weights: str = "") -> dict[str, float]:
    """Largest absolute difference to the expected outputs, and the largest expected value."""
    with np.load(case, allow_pickle=False) as arrays:
        inputs = [arrays[f"input{n}"] for n in range(sum(key.startswith("input") for key in arrays.files))]
        expected = [arrays[f"output{n}"] for n in range(sum(key.startswith("output") for key in arrays.files))]
    results = LOADERS[format_](file, inputs, helper, name, weights)
    shapes = [tuple(r.shape) for r in results], [tuple(e.shape) for e in expected]
    if shapes[0] != shapes[1]:
        raise ValueError(f"the outputs have the shapes {shapes[0]} instead of {shapes[1]}")
    difference = max(_apart(r, e) for r, e in zip(results, expected, strict=True))
    return {"difference": difference, "scale": max(float(np.abs(e[np.isfinite(e)]).max(initial=0)) for e in expected)}


def _apart(found: np.ndarray, expected: np.ndarray) -> float:
    """Largest difference; what is no finite number must be the same in both, and something must be finite."""
    finite = np.isfinite(expected)
    if not np.array_equal(found[~finite], expected[~finite], equal_nan=True) or (expected.size and not finite.any()):
        return float("nan")
    return float(np.abs(found[finite] - expected[finite]).max(initial=0))


if __name__ == "__main__":
    try:
        print(json.dumps(compare(*sys.argv[1:])))
    except Exception as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}".splitlines()[0][:300]}))
        sys.exit(1)
