"""The module that a graph compiles to. Imported only together with torch."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from time import perf_counter
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from netbuilder.core.graph import Graph

Argument = tuple[int, int | None]
"""Where a value is: its slot, and its number when the slot holds several."""


class Call(NamedTuple):
    """One step: the child called `module`, or else `function` on the list of values. Its result goes to `slot`.

    With a module, `function` is the number of the result to take, or `None` for all of it.
    """

    module: str | None
    function: Callable[[list[Any]], Any] | int | None
    arguments: tuple[Argument, ...]
    slot: int
    live: bool


class CompiledModule(nn.Module):
    """A network with one child for each layer that has a module, named like its node.

    `node_names` maps node ids to names. The steps are planned once; a call only follows them, so that the module can be
    exported, compiled and captured.
    """

    def __init__(
        self,
        children: Mapping[str, nn.Module],
        calls: tuple[Call, ...],
        outputs: tuple[Argument, ...],
        node_names: Mapping[str, str],
        slots: Mapping[str, int],
        aliases: Mapping[str, int | None],
        inputs: int,
        graph: Graph,
    ) -> None:
        super().__init__()
        for name, child in children.items():
            self.add_module(name, child)
        self.node_names = dict(node_names)
        self._calls = calls
        self._results = outputs
        self._slots = dict(slots)
        self._aliases = dict(aliases)
        self._takes = inputs
        self._graph = graph
        self._steps = _with_last_uses(calls, outputs)

    def forward(self, *inputs: Any) -> Any:
        """Outputs in the order of the output nodes: one tensor, or a tuple of several. Several inputs may come as one tuple."""
        if len(inputs) == 1 and isinstance(inputs[0], tuple):
            inputs = inputs[0]
        values: list[Any] = [*inputs, *[None] * len(self._calls)]
        self._count(inputs)
        for call, done in self._steps:
            values[call.slot] = self._compute(call, values)
            for slot in done:
                values[slot] = None
        results = tuple(_pick(values, argument) for argument in self._results)
        return results[0] if len(results) == 1 else results

    def run(self, inputs: Sequence[Tensor], keep: Collection[str]) -> tuple[Any, dict[str, Any]]:
        """The outputs as `forward` gives them, and the results of the nodes `keep` (ids) on the way."""
        values: list[Any] = [*inputs, *[None] * len(self._calls)]
        self._count(inputs)
        for call in self._calls:
            if call.live or keep:
                values[call.slot] = self._compute(call, values)
        results = tuple(_pick(values, argument) for argument in self._results)
        kept = {id_: _pick(values, (self._slots[id_], self._aliases.get(id_))) for id_ in keep if id_ in self._slots}
        return results[0] if len(results) == 1 else results, kept

    def timed(self, inputs: Sequence[Tensor]) -> dict[str, float]:
        """Seconds that each node (id) takes for these inputs, run one after the other; nodes that compute nothing are left out."""
        values: list[Any] = [*inputs, *[None] * len(self._calls)]
        nodes: dict[int, str] = {}
        for id_, slot in self._slots.items():
            nodes.setdefault(slot, id_)
        on_gpu = any(value.is_cuda for value in inputs)
        seconds: dict[str, float] = {}
        for call in self._calls:
            _wait(on_gpu)
            began = perf_counter()
            values[call.slot] = self._compute(call, values)
            _wait(on_gpu)
            if call.slot in nodes:
                seconds[nodes[call.slot]] = perf_counter() - began
        return seconds

    def _compute(self, call: Call, values: list[Any]) -> Any:
        arguments = [_pick(values, argument) for argument in call.arguments]
        if call.module is None:
            return call.function(arguments)  # type: ignore[operator, misc]
        result = self._modules[call.module](*arguments)  # type: ignore[misc]
        return result if call.function is None else result[call.function]

    def _count(self, inputs: Sequence[Tensor]) -> None:
        if len(inputs) != self._takes:
            raise TypeError(f"this network takes {self._takes} inputs, not {len(inputs)}")


def _wait(on_gpu: bool) -> None:
    """Wait until the GPU has done everything it was given."""
    if on_gpu:
        torch.cuda.synchronize()


def graph_of(module: CompiledModule) -> Graph:
    """The snapshot that `module` was compiled from."""
    return module._graph


def in_line(module: nn.Module) -> list[nn.Module] | None:
    """The layers of a plain chain in order, those inside blocks included; `None` for any other network."""
    if not isinstance(module, CompiledModule) or module._takes != 1:
        return None
    layers: list[nn.Module] = []
    last: Argument = (0, None)
    for call, _ in module._steps:
        if call.module is None or call.function is not None or call.arguments != (last,):
            return None
        child = module.get_submodule(call.module)
        inside = in_line(child) if isinstance(child, CompiledModule) else [child]
        if inside is None:
            return None
        layers += inside
        last = (call.slot, None)
    return layers if module._results == (last,) else None


class Repeated(nn.ModuleList):
    """Repeats of a block, one after the other, each with weights of its own."""

    def forward(self, *values: Any) -> Any:
        """The last repeat's result."""
        result: Any = values
        for module in self:
            result = module(*result) if isinstance(result, tuple) else module(result)
        return result


def _pick(values: list[Any], argument: Argument) -> Any:
    slot, index = argument
    return values[slot] if index is None else values[slot][index]


def _with_last_uses(calls: tuple[Call, ...], outputs: tuple[Argument, ...]) -> tuple[tuple[Call, tuple[int, ...]], ...]:
    """The live calls, each with the slots that no later call needs."""
    needed = {slot for slot, _ in outputs}
    steps = []
    for call in reversed([call for call in calls if call.live]):
        used = {slot for slot, _ in call.arguments}
        steps.append((call, tuple(used - needed)))
        needed |= used
    return tuple(reversed(steps))
