"""Weights carried from one module to the next version of it, so that an edit forgets no more than it must."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netbuilder.core.graph import Graph

if TYPE_CHECKING:
    from netbuilder.net.compiled import CompiledModule

State = Mapping[str, Any]


@dataclass(frozen=True)
class Carried:
    """Names of layers with weights: `kept` as they were, `changed` in shape and begun anew, `fresh` ones, `dropped` ones."""

    kept: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    def __str__(self) -> str:
        parts = [f"{_listed(self.kept)} {'keeps its' if len(self.kept) == 1 else 'keep their'} weights"] if self.kept else []
        if self.changed:
            parts.append(f"{_listed(self.changed)} changed and {'starts' if len(self.changed) == 1 else 'start'} anew")
        if self.fresh:
            parts.append(f"{_listed(self.fresh)} {'is' if len(self.fresh) == 1 else 'are'} new")
        if self.dropped:
            parts.append(f"{_listed(self.dropped)} {'is' if len(self.dropped) == 1 else 'are'} gone")
        text = "; ".join(parts) or "No layer has weights"
        return f"{text[0].upper()}{text[1:]}."


def carry(old: CompiledModule | State, new: CompiledModule, old_graph: Graph | None = None) -> Carried:
    """Copy weights into `new` wherever a layer of the same id has weights of the same names and shapes; renamed layers keep theirs.

    `old` is a module, or a state (`"conv1.weight"` -> tensor or array) together with the graph it belongs to.
    """
    import torch

    before, names = _before(old, old_graph)
    plan, copies = _compare(before, names, new)
    with torch.no_grad():
        for target, value in copies:
            target.copy_(torch.as_tensor(value))
    return plan


def preview(old: CompiledModule | State, new_graph: Graph, old_graph: Graph | None = None) -> Carried:
    """What `carry` would do for the edited graph, without allocating or changing anything.

    Raises `CompileError` when the edited network cannot run.
    """
    import torch

    from netbuilder.net.compiler import compile_graph

    before, names = _before(old, old_graph)
    with torch.device("meta"):
        return _compare(before, names, compile_graph(new_graph))[0]


def _before(old: CompiledModule | State, graph: Graph | None) -> tuple[dict[str, dict[str, Any]], Mapping[str, str]]:
    """The old state by layer name, and the names by id."""
    if isinstance(old, Mapping):
        if graph is None:
            raise TypeError("a state needs the graph it belongs to")
        return _by_layer(old), {node.id: node.name for node in graph.nodes.values()}
    return _by_layer(old.state_dict()), old.node_names


def _by_layer(state: State) -> dict[str, dict[str, Any]]:
    layers: dict[str, dict[str, Any]] = {}
    for key, value in state.items():
        name, _, rest = key.partition(".")
        layers.setdefault(name, {})[rest] = value
    return layers


def _compare(before: dict[str, dict[str, Any]], names: Mapping[str, str], new: CompiledModule) -> tuple[Carried, list[tuple[Any, Any]]]:
    kept, changed, fresh = [], [], []
    copies: list[tuple[Any, Any]] = []
    seen: set[str] = set()
    after = _by_layer(new.state_dict())
    for id_, name in new.node_names.items():
        if name not in after:
            continue
        earlier = before.get(names.get(id_, ""))
        seen.add(names.get(id_, ""))
        if earlier is None:
            fresh.append(name)
        elif {k: tuple(v.shape) for k, v in earlier.items()} == {k: tuple(v.shape) for k, v in after[name].items()}:
            kept.append(name)
            copies.extend((after[name][key], value) for key, value in earlier.items())
        else:
            changed.append(name)
    return Carried(tuple(kept), tuple(changed), tuple(fresh), tuple(name for name in before if name not in seen)), copies


def _listed(names: tuple[str, ...]) -> str:
    quoted = [f"‘{name}’" for name in names]
    if len(quoted) > 3:
        return f"{len(quoted)} layers"
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else quoted[0]
