"""Gradient descent, plain and with momentum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta

from netbuilder.train.errors import RecipeError
from netbuilder.train.optimizers.base import OPTIMIZERS, Decay, Momentum, Optimizer, Rate

if TYPE_CHECKING:
    import torch


@OPTIMIZERS.declare(
    "sgd",
    "SGD",
    "Steps along the negative gradient, with momentum if you like.",
    formula="v ← μ·v + (1 − τ)·(g + λ·w);  w ← w − η·v",
    paper="Sutskever et al., On the importance of initialization and momentum in deep learning, 2013",
)
class SGD(Optimizer, frozen=True):
    """Stochastic gradient descent with momentum, dampening and Nesterov's look-ahead."""

    learning_rate: Rate = 0.05
    momentum: Momentum = 0.9
    nesterov: Annotated[bool, Meta(description="Take the gradient where momentum would carry us.")] = False
    weight_decay: Decay = 0.0005
    dampening: Annotated[float, Meta(ge=0.0, le=1.0, description="Share of the new gradient that momentum leaves out.")] = 0.0

    def __post_init__(self) -> None:
        if self.nesterov and (self.momentum == 0 or self.dampening != 0):
            raise RecipeError(
                "Nesterov needs momentum above 0 and dampening 0.",
                place="optimizer.nesterov",
                remedy="Raise momentum, or switch Nesterov off.",
            )

    def torch_name(self) -> str:
        return "SGD"

    def arguments(self) -> dict[str, Any]:
        return {"momentum": self.momentum, "nesterov": self.nesterov, "weight_decay": self.weight_decay, "dampening": self.dampening}

    def _speed(self, device: torch.device, capturable: bool) -> dict[str, Any]:
        return {"fused": True} if device.type != "mps" else {}
