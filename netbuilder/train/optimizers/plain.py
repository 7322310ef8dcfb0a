"""The base of the optimizers that torch does not have. Imported only together with torch."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

import torch


class PlainRate(torch.optim.Optimizer):
    """Updates one weight tensor at a time by a rate that is a number; refuses a tensor, which only captured graphs need."""

    def __init__(self, params: Iterable[Any], defaults: dict[str, Any]) -> None:
        super().__init__(params, defaults)
        if any(isinstance(group["lr"], torch.Tensor) for group in self.param_groups):
            raise TypeError("the rate must be a number")

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        """Update every weight that has a gradient; `closure` is not called."""
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is not None:
                    self.update(weight, weight.grad, self.state[weight], group)

    @abstractmethod
    def update(self, weight: torch.Tensor, gradient: torch.Tensor, memory: dict[str, Any], group: dict[str, Any]) -> None:
        """Change `weight` in place."""
