"""Which uses of a block can share one class, and which of their settings become constructor arguments."""

from __future__ import annotations

import keyword
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from netbuilder.core.graph import Value
from netbuilder.core.names import legal_stem
from netbuilder.layers.declare import Module
from netbuilder.net.plan import Plan, Step
from netbuilder.net.source_forward import Forward, bare, literal

_NOT_ARGUMENTS = frozenset({"F", "Tensor", "math", "nn", "self", "torch"})


@dataclass(frozen=True)
class Row:
    """One use: `written` are the settings that it passes on, `silent` those left at their default, both keyed `layer.setting`."""

    layout: Plan
    written: Mapping[str, Value]
    silent: Mapping[str, Value]
    parameters: Mapping[str, Value]

    def value(self, key: str) -> Value:
        """The value of a setting, written or not."""
        return self.written[key] if key in self.written else self.silent[key]


@dataclass(eq=False)
class Family:
    """Uses of one block that differ in settings only. `children` are the families of each block node's repeats."""

    block: str
    children: Mapping[str, tuple[Family, ...]]
    rows: list[Row] = field(default_factory=list)
    name: str = ""

    @property
    def layout(self) -> Plan:
        """The first use."""
        return self.rows[0].layout

    @cached_property
    def arguments(self) -> Mapping[str, str]:
        """Setting -> constructor argument, for settings that differ between uses; equal ones share an argument."""
        columns: dict[tuple[str, ...], list[str]] = {}
        for key in dict.fromkeys(key for row in self.rows for key in row.written):
            column = tuple(literal(row.value(key)) for row in self.rows)
            if len(set(column)) > 1:
                columns.setdefault(column, []).append(key)
        called: dict[str, str] = {}
        for column, keys in columns.items():
            chosen = self._called(column, keys, set(called.values()))
            called |= dict.fromkeys(keys, chosen)
        return called

    def heads(self) -> Mapping[str, str]:
        """Constructor argument -> the first setting that it fills."""
        found: dict[str, str] = {}
        for key, name in self.arguments.items():
            found.setdefault(name, key)
        return found

    def text(self, key: str) -> str:
        """A setting as the class writes it: its argument, or the value that all uses have."""
        return self.arguments.get(key) or literal(self.rows[0].value(key))

    def settings(self, layer: str) -> list[str]:
        """Names of the settings of one layer that the class writes."""
        start = f"{layer}."
        return [key.removeprefix(start) for key in dict.fromkeys(k for row in self.rows for k in row.written) if key.startswith(start)]

    def _called(self, column: tuple[str, ...], keys: list[str], taken: set[str]) -> str:
        """The block's parameter with these values, else the setting's own name, with its layer where that is not enough."""
        for name in self.rows[0].parameters:
            if name not in taken and column == tuple(literal(row.parameters.get(name)) for row in self.rows):
                return name
        for wanted in (keys[0].rpartition(".")[2], legal_stem(keys[0])):
            if wanted not in taken | _NOT_ARGUMENTS | self.rows[0].parameters.keys() and not keyword.iskeyword(wanted):
                return wanted
        return next(name for n in range(2, len(taken) + 3) if (name := f"{legal_stem(keys[0])}_{n}") not in taken)


class Families:
    """All families of a network in the order in which Python needs their classes, children first."""

    def __init__(self, layout: Plan) -> None:
        self._found: dict[object, Family] = {}
        self.network = self._collect(layout, "", {})[0]

    def __iter__(self) -> Iterator[Family]:
        return iter(self._found.values())

    def _collect(self, layout: Plan, block: str, parameters: Mapping[str, Value]) -> tuple[Family, Row]:
        written: dict[str, Value] = {}
        silent: dict[str, Value] = {}
        children: dict[str, tuple[Family, ...]] = {}
        shape: list[object] = []
        for step in layout.steps:
            name = step.node.name
            if isinstance(step.target, Module):
                known = layout.analysis.answers[step.node.id].layer
                settings = known.settings() if known else {}
                written |= {f"{name}.{key}": value for key, value in step.target.arguments.items()}
                silent |= {f"{name}.{key}": value for key, value in settings.items()}
                inferred = tuple(key for key in step.target.arguments if key not in settings)
                shape.append((name, step.target.path, inferred, step.live))
            elif step.parts:
                first = _origins(step)
                inner = {n: self._collect(step.parts[n], step.node.block, _parameters(layout, step)) for n in dict.fromkeys(first)}
                for number, row in enumerate(inner[n][1] for n in first):
                    written |= {f"{name}.{number}.{key}": value for key, value in row.written.items()}
                    silent |= {f"{name}.{number}.{key}": value for key, value in row.silent.items()}
                children[step.node.id] = tuple(inner[n][0] for n in first)
                shape.append((name, step.node.repeat, step.shared, step.live, tuple(id(family) for family in children[step.node.id])))
        key = (block, tuple(shape), tuple(map(bare, Forward(layout).lines())))
        family = self._found.setdefault(key, Family(block, children))
        row = Row(layout, written, silent, parameters)
        family.rows.append(row)
        return family, row


def _origins(step: Step) -> tuple[int, ...]:
    """For each repeat the number of the first one that is the same."""
    seen: dict[int, int] = {}
    return tuple(seen.setdefault(id(part), number) for number, part in enumerate(step.parts))


def _parameters(layout: Plan, step: Step) -> dict[str, Value]:
    """The values that a use gives its block's parameters."""
    block = layout.graph.blocks[step.node.block]
    return {**{each.name: each.default for each in block.parameters}, **step.node.settings}
