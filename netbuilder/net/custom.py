"""Layers written in Python inside a project, run only after the user's consent to exactly that text.

Consent is given to the SHA-256 of the text, so that any change asks again. Nothing here reads a file or the network;
what the allowed Python itself does is its author's.
"""

from __future__ import annotations

import hashlib
import linecache
import math
from functools import lru_cache
from typing import Any

from netbuilder.layers.custom import PATH, PythonLayer, class_name, not_allowed
from netbuilder.layers.declare import Cost, LayerError, Reach, Shaped, TensorSpec, show
from netbuilder.net.flow import Flow, flow, size_in_bytes

_allowed: set[str] = set()
_all = False


def digest(source: str) -> str:
    """The SHA-256 by which consent to a text is kept."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()


def allow(*digests: str) -> None:
    """From now on these texts may be run in this process."""
    _allowed.update(digests)
    flow.cache_clear()


def allow_all() -> None:
    """From now on any text may be run in this process: what `--allow-python` asks for."""
    global _all
    _all = True
    flow.cache_clear()


def forbid() -> None:
    """Forget every consent."""
    global _all
    _all = False
    _allowed.clear()
    flow.cache_clear()


def is_allowed(source: str) -> bool:
    """Whether this text may be run."""
    return _all or digest(source) in _allowed


def class_of(source: str) -> type[Any]:
    """The class that a text defines; raises `LayerError` without consent and for what is no module."""
    if not is_allowed(source):
        raise not_allowed(class_name(source))
    return _class(source)


def flow_of(layer: PythonLayer, inputs: tuple[TensorSpec, ...]) -> Flow:
    """Shape and weights, found by running the module on torch's meta device, where tensors have no contents."""
    import torch

    kind = class_of(layer.source)
    try:
        with torch.device("meta"), torch.no_grad():
            module = kind().eval()
            given = [torch.empty((2, *(size or 1 for size in spec.shape[1:])), dtype=getattr(torch, spec.dtype)) for spec in inputs]
            result = module(*given)
        parameters = sum(weight.numel() for weight in module.parameters() if weight.requires_grad)
    except Exception as error:
        raise _failed(layer.source, error) from None
    if not isinstance(result, torch.Tensor) or not result.dim() or result.shape[0] != 2:
        raise LayerError(f"“{kind.__name__}” must give one tensor with the samples along its first axis.", setting="source")
    output = TensorSpec((None, *result.shape[1:]), str(result.dtype).removeprefix("torch."))
    shaped = Shaped((output,), lambda: f"{kind.__name__} was run without contents: {show(inputs[0].shape)} → {show(output.shape)}")
    cost = Cost(parameters, 0, (lambda: f"counted in {kind.__name__}: {parameters:,}") if parameters else None)
    return Flow(shaped, cost, Reach(everything=True), size_in_bytes((output,)))


def source_of(path: str) -> str:
    """The text behind a torch target."""
    return path.removeprefix(PATH)


@lru_cache(maxsize=64)
def _class(source: str) -> type[Any]:
    import torch
    from torch import Tensor, nn
    from torch.nn import functional

    name = class_name(source)
    file = f"<layer {name} {digest(source)[:12]}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    names: dict[str, Any] = {"__name__": "netbuilder_python", "torch": torch, "nn": nn, "F": functional, "Tensor": Tensor, "math": math}
    try:
        exec(compile(source, file, "exec"), names)
    except Exception as error:
        raise _failed(source, error) from None
    kind = names.get(name)
    if not (isinstance(kind, type) and issubclass(kind, nn.Module)):
        raise LayerError(f"“{name}” is no nn.Module.", remedy=f"Write class {name}(nn.Module).", setting="source")
    return kind


def _failed(source: str, error: Exception) -> LayerError:
    """What went wrong in the Python of a layer, with its line."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.startswith("<layer "):
            line = trace.tb_lineno
        trace = trace.tb_next
    where = f" in line {line}" if line else ""
    reason = " ".join(str(error).split())[:200] or "no reason given"
    return LayerError(f"The Python of “{class_name(source)}” failed{where}: {type(error).__name__}: {reason}", setting="source")
