"""Adam and its relatives: steps scaled by running averages of the gradient and its size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta

from netbuilder.train.optimizers.base import OPTIMIZERS, Beta, Decay, Optimizer, Rate, Tiny

if TYPE_CHECKING:
    import torch


class _Adaptive(Optimizer, frozen=True):
    """Running averages of the gradient and of its square."""

    learning_rate: Rate = 0.001
    beta1: Beta = 0.9
    beta2: Beta = 0.999
    epsilon: Tiny = 1e-8
    weight_decay: Decay = 0.0
    amsgrad: Annotated[bool, Meta(description="Divide by the largest average so far instead of the current one.")] = False

    def arguments(self) -> dict[str, Any]:
        return {"betas": (self.beta1, self.beta2), "eps": self.epsilon, "weight_decay": self.weight_decay, "amsgrad": self.amsgrad}


@OPTIMIZERS.declare(
    "adam",
    "Adam",
    "Scales each weight's step by running averages of its gradient and its square.",
    formula="m ← β₁·m + (1 − β₁)·g;  v ← β₂·v + (1 − β₂)·g²;  w ← w − η·m̂ / (√v̂ + ε)",
    paper="Kingma and Ba, Adam: A method for stochastic optimization, 2015",
)
class Adam(_Adaptive, frozen=True):
    """Adam; weight decay is added to the gradient."""

    def torch_name(self) -> str:
        return "Adam"


@OPTIMIZERS.declare(
    "adamw",
    "AdamW",
    "Adam with weight decay applied to the weights themselves.",
    formula="w ← w − η·λ·w;  then as Adam",
    paper="Loshchilov and Hutter, Decoupled weight decay regularization, 2019",
)
class AdamW(_Adaptive, frozen=True):
    """Adam with decoupled weight decay."""

    weight_decay: Decay = 0.01

    def torch_name(self) -> str:
        return "AdamW"


class _Relative(Optimizer, frozen=True):
    """Settings that NAdam, RAdam and Adamax share."""

    learning_rate: Rate = 0.002
    beta1: Beta = 0.9
    beta2: Beta = 0.999
    epsilon: Tiny = 1e-8
    weight_decay: Decay = 0.0

    def arguments(self) -> dict[str, Any]:
        return {"betas": (self.beta1, self.beta2), "eps": self.epsilon, "weight_decay": self.weight_decay}

    def _speed(self, device: torch.device, capturable: bool) -> dict[str, Any]:
        return {"foreach": True} | ({"capturable": True} if capturable else {})


@OPTIMIZERS.declare(
    "nadam",
    "NAdam",
    "Adam that looks ahead as Nesterov does.",
    formula="μₜ = β₁·(1 − ½·0.96^(t·ψ));  w ← w − η·(μₜ₊₁·m̂ + (1 − μₜ)·ĝ) / (√v̂ + ε)",
    paper="Dozat, Incorporating Nesterov momentum into Adam, 2016",
)
class NAdam(_Relative, frozen=True):
    """Adam with Nesterov's momentum."""

    momentum_decay: Annotated[float, Meta(ge=0.0, le=1.0, description="How fast the momentum approaches β₁ (ψ).")] = 0.004

    def torch_name(self) -> str:
        return "NAdam"

    def arguments(self) -> dict[str, Any]:
        return {**_Relative.arguments(self), "momentum_decay": self.momentum_decay}


@OPTIMIZERS.declare(
    "radam",
    "RAdam",
    "Adam that begins as momentum until the average of squares can be trusted.",
    formula="ρₜ = ρ∞ − 2t·β₂ᵗ / (1 − β₂ᵗ);  scaled by √v̂ once ρₜ > 5",
    paper="Liu et al., On the variance of the adaptive learning rate and beyond, 2020",
)
class RAdam(_Relative, frozen=True):
    """Rectified Adam."""

    learning_rate: Rate = 0.001

    def torch_name(self) -> str:
        return "RAdam"


@OPTIMIZERS.declare(
    "adamax",
    "Adamax",
    "Adam with the largest recent gradient in place of the root mean square.",
    formula="u ← max(β₂·u, |g| + ε);  w ← w − η/(1 − β₁ᵗ)·m / u",
    paper="Kingma and Ba, Adam: A method for stochastic optimization, 2015, section 7.1",
)
class Adamax(_Relative, frozen=True):
    """Adam by the infinity norm."""

    def torch_name(self) -> str:
        return "Adamax"
