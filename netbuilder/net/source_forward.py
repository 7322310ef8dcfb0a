"""The text of a `forward` method, line by line, and of the values in it."""

from __future__ import annotations

import json
from math import isfinite

from netbuilder.core.graph import Value
from netbuilder.layers.declare import Function, Item, Method, Module, Operator, TensorSpec, show
from netbuilder.net.modules import is_own, name_of
from netbuilder.net.plan import Plan, Ref, Step

NOTE = "  # "
_RESERVED = frozenset({"F", "Tensor", "nn", "repeat", "self", "torch", "x"})


def literal(value: Value) -> str:
    """A setting as Python source."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and not isfinite(value):
        return f'float("{value}")'
    if isinstance(value, tuple | list):
        inner = ", ".join(literal(item) for item in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return repr(value)


def single(step: Step) -> bool:
    """Whether the plan has one input and one output."""
    return len(step.arguments) == 1 and len(step.outputs) == 1


def shortened(path: str) -> str:
    """A torch path as it is written in a file with the usual imports: `nn.Conv2d`, `F.relu`."""
    for home, short in (("torch.nn.functional.", "F."), ("torch.nn.", "nn.")):
        if path.startswith(home):
            return short + path.removeprefix(home)
    return name_of(path) if is_own(path) else path


def bare(line: str) -> str:
    """A line without the comment at its end."""
    return line.partition(NOTE)[0]


class Forward:
    """The `forward` method: `x` for a value that the next line uses up, the layer's own name for one that is needed later."""

    def __init__(self, layout: Plan) -> None:
        self.layout = layout
        self.steps = [step for step in layout.steps if step.live]
        self.last_use = {ref: number for number, step in enumerate(self.steps) for ref in step.arguments}
        self.last_use |= dict.fromkeys(layout.outputs, len(self.steps))
        self.names: dict[Ref, str] = {}
        self.taken = set(_RESERVED)

    def lines(self) -> list[str]:
        inputs = [self._name_input(Ref(node.id), node.name) for node in self.layout.inputs]
        body: list[str] = []
        for number, step in enumerate(self.steps):
            body += self._statement(step, number)
        results = [self.names[ref] for ref in self.layout.outputs]
        given = "Tensor" if len(results) == 1 else f"tuple[{', '.join(['Tensor'] * len(results))}]"
        taken = ", ".join(f"{name}: Tensor" for name in inputs)
        head = f"    def forward(self, {taken}) -> {given}:"
        return [head, *(f"        {line}" for line in (*body, f"return {', '.join(results)}"))]

    def _statement(self, step: Step, number: int) -> list[str]:
        values = [self.names[ref] for ref in step.arguments]
        note = NOTE + ", ".join(_shown(spec) for spec in step.outputs)
        refs = [Ref(step.node.id, n) for n in range(len(step.outputs))] if len(step.outputs) > 1 else [Ref(step.node.id)]
        if step.target is None and step.node.repeat > 1 and (step.shared or not single(step)):
            return self._loop(step, values, refs, note)
        call = self._call(step, values)
        if len(refs) > 1:
            results = [self._own(ref, f"{step.node.name}_{n}") for n, ref in enumerate(refs, 1)]
        else:
            results = [self._name(refs[0], step.node.name, number)]
        return [f"{', '.join(results)} = {call}{note}"]

    def _loop(self, step: Step, values: list[str], refs: list[Ref], note: str) -> list[str]:
        results = [self._own(ref, f"{step.node.name}_{n}") for n, ref in enumerate(refs, 1)]
        joined = ", ".join(results)
        head, called = f"for repeat in self.{step.node.name}:", "repeat"
        if step.shared:
            head, called = f"for _ in range({step.node.repeat}):", f"self.{step.node.name}"
        return [f"{joined} = {', '.join(values)}", head, f"    {joined} = {called}({joined}){note}"]

    def _call(self, step: Step, values: list[str]) -> str:
        target = step.target
        if isinstance(target, Operator):
            return f" {target.symbol} ".join(values)
        if isinstance(target, Function):
            given = [f"[{', '.join(values)}]"] if target.packed else values
            named = (f"{k}={literal(v)}" for k, v in target.arguments.items())
            return f"{shortened(target.path)}({', '.join([*map(literal, target.leading), *given, *named])})"
        if isinstance(target, Method):
            return f"{values[0]}.{target.name}({', '.join(map(literal, target.values))})"
        if isinstance(target, Item):
            return f"{values[0]}[{', '.join(map(_place, target.index))}]"
        call = f"self.{step.node.name}({', '.join(values)})"
        return f"{call}[{target.pick}]" if isinstance(target, Module) and target.pick is not None else call

    def _name_input(self, ref: Ref, name: str) -> str:
        if len(self.layout.inputs) == 1:
            return self._name(ref, name, -1)
        return self._own(ref, name)

    def _name(self, ref: Ref, name: str, number: int) -> str:
        """`x` when nothing after the next step asks for this value; a name of its own otherwise."""
        if self.last_use.get(ref, 0) > number + 1:
            return self._own(ref, name)
        self.names[ref] = "x"
        return "x"

    def _own(self, ref: Ref, name: str) -> str:
        name = name.lower() if name.lower() not in self.taken and name.lower().isidentifier() else name
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        self.names[ref] = name
        return name


def _place(index: int | tuple[int, ...] | slice) -> str:
    """One entry of an index as Python writes it: `2`, `[0, 2]`, `1:3`, `:`."""
    if isinstance(index, slice):
        start, stop = ("" if end is None else str(end) for end in (index.start, index.stop))
        return f"{start}:{stop}" + (f":{index.step}" if index.step not in (None, 1) else "")
    return str(list(index)) if isinstance(index, tuple) else str(index)


def _shown(spec: TensorSpec) -> str:
    return show(spec.shape)
