"""Optimizers: one declaration each, from which forms, files and torch's optimizer derive."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta

from netbuilder.train.declare import Declared, Family
from netbuilder.train.errors import RecipeError
from netbuilder.train.lean import lean

if TYPE_CHECKING:
    import torch

Rate = Annotated[float, Meta(gt=0.0, le=1000.0, description="How far each step goes along the negative gradient.")]
Decay = Annotated[float, Meta(ge=0.0, le=10.0, description="Pulls every weight towards zero, in proportion to its size.")]
Momentum = Annotated[float, Meta(ge=0.0, lt=1.0, description="Share of the previous step that is kept.")]
Beta = Annotated[float, Meta(ge=0.0, lt=1.0, description="How slowly the running average forgets.")]
Tiny = Annotated[float, Meta(gt=0.0, le=1.0, description="Keeps the division away from zero.")]


class Optimizer(Declared, frozen=True):
    """Base of all optimizers; every one has a learning rate."""

    learning_rate: Rate = 0.01

    def build(self, parameters: Iterable[torch.nn.Parameter], device: torch.device, *, capturable: bool = False) -> torch.optim.Optimizer:
        """torch's optimizer with these settings, fused where torch can; where it refuses that, the plain one.

        With `capturable` the rate is a tensor on the device, so that a captured CUDA graph sees changes of it; a plain
        optimizer has a number, and cannot be captured.
        """
        import torch

        kind: Any = lean(getattr(torch.optim, self.torch_name()))
        rate: Any = torch.tensor(self.learning_rate, device=device) if capturable else self.learning_rate
        learned = list(parameters)
        try:
            return kind(learned, lr=rate, **self.arguments(), **self._speed(device, capturable))  # type: ignore[no-any-return]
        except (RuntimeError, TypeError, ValueError):
            return kind(learned, lr=self.learning_rate, **self.arguments())  # type: ignore[no-any-return]

    @abstractmethod
    def torch_name(self) -> str:
        """Class name in `torch.optim`."""

    @abstractmethod
    def arguments(self) -> dict[str, Any]:
        """torch's arguments except the rate."""

    def _speed(self, device: torch.device, capturable: bool) -> dict[str, Any]:
        return {"fused": True} | ({"capturable": True} if capturable else {}) if device.type != "mps" else {}


OPTIMIZERS: Family[Optimizer] = Family("optimizer")


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


class _Adaptive(Optimizer, frozen=True):
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
