"""Finds the layer in which numbers stopped being finite, by going through the batch again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

    from netbuilder.data.feeder import Feeder, Targets
    from netbuilder.train.objective import Objective


@dataclass(frozen=True)
class Diagnosis:
    """What is not finite and what to do about it, in a sentence; and the node id of the layer at fault, if there is one."""

    message: str
    node: str | None = None


_RATE = "Lower the learning rate (a tenth is a good try), or add normalisation; the weights are those before this step."


def diagnose(
    module: torch.nn.Module, objective: Objective, feeder: Feeder, batches: Iterable[torch.Tensor], order: Sequence[str]
) -> Diagnosis:
    """Replay the batches up to the first bad one; `order` lists node ids from input to output."""
    for index in batches:
        found = _examine(module, objective, feeder, index, order)
        if found is not None:
            return found
    return Diagnosis(f"The loss is no longer finite. {_RATE}")


def _examine(module: torch.nn.Module, objective: Objective, feeder: Feeder, index: torch.Tensor, order: Sequence[str]) -> Diagnosis | None:
    import torch

    x, target = feeder.gather(index)
    if not all(bool(torch.isfinite(each).all()) for each in (x if isinstance(x, tuple) else (x,))):
        return Diagnosis("The data itself holds a value that is not finite (NaN or infinity). Check the inputs and their normalisation.")
    wanted = (target.target, *target.others.values()) if isinstance(target, tuple) else (target,)
    if any(each.is_floating_point() and not bool(torch.isfinite(each).all()) for each in wanted):
        return Diagnosis("The targets hold a value that is not finite (NaN or infinity). Check the data set.")
    kept_buffers = [buffer.clone() for buffer in module.buffers()]
    try:
        with objective.precision(feeder.device):
            outputs, kept = keep_outputs(module, x, order)
        return _judge(module, objective, outputs, target, kept, order)
    finally:
        module.zero_grad(set_to_none=True)
        for buffer, old in zip(module.buffers(), kept_buffers, strict=True):
            buffer.copy_(old)


def _judge(
    module: torch.nn.Module,
    objective: Objective,
    outputs: Any,
    target: torch.Tensor | Targets,
    kept: Mapping[str, torch.Tensor],
    order: Sequence[str],
) -> Diagnosis | None:
    names = node_names(module)
    for node in order:
        if node in kept and not _finite(kept[node]):
            return Diagnosis(f"The output of “{names.get(node, node)}” is no longer finite. {_RATE}", node)
    for tensor in kept.values():
        if tensor.requires_grad and not tensor.is_leaf:
            tensor.retain_grad()
    loss, _ = objective(outputs, target)
    if not _finite(loss):
        return Diagnosis(f"Every layer's output is finite, but the loss is not. {_RATE}")
    loss.backward()  # type: ignore[no-untyped-call]
    for node in reversed(order):
        name = names.get(node)
        spoiled = node in kept and kept[node].grad is not None and not _finite(kept[node].grad)
        if spoiled or (name is not None and _bad_weights(module, name)):
            return Diagnosis(f"The gradient at “{name or node}” is no longer finite, though the loss is. {_RATE}", node)
    return None


def _finite(tensor: Any) -> bool:
    return not tensor.is_floating_point() or bool(tensor.isfinite().all())


def _bad_weights(module: torch.nn.Module, name: str) -> bool:
    child = dict(module.named_children()).get(name)
    return child is not None and any(p.grad is not None and not _finite(p.grad) for p in child.parameters())


def node_names(module: torch.nn.Module) -> Mapping[str, str]:
    """Node id -> child name; for a module that was not compiled from a graph, the children's own names."""
    names = getattr(module, "node_names", None)
    return names if isinstance(names, Mapping) else {name: name for name, _ in module.named_children()}


def keep_outputs(module: torch.nn.Module, x: Any, nodes: Iterable[str]) -> tuple[Any, Mapping[str, torch.Tensor]]:
    """The network's outputs and those of the given nodes; a module of another kind keeps nothing."""
    run = getattr(module, "run", None)
    if run is None:
        return module(x), {}
    outputs, kept = run(x if isinstance(x, tuple) else (x,), keep=frozenset(nodes))
    return outputs, {node: value for node, value in kept.items() if hasattr(value, "dim")}
