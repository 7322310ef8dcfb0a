"""Proximal AdaGrad and FTRL-proximal. Imported only together with torch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch

from netbuilder.train.optimizers.plain import PlainRate


class ProximalAdagrad(PlainRate):
    """Duchi et al. 2011: AdaGrad's step, then soft thresholding by `l1` and shrinking by `l2`, both at the weight's own rate."""

    def __init__(self, params: Iterable[Any], lr: float, l1: float, l2: float, initial: float) -> None:
        super().__init__(params, {"lr": lr, "l1": l1, "l2": l2, "initial": initial})

    def update(self, weight: torch.Tensor, gradient: torch.Tensor, memory: dict[str, Any], group: dict[str, Any]) -> None:
        if "squares" not in memory:
            memory["squares"] = torch.full_like(weight, group["initial"])
        squares = memory["squares"].addcmul_(gradient, gradient)
        rate = group["lr"] / squares.sqrt()
        moved = weight - rate * gradient
        weight.copy_(moved.sign() * (moved.abs() - rate * group["l1"]).clamp_(min=0.0) / (1.0 + rate * group["l2"]))


class FTRL(PlainRate):
    """McMahan et al. 2013, algorithm 1, with `strength` = Σσ = (β + √n)/η kept, so that the rate may change between steps.

    Weights that begin at w₀ ≠ 0 get z₀ = −strength₀·w₀, for which w₀ is the leader.
    """

    def __init__(self, params: Iterable[Any], lr: float, l1: float, l2: float, beta: float) -> None:
        super().__init__(params, {"lr": lr, "l1": l1, "l2": l2, "beta": beta})

    def update(self, weight: torch.Tensor, gradient: torch.Tensor, memory: dict[str, Any], group: dict[str, Any]) -> None:
        if group["lr"] <= 0:
            return
        if "squares" not in memory:
            memory["squares"] = torch.zeros_like(weight)
            memory["strength"] = torch.full_like(weight, group["beta"] / group["lr"])
            memory["sum"] = -memory["strength"] * weight
        squares, strength, total = memory["squares"], memory["strength"], memory["sum"]
        squares.addcmul_(gradient, gradient)
        stronger = (group["beta"] + squares.sqrt()) / group["lr"]
        total.add_(gradient - (stronger - strength) * weight)
        strength.copy_(stronger)
        shrunk = total.sign() * (total.abs() - group["l1"]).clamp_(min=0.0)
        weight.copy_(-shrunk / (strength + group["l2"]))
