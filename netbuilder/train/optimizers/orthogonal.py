"""Muon for matrices and kernels, AdamW for vectors. Imported only together with torch."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import torch

from netbuilder.train.optimizers.plain import PlainRate

QUINTIC = (3.4445, -4.7750, 2.0315)
ROUNDS = 5
EPSILON = 1e-8


class Muon(PlainRate):
    """Jordan et al. 2024. Weights with two axes or more are matrices (out, rest); others go by AdamW, `vector_rate` times the rate."""

    def __init__(
        self,
        params: Iterable[Any],
        lr: float,
        momentum: float,
        nesterov: bool,
        weight_decay: float,
        vector_rate: float,
        betas: tuple[float, float],
    ) -> None:
        names = {"momentum": momentum, "nesterov": nesterov, "weight_decay": weight_decay, "vector_rate": vector_rate, "betas": betas}
        super().__init__(params, {"lr": lr, **names})

    def update(self, weight: torch.Tensor, gradient: torch.Tensor, memory: dict[str, Any], group: dict[str, Any]) -> None:
        (_matrix if weight.dim() >= 2 else _vector)(weight, gradient, memory, group)


def _matrix(weight: torch.Tensor, gradient: torch.Tensor, memory: dict[str, Any], group: dict[str, Any]) -> None:
    if "momentum" not in memory:
        memory["momentum"] = torch.zeros_like(weight)
    average = memory["momentum"].lerp_(gradient, 1 - group["momentum"])
    move = gradient.lerp(average, group["momentum"]) if group["nesterov"] else average
    rows = move.flatten(1)
    scale = math.sqrt(max(1.0, rows.shape[0] / rows.shape[1]))
    weight.mul_(1 - group["lr"] * group["weight_decay"])
    weight.add_(orthogonal(rows).view_as(move).to(weight.dtype), alpha=-group["lr"] * scale)


def _vector(weight: torch.Tensor, gradient: torch.Tensor, memory: dict[str, Any], group: dict[str, Any]) -> None:
    if "count" not in memory:
        memory.update(count=torch.zeros(()), first=torch.zeros_like(weight), second=torch.zeros_like(weight))
    beta1, beta2 = group["betas"]
    memory["count"] += 1
    count, rate = float(memory["count"]), group["lr"] * group["vector_rate"]
    first = memory["first"].lerp_(gradient, 1 - beta1)
    second = memory["second"].mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
    weight.mul_(1 - rate * group["weight_decay"])
    size = (second / (1 - beta2**count)).sqrt_().add_(EPSILON)
    weight.addcdiv_(first, size, value=-rate / (1 - beta1**count))


def orthogonal(matrix: torch.Tensor) -> torch.Tensor:
    """About U·Vᵀ of matrix = U·Σ·Vᵀ, by five rounds of a quintic Newton–Schulz iteration in bfloat16; singular values end near 1."""
    a, b, c = QUINTIC
    x = matrix.bfloat16()
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    x = x / x.norm().clamp(min=1e-7)
    for _ in range(ROUNDS):
        gram = x @ x.T
        x = torch.addmm(x, torch.addmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.T if tall else x
