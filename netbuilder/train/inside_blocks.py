"""The modules inside a block of the network that learns, for views of an opened block."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from netbuilder.train.diagnosis import node_names

if TYPE_CHECKING:
    import torch

Figure = TypeVar("Figure", float, tuple[float, float])


def parts(module: torch.nn.Module, uses: Sequence[str]) -> list[torch.nn.Module]:
    """The modules inside these block nodes (ids, the outermost first), one for each repeat with weights of its own."""
    found = [module]
    for use in uses:
        found = [inner for part in found for inner in _inside(part, use)]
    return found


def _inside(module: torch.nn.Module, use: str) -> list[torch.nn.Module]:
    from netbuilder.net.compiled import CompiledModule, Repeated

    child = dict(module.named_children()).get(node_names(module).get(use, ""))
    repeats = list(child) if isinstance(child, Repeated) else [child]
    return [part for part in repeats if isinstance(part, CompiledModule)]


def entering(module: torch.nn.Module, uses: Sequence[str], x: Any) -> list[tuple[torch.nn.Module, Any]]:
    """Those modules, each with what arrives there when the whole network is given `x`; a shared one once for each use."""
    if not uses:
        return [(module, x)]
    arrived: list[tuple[torch.nn.Module, Any]] = []

    def note(part: torch.nn.Module, given: tuple[Any, ...]) -> None:
        arrived.append((part, given[0] if len(given) == 1 and isinstance(given[0], tuple) else given))

    hooks = [part.register_forward_pre_hook(note) for part in parts(module, uses)]
    try:
        if hooks:
            module(x)
    finally:
        for hook in hooks:
            hook.remove()
    return arrived


def mean(found: Iterable[Mapping[str, Figure]]) -> dict[str, Figure]:
    """The mean over the repeats of a block, for each of its nodes."""
    each = list(found)
    if len(each) == 1:
        return dict(each[0])
    return {id_: _mean([one[id_] for one in each if id_ in one]) for id_ in {id_ for one in each for id_ in one}}


def _mean(values: Sequence[Any]) -> Any:
    if isinstance(values[0], tuple):
        return tuple(sum(column) / len(values) for column in zip(*values, strict=True))
    return sum(values) / len(values)


def gathered(module: torch.nn.Module, uses: Sequence[str], look: Callable[[torch.nn.Module], Mapping[str, float]]) -> dict[str, float]:
    """What `look` finds in each of those modules, averaged."""
    return mean(look(part) for part in parts(module, uses)) if uses else dict(look(module))
