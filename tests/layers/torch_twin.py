"""What torch itself makes of a layer: built and run on the meta device, where tensors have shapes but no numbers."""

from __future__ import annotations

import importlib
import operator
from dataclasses import dataclass
from functools import reduce

import torch

from netbuilder.layers.declare import Function, Item, Method, Module, Operator, Target, TensorSpec

OPERATORS = {"+": operator.add, "*": operator.mul, "-": operator.sub, "/": operator.truediv, "@": operator.matmul}


@dataclass
class Twin:
    """The shapes (batch as given), dtypes and parameter count of the real thing, and the module if there is one."""

    shapes: tuple[tuple[int, ...], ...]
    dtypes: tuple[str, ...]
    parameters: int
    module: torch.nn.Module | None = None


def named(path: str) -> object:
    """The torch object at a dotted path."""
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)


def tensors(inputs: tuple[TensorSpec, ...], batch: int, device: str = "meta") -> list[torch.Tensor]:
    """Tensors of these shapes with this batch."""
    return [torch.zeros((batch, *spec.shape[1:]), dtype=getattr(torch, spec.dtype), device=device) for spec in inputs]


def build(target: Target, device: str = "meta") -> torch.nn.Module | None:
    """The module of a target that has one."""
    if not isinstance(target, Module):
        return None
    with torch.device(device):
        return named(target.path)(**target.arguments)


def call(target: Target, module: torch.nn.Module | None, given: list[torch.Tensor]) -> object:
    """Run a target on tensors."""
    if isinstance(target, Module):
        assert module is not None
        result = module(*given)
        return result if target.pick is None else result[target.pick]
    if isinstance(target, Function):
        operands = [given] if target.packed else given
        return named(target.path)(*target.leading, *operands, **target.arguments)
    if isinstance(target, Method):
        return getattr(given[0], target.name)(*target.values)
    if isinstance(target, Item):
        return given[0][tuple(list(place) if isinstance(place, tuple) else place for place in target.index)]
    if isinstance(target, Operator):
        return reduce(OPERATORS[target.symbol], given)
    return given[0]


def twin(target: Target, inputs: tuple[TensorSpec, ...], batch: int = 3, device: str = "meta") -> Twin:
    """Build and run; raises whatever torch raises."""
    module = build(target, device)
    result = call(target, module, tensors(inputs, batch, device))
    results = result if isinstance(result, tuple) else (result,)
    parameters = sum(p.numel() for p in module.parameters()) if module is not None else 0
    return Twin(tuple(tuple(r.shape) for r in results), tuple(str(r.dtype).removeprefix("torch.") for r in results), parameters, module)
