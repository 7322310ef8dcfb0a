"""Carrying weights from a module to the next version of it, so that an edit loses as little as possible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from netbuilder.core.graph import Graph, Node
from netbuilder.layers.declare import find
from netbuilder.net.weighted_layers import counterparts, units

if TYPE_CHECKING:
    from netbuilder.net.compiled import CompiledModule

State = Mapping[str, Any]


@dataclass(frozen=True)
class Carried:
    """Names of layers with weights: `kept` as they were, `changed` in shape and begun anew, `fresh` ones, `dropped` ones.

    `replaced` are those that another kind of layer has taken the place of: name, old kind, new kind. `partly` are blocks
    in which some layers keep theirs. `names` leads from the old place of each kept layer in the state to the new one.
    """

    kept: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    replaced: tuple[tuple[str, str, str], ...] = ()
    partly: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        parts = [f"{_listed(self.kept)} {'keeps its' if len(self.kept) == 1 else 'keep their'} weights"] if self.kept else []
        if self.partly:
            parts.append(f"{_listed(self.partly)} {'keeps' if len(self.partly) == 1 else 'keep'} a part")
        if self.changed:
            parts.append(f"{_listed(self.changed)} changed and {'starts' if len(self.changed) == 1 else 'start'} anew")
        parts += [f"“{name}” was {before} and is now {after}, so it starts anew" for name, before, after in self.replaced]
        if self.fresh:
            parts.append(f"{_listed(self.fresh)} {'is' if len(self.fresh) == 1 else 'are'} new")
        if self.dropped:
            parts.append(f"{_listed(self.dropped)} {'is' if len(self.dropped) == 1 else 'are'} gone")
        text = "; ".join(parts) or "No layer has weights"
        return f"{text[0].upper()}{text[1:]}."


def carry(old: CompiledModule | State, new: CompiledModule, old_graph: Graph | None = None) -> Carried:
    """Copy weights into `new` wherever a layer is the same as before and has weights of the same names and shapes.

    Layers are the same when id and kind agree, renamed or not, also when they went into a block or came out of one.
    `old` is a module, or a state (`"conv1.weight"` -> tensor or array) together with the graph it belongs to.
    """
    import torch

    plan, copies = _compare(*_before(old, old_graph), new)
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

    before = _before(old, old_graph)
    with torch.device("meta"):
        return _compare(*before, compile_graph(new_graph))[0]


def _before(old: CompiledModule | State, graph: Graph | None) -> tuple[Graph, State]:
    """The graph that the old state belongs to, and the state itself."""
    from netbuilder.net.compiled import graph_of

    if isinstance(old, Mapping):
        if graph is None:
            raise TypeError("a state needs the graph it belongs to")
        return graph, old
    return graph_of(old), old.state_dict()


def _compare(old_graph: Graph, state: State, new: CompiledModule) -> tuple[Carried, list[tuple[Any, Any]]]:
    from netbuilder.net.compiled import graph_of

    graph = graph_of(new)
    before, after = units(old_graph, state), units(graph, new.state_dict())
    same = counterparts(before, after, old_graph, graph)
    copies = [(unit.values[key], value) for unit, old in same for key, value in old.values.items()]
    taken = {unit.place for unit, _ in same}
    told: dict[str, list[str]] = {name: [] for name in ("kept", "changed", "fresh", "partly")}
    replaced: list[tuple[str, str, str]] = []
    seen = {old.name for _, old in same}
    names = {unit.name for unit in before}
    for node in graph.nodes.values():
        parts = [unit for unit in after if unit.name == node.name]
        earlier = old_graph.nodes.get(node.id)
        if not parts:
            continue
        known = earlier is not None and earlier.name in names
        if known and earlier is not None:
            seen.add(earlier.name)
        kept = sum(unit.place in taken for unit in parts)
        if known and earlier is not None and not kept and (earlier.layer, earlier.block) != (node.layer, node.block):
            replaced.append((node.name, _kind(earlier), _kind(node)))
        else:
            told[_word(kept, len(parts), known)].append(node.name)
    dropped = tuple(dict.fromkeys(unit.name for unit in before if unit.name not in seen))
    plan = Carried(
        tuple(told["kept"]),
        tuple(told["changed"]),
        tuple(told["fresh"]),
        dropped,
        tuple(replaced),
        tuple(told["partly"]),
        {old.place: unit.place for unit, old in same},
    )
    return plan, copies


def _word(kept: int, of: int, known: bool) -> str:
    if kept == of:
        return "kept"
    return "partly" if kept else "changed" if known else "fresh"


def _kind(node: Node) -> str:
    """What people call this kind of layer."""
    layer = find(node.layer)
    return f"the block “{node.block}”" if node.block else layer.about.title if layer else node.layer


def _listed(names: tuple[str, ...]) -> str:
    quoted = [f"“{name}”" for name in names]
    if len(quoted) > 3:
        return f"{len(quoted)} layers"
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else quoted[0]
