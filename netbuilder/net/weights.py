"""Weights carried from one module to the next version of it, so that an edit forgets no more than it must."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netbuilder.core.graph import Graph, Node
from netbuilder.layers.declare import find

if TYPE_CHECKING:
    from netbuilder.net.compiled import CompiledModule

State = Mapping[str, Any]


@dataclass(frozen=True)
class Carried:
    """Names of layers with weights: `kept` as they were, `changed` in shape and begun anew, `fresh` ones, `dropped` ones.

    `replaced` are those that another kind of layer has taken the place of: name, old kind, new kind.
    """

    kept: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    replaced: tuple[tuple[str, str, str], ...] = ()

    def __str__(self) -> str:
        parts = [f"{_listed(self.kept)} {'keeps its' if len(self.kept) == 1 else 'keep their'} weights"] if self.kept else []
        if self.changed:
            parts.append(f"{_listed(self.changed)} changed and {'starts' if len(self.changed) == 1 else 'start'} anew")
        parts += [f"‘{name}’ was {before} and is now {after}, so it starts anew" for name, before, after in self.replaced]
        if self.fresh:
            parts.append(f"{_listed(self.fresh)} {'is' if len(self.fresh) == 1 else 'are'} new")
        if self.dropped:
            parts.append(f"{_listed(self.dropped)} {'is' if len(self.dropped) == 1 else 'are'} gone")
        text = "; ".join(parts) or "No layer has weights"
        return f"{text[0].upper()}{text[1:]}."


def carry(old: CompiledModule | State, new: CompiledModule, old_graph: Graph | None = None) -> Carried:
    """Copy weights into `new` wherever a layer of the same id and kind has weights of the same names and shapes; renamed ones keep theirs.

    `old` is a module, or a state (`"conv1.weight"` -> tensor or array) together with the graph it belongs to.
    """
    import torch

    before, nodes = _before(old, old_graph)
    plan, copies = _compare(before, nodes, new)
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

    before, nodes = _before(old, old_graph)
    with torch.device("meta"):
        return _compare(before, nodes, compile_graph(new_graph))[0]


def _before(old: CompiledModule | State, graph: Graph | None) -> tuple[dict[str, dict[str, Any]], Mapping[str, Node]]:
    """The old state by layer name, and the nodes that it belongs to by id."""
    from netbuilder.net.compiled import graph_of

    if isinstance(old, Mapping):
        if graph is None:
            raise TypeError("a state needs the graph it belongs to")
        return _by_layer(old), graph.nodes
    return _by_layer(old.state_dict()), graph_of(old).nodes


def _by_layer(state: State) -> dict[str, dict[str, Any]]:
    layers: dict[str, dict[str, Any]] = {}
    for key, value in state.items():
        name, _, rest = key.partition(".")
        layers.setdefault(name, {})[rest] = value
    return layers


def _compare(before: dict[str, dict[str, Any]], nodes: Mapping[str, Node], new: CompiledModule) -> tuple[Carried, list[tuple[Any, Any]]]:
    from netbuilder.net.compiled import graph_of

    kept, changed, fresh, replaced = [], [], [], []
    copies: list[tuple[Any, Any]] = []
    seen: set[str] = set()
    after = _by_layer(new.state_dict())
    for id_, node in graph_of(new).nodes.items():
        name, old = node.name, nodes.get(id_)
        if name not in after:
            continue
        earlier = before.get(old.name) if old else None
        if old is None or earlier is None:
            fresh.append(name)
            continue
        seen.add(old.name)
        if (old.layer, old.block) != (node.layer, node.block):
            replaced.append((name, _kind(old), _kind(node)))
        elif _shapes(earlier) == _shapes(after[name]):
            kept.append(name)
            copies.extend((after[name][key], value) for key, value in earlier.items())
        else:
            changed.append(name)
    dropped = tuple(name for name in before if name not in seen)
    return Carried(tuple(kept), tuple(changed), tuple(fresh), dropped, tuple(replaced)), copies


def _shapes(state: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    return {key: tuple(value.shape) for key, value in state.items()}


def _kind(node: Node) -> str:
    """What people call this kind of layer."""
    layer = find(node.layer)
    return f"the block “{node.block}”" if node.block else layer.about.title if layer else node.layer


def _listed(names: tuple[str, ...]) -> str:
    quoted = [f"‘{name}’" for name in names]
    if len(quoted) > 3:
        return f"{len(quoted)} layers"
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else quoted[0]
