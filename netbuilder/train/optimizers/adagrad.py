"""Optimizers that divide by the size of the gradients so far, each weight by its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta

from netbuilder.train.optimizers.base import OPTIMIZERS, Beta, Decay, Momentum, Optimizer, Rate, Tiny

if TYPE_CHECKING:
    import torch


@OPTIMIZERS.declare(
    "rmsprop",
    "RMSProp",
    "Divides each step by the running root mean square of the gradient.",
    formula="v ← α·v + (1 − α)·g²;  w ← w − η·g / (√v + ε)",
    paper="Tieleman and Hinton, Lecture 6.5: rmsprop, 2012",
)
class RMSProp(Optimizer, frozen=True):
    """RMSProp, optionally centred and with momentum."""

    learning_rate: Rate = 0.001
    alpha: Beta = 0.99
    epsilon: Tiny = 1e-8
    momentum: Momentum = 0.0
    centered: Annotated[bool, Meta(description="Subtract the squared mean of the gradient: divide by its standard deviation.")] = False
    weight_decay: Decay = 0.0

    def torch_name(self) -> str:
        return "RMSprop"

    def arguments(self) -> dict[str, Any]:
        return {
            "alpha": self.alpha,
            "eps": self.epsilon,
            "momentum": self.momentum,
            "centered": self.centered,
            "weight_decay": self.weight_decay,
        }

    def _speed(self, device: torch.device, capturable: bool) -> dict[str, Any]:
        return {"foreach": True} | ({"capturable": True} if capturable else {})


@OPTIMIZERS.declare(
    "adagrad",
    "AdaGrad",
    "Divides each weight's step by the root of all its squared gradients so far.",
    formula="n ← n + g²;  w ← w − η·g / (√n + ε)",
    paper="Duchi et al., Adaptive subgradient methods for online learning and stochastic optimization, 2011",
)
class AdaGrad(Optimizer, frozen=True):
    """AdaGrad; its steps only ever get shorter."""

    epsilon: Tiny = 1e-10
    weight_decay: Decay = 0.0

    def torch_name(self) -> str:
        return "Adagrad"

    def arguments(self) -> dict[str, Any]:
        return {"eps": self.epsilon, "weight_decay": self.weight_decay}

    def _speed(self, device: torch.device, capturable: bool) -> dict[str, Any]:
        return {"fused": True} if device.type == "cpu" else {"foreach": True}


@OPTIMIZERS.declare(
    "adadelta",
    "AdaDelta",
    "Scales each step by the running size of earlier steps over that of the gradients; hardly needs a rate.",
    formula="Δ = g·√(d + ε) / √(v + ε);  w ← w − η·Δ;  v, d: running means of g², Δ²",
    paper="Zeiler, ADADELTA: An adaptive learning rate method, 2012",
)
class AdaDelta(Optimizer, frozen=True):
    """AdaDelta; the paper's rate is 1."""

    learning_rate: Rate = 1.0
    rho: Beta = 0.9
    epsilon: Tiny = 1e-6
    weight_decay: Decay = 0.0

    def torch_name(self) -> str:
        return "Adadelta"

    def arguments(self) -> dict[str, Any]:
        return {"rho": self.rho, "eps": self.epsilon, "weight_decay": self.weight_decay}

    def _speed(self, device: torch.device, capturable: bool) -> dict[str, Any]:
        return {"foreach": True} | ({"capturable": True} if capturable else {})


Shrinking = Annotated[float, Meta(ge=0.0, le=10.0, description="Pulls towards zero by a constant amount: many weights become exactly 0.")]
Damping = Annotated[float, Meta(ge=0.0, le=10.0, description="Pulls towards zero in proportion to the weight.")]


class _Proximal(Optimizer, frozen=True):
    """Optimizers that solve for the penalty in closed form at every step."""

    l1: Shrinking = 0.0
    l2: Damping = 0.0

    def kind(self) -> type[torch.optim.Optimizer]:
        from netbuilder.train.optimizers import proximal

        return getattr(proximal, self.torch_name())  # type: ignore[no-any-return]

    def _speed(self, device: torch.device, capturable: bool) -> dict[str, Any]:
        return {}


@OPTIMIZERS.declare(
    "proximal-adagrad",
    "Proximal AdaGrad",
    "AdaGrad whose L1 and L2 penalties act after the step, so that weights reach exactly 0.",
    formula="n ← n + g²; η' = η/√n; u = w − η'·g;  w ← sign(u)·max(|u| − η'·λ₁, 0) / (1 + η'·λ₂)",
    paper="Duchi et al., Adaptive subgradient methods, 2011; Duchi and Singer, Forward backward splitting, 2009",
)
class ProximalAdaGrad(_Proximal, frozen=True):
    """Forward–backward splitting with AdaGrad's rates."""

    initial: Annotated[float, Meta(gt=0.0, le=100.0, description="What the sum of squares begins with.")] = 0.1

    def torch_name(self) -> str:
        return "ProximalAdagrad"

    def arguments(self) -> dict[str, Any]:
        return {"l1": self.l1, "l2": self.l2, "initial": self.initial}


@OPTIMIZERS.declare(
    "ftrl",
    "FTRL-proximal",
    "Follows the regularised leader: the best weights for all gradients so far, with few of them not 0.",
    formula="z ← z + g − σ·w, σ = (√(n + g²) − √n)/η;  w = −(z − sign(z)·λ₁) / ((β + √n)/η + λ₂), 0 where |z| ≤ λ₁",
    paper="McMahan et al., Ad click prediction: a view from the trenches, 2013",
)
class FTRL(_Proximal, frozen=True):
    """FTRL-proximal; weights that do not begin at 0 count as the leader's first choice."""

    learning_rate: Rate = 0.1
    beta: Annotated[float, Meta(gt=0.0, le=100.0, description="Shortens the first steps.")] = 1.0

    def torch_name(self) -> str:
        return "FTRL"

    def arguments(self) -> dict[str, Any]:
        return {"l1": self.l1, "l2": self.l2, "beta": self.beta}
