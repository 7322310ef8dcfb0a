"""Which layer a function or a method of torch is, and with which settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from netbuilder.core.graph import Value
from netbuilder.exchange.importing.modules import ImportFailedError, checked
from netbuilder.layers.declare import find
from netbuilder.net.pasted_source import argument_names, plain

Shape = tuple[int, ...]


class Tensor(NamedTuple):
    """A tensor among the arguments: the key of what gave it, and its shape with the batch."""

    key: Any
    shape: Shape


class Called(NamedTuple):
    """A call in a network: its name, its arguments with `Tensor` for each tensor, and the shape of what it gives."""

    name: str
    arguments: Sequence[Any]
    keywords: Mapping[str, Any]
    shape: Shape


class Made(NamedTuple):
    """A layer in the place of a call, and the keys of what it takes, in the order of its inputs."""

    layer: str
    settings: Mapping[str, Value]
    sources: Sequence[Any]


_SAME = frozenset({"contiguous", "clone", "to", "float", "detach", "identity", "alias"})
_SHAPED = frozenset({"flatten", "view", "reshape", "squeeze", "unsqueeze", "unflatten"})
_TWO = {"add": "add", "iadd": "add", "mul": "multiply", "imul": "multiply", "multiply": "multiply", "sub": "subtract", "isub": "subtract"}
_TWO |= {"subtract": "subtract", "div": "divide", "truediv": "divide", "matmul": "matmul", "bmm": "matmul", "maximum": "maximum"}
_TWO |= {"minimum": "minimum"}
_JOINED = {"cat": "concat", "concat": "concat", "concatenate": "concat", "stack": "stack"}
_NAMES = {"neg": "negate", "pow": "power", "interpolate": "upsample"}
_SILENT = frozenset({"inplace", "training", "_stacklevel", "dtype", "recompute_scale_factor", "antialias", "return_indices"})
_REMEDY = "Write it with a module or a function that the palette has."


@cache
def _names() -> Mapping[int, str]:
    """What torch's functions are called; some do not know it themselves."""
    import operator

    import torch
    from torch.nn import functional

    homes = (operator, torch, functional)
    return {id(found): name for home in homes for name in dir(home) if callable(found := getattr(home, name, None))}


def name_of(function: Callable[..., Any] | str) -> str:
    """The name of a function or of a method."""
    name = function if isinstance(function, str) else _names().get(id(function), getattr(function, "__name__", ""))
    return str(name).strip("_")


def layer_of_call(called: Called, path: str) -> Made:
    """The layer that computes what the call does; raises `ImportFailedError` when there is none."""
    tensors = [each for each in called.arguments if isinstance(each, Tensor)]
    if called.name in _JOINED:
        return _joined(called)
    if called.name in _TWO and len(tensors) == 2 and not called.keywords:
        return Made(_TWO[called.name], {}, [each.key for each in tensors])
    if called.name in _TWO and len(called.arguments) == 2 and len(tensors) == 1:
        return _with_number(called, path)
    if len(tensors) != 1 or not isinstance(called.arguments[0], Tensor):
        raise _unknown(called, path)
    only = tensors[0]
    if called.name in _SAME and called.shape == only.shape:
        return Made("identity", {}, [only.key])
    if called.name in _SHAPED and called.shape[:1] == only.shape[:1]:
        return _shaped(called, only)
    return _by_name(called, only, path)


def _joined(called: Called) -> Made:
    parts = called.arguments[0]
    dim = called.keywords.get("dim", called.arguments[1] if len(called.arguments) > 1 else 0)
    return Made(_JOINED[called.name], {"dim": dim} if dim != 1 else {}, [part.key for part in parts])


def _with_number(called: Called, path: str) -> Made:
    """A tensor and a number under an operation."""
    operation, (first, second) = _TWO[called.name], called.arguments
    swapped = not isinstance(first, Tensor)
    tensor, number = (second, first) if swapped else (first, second)
    if operation not in ("add", "multiply", "subtract", "divide") or called.keywords or not isinstance(number, int | float):
        raise _unknown(called, path)
    if swapped and operation == "divide":
        raise _unknown(called, path)
    return Made(
        "scalar", {"operation": "subtract from" if swapped and operation == "subtract" else operation, "value": number}, [tensor.key]
    )


def _shaped(called: Called, only: Tensor) -> Made:
    """A change of shape by what comes out of it, however it was written."""
    if called.shape == only.shape:
        return Made("identity", {}, [only.key])
    if len(called.shape) == 2 and len(only.shape) > 2:
        return Made("flatten", {}, [only.key])
    return Made("reshape", {"shape": called.shape[1:]}, [only.key])


def _by_name(called: Called, only: Tensor, path: str) -> Made:
    """A function called like a layer, with arguments called like settings."""
    short = called.name.replace("_", "")
    kind = find(_NAMES.get(short, short))
    if kind is None or kind.about.inputs != ("in",) or kind.about.variadic:
        raise _unknown(called, path)
    fields, usual = kind.__struct_encode_fields__, kind.defaults()
    rest = list(called.arguments[1:])
    if called.name == "permute" and rest and isinstance(rest[0], int):
        rest = [tuple(rest)]
    given = {**dict(zip(argument_names(kind.about.title) or fields, rest, strict=False)), **called.keywords}
    settings = {name: _setting(name, value) for name, value in given.items() if name not in _SILENT}
    settings = {name: value for name, value in settings.items() if value is not None or usual.get(name, 0) is None}
    if strange := settings.keys() - set(fields):
        raise ImportFailedError(f"{path}: {called.name} has no setting “{min(strange)}” here.", place=path, remedy=_REMEDY)
    return Made(kind.about.name, checked(kind, settings, path), [only.key])


def _setting(name: str, value: Any) -> Value:
    """Numbers of axes stay as they are; of others one stands for all where they are the same."""
    setting: Value = (tuple(value) if isinstance(value, list) else value) if name in ("dim", "dims") else plain(value)
    return setting


def _unknown(called: Called, path: str) -> ImportFailedError:
    return ImportFailedError(f"{path} calls “{called.name}”, for which there is no layer.", place=path, remedy=_REMEDY)
