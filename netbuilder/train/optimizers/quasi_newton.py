"""L-BFGS, one iteration per batch. Imported only together with torch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch

from netbuilder.train.optimizers.plain import PlainRate

SMALLEST_CURVATURE = 1e-10
"""Pairs of less curvature y·s are not remembered, as they would spoil the estimate."""


class LBFGS(PlainRate):
    """Liu and Nocedal 1989, the iteration of `torch.optim.LBFGS(max_iter=1)` over all groups at once.

    Memory is kept with each weight: `steps` and `changes` are (pairs, …) oldest first, `gradient` the last one, `moved` the last step.
    """

    def __init__(self, params: Iterable[Any], lr: float, history: int) -> None:
        super().__init__(params, {"lr": lr, "history": history})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        weights = [(weight, group) for group in self.param_groups for weight in group["params"] if weight.grad is not None]
        gradients = [weight.grad for weight, _ in weights]
        memories = [self.state[weight] for weight, _ in weights]
        if not all("gradient" in memory for memory in memories):
            for memory in memories:
                memory.clear()
            size = sum(gradient.abs().sum() for gradient in gradients)
            scale = min(1.0, 1.0 / max(float(size), 1e-30))
            directions = [-scale * gradient for gradient in gradients]
        else:
            self._remember(gradients, memories)
            directions = _towards(gradients, memories)
        for (weight, group), gradient, direction, memory in zip(weights, gradients, directions, memories, strict=True):
            memory["gradient"] = gradient.clone()
            memory["moved"] = direction * group["lr"]
            weight.add_(memory["moved"])

    def _remember(self, gradients: list[Any], memories: list[dict[str, Any]]) -> None:
        """Add the newest pair of step and change of gradient, and forget the oldest beyond `history`."""
        changes = [gradient - memory["gradient"] for gradient, memory in zip(gradients, memories, strict=True)]
        curvature = sum(float((change * memory["moved"]).sum()) for change, memory in zip(changes, memories, strict=True))
        if curvature <= SMALLEST_CURVATURE:
            return
        most = self.defaults["history"]
        for change, memory in zip(changes, memories, strict=True):
            for name, value in (("steps", memory["moved"]), ("changes", change)):
                kept = [memory[name], value[None]] if name in memory else [value[None]]
                memory[name] = torch.cat(kept)[-most:]

    def update(self, weight: torch.Tensor, gradient: torch.Tensor, memory: dict[str, Any], group: dict[str, Any]) -> None:
        """Not called: curvature is of all weights together."""


def _towards(gradients: list[Any], memories: list[dict[str, Any]]) -> list[torch.Tensor]:
    """−H·g by the two-loop recursion."""
    pairs = len(memories[0]["steps"]) if "steps" in memories[0] else 0

    def dot(one: list[Any], other: list[Any]) -> float:
        return sum(float((a * b).sum()) for a, b in zip(one, other, strict=True))

    def pair(number: int) -> tuple[list[Any], list[Any]]:
        return [memory["steps"][number] for memory in memories], [memory["changes"][number] for memory in memories]

    direction = [-gradient for gradient in gradients]
    weights: list[float] = []
    for number in reversed(range(pairs)):
        steps, changes = pair(number)
        weights.append(dot(steps, direction) / dot(steps, changes))
        direction = [d - weights[-1] * change for d, change in zip(direction, changes, strict=True)]
    if pairs:
        steps, changes = pair(pairs - 1)
        scale = dot(steps, changes) / dot(changes, changes)
        direction = [d * scale for d in direction]
    for number in range(pairs):
        steps, changes = pair(number)
        back = dot(changes, direction) / dot(steps, changes)
        direction = [d + (weights[-1 - number] - back) * step for d, step in zip(direction, steps, strict=True)]
    return direction
