"""From a graph to a `torch.nn.Module` that computes it."""

from __future__ import annotations

import operator
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial, reduce
from typing import TYPE_CHECKING, Any

from netbuilder.core import format as words
from netbuilder.core.graph import Graph, Node
from netbuilder.layers.declare import Function, Item, Method, Module, Operator, Target
from netbuilder.net.memory import physical_memory
from netbuilder.net.model import Model
from netbuilder.net.plan import CompileError, Plan, Step, plan
from netbuilder.net.targets import resolve

if TYPE_CHECKING:
    from torch import nn

    from netbuilder.net.compiled import CompiledModule

BYTES_PER_WEIGHT = 4
OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "@": operator.matmul}


def compile_graph(graph: Graph | Model, seed: int = 0) -> CompiledModule:
    """The network as a module on the CPU, children named like its nodes, weights drawn from `seed` or those of a model.

    Each layer's weights depend on the seed and its node id alone, so an edit elsewhere leaves them as they were.
    Raises `CompileError` with the first problem of the graph, or when its weights cannot fit into memory.
    """
    if isinstance(graph, Model):
        return graph.module()
    layout = plan(graph)
    _guard(layout)
    with _undisturbed():
        return _module(layout, f"{seed}")


def _guard(layout: Plan) -> None:
    needed = BYTES_PER_WEIGHT * layout.analysis.parameters
    if needed <= physical_memory():
        return
    largest = max(layout.analysis.nodes.values(), key=lambda known: known.parameters)
    name = layout.graph.nodes[largest.id].name
    raise CompileError(
        f"This network needs {words.size(needed)} for its weights, more than the {words.size(physical_memory())} of this computer. "
        f"Most of it, {words.compact(largest.parameters)} parameters, is in “{name}”.",
        place=largest.id,
        remedy="Make that layer smaller.",
    )


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Leave torch's random state as it was found."""
    import torch

    state = torch.get_rng_state()
    try:
        yield
    finally:
        torch.set_rng_state(state)


def _module(layout: Plan, seed: str) -> CompiledModule:
    from netbuilder.net.compiled import Call, CompiledModule

    slots = {node.id: number for number, node in enumerate(layout.inputs)}
    children: dict[str, nn.Module] = {}
    calls = []
    for number, step in enumerate(layout.steps):
        slots[step.node.id] = slot = len(layout.inputs) + number
        child = _child(step, f"{seed}/{step.node.id}")
        if child is not None:
            children[step.node.name] = child
        arguments = tuple((slots[ref.node], ref.part) for ref in step.arguments)
        calls.append(Call(step.node.name if child is not None else None, _function(step.target), arguments, slot, step.live))
        calls += [calls[-1]._replace(arguments=_results(step, slot))] * (step.node.repeat - 1 if step.shared else 0)
    outputs = tuple((slots[ref.node], ref.part) for ref in layout.outputs)
    for id_, ref in layout.aliases.items():
        slots[id_] = slots[ref.node]
    aliases = {id_: ref.part for id_, ref in layout.aliases.items()}
    names = {node.id: node.name for node in layout.graph.nodes.values()}
    return CompiledModule(children, tuple(calls), outputs, names, slots, aliases, len(layout.inputs), layout.graph)


def _results(step: Step, slot: int) -> tuple[tuple[int, int | None], ...]:
    """Everything that a step has put into its slot, as the arguments of its next repeat."""
    return tuple((slot, part) for part in range(len(step.outputs))) if len(step.outputs) > 1 else ((slot, None),)


def _child(step: Step, seed: str) -> nn.Module | None:
    from netbuilder.net.compiled import Repeated

    if step.target is None:
        parts = [_module(part, f"{seed}/{number}") for number, part in enumerate(step.parts)]
        return parts[0] if step.node.repeat == 1 or step.shared else Repeated(parts)
    return _layer(step.node, step.target, seed) if isinstance(step.target, Module) else None


def _layer(node: Node, target: Module, seed: str) -> nn.Module:
    import torch

    torch.default_generator.manual_seed(zlib.crc32(seed.encode()))
    try:
        module: nn.Module = resolve(target.path)(**target.arguments)
    except (RuntimeError, TypeError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise CompileError(f"torch refuses to make “{node.name}”: {reason}", place=node.id) from error
    return module


def _function(target: Target | None) -> Any:
    """The function that a step without a module calls; for a module with several results, the number of the one to take."""
    if isinstance(target, Operator):
        return partial(reduce, OPERATORS[target.symbol])
    if isinstance(target, Function):
        function = partial(resolve(target.path), *target.leading, **target.arguments)
        return function if target.packed else partial(_unpacked, function)
    if isinstance(target, Method):
        return partial(_method, target.name, target.values)
    if isinstance(target, Item):
        return partial(_item, tuple(list(place) if isinstance(place, tuple) else place for place in target.index))
    return target.pick if isinstance(target, Module) else None


def _unpacked(function: Any, values: list[Any]) -> Any:
    return function(*values)


def _method(name: str, arguments: tuple[Any, ...], values: list[Any]) -> Any:
    return getattr(values[0], name)(*arguments)


def _item(index: tuple[Any, ...], values: list[Any]) -> Any:
    return values[0][index]
