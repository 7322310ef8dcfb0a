"""The activations that everybody knows, then the smooth and leaky relatives of ReLU."""

from __future__ import annotations

from math import erf, expm1, pi, sqrt, tanh
from typing import Annotated, Literal

from msgspec import Meta

from netbuilder.layers.declare import Cost, LayerError, Module, Shaped, Target, TensorSpec
from netbuilder.layers.elementwise import FLAT, Elementwise, activation, sigmoid, softplus
from netbuilder.layers.settings import Count, Positive, Real

_SELU_SCALE = 1.0507009873554805
_SELU_ALPHA = 1.6732632423543772


@activation(
    "ReLU",
    "Lets positive values through and sets negative ones to 0.",
    "y = max(0, x)",
    "Nair & Hinton: Rectified linear units improve restricted Boltzmann machines, 2010",
    "rectifier",
    main=True,
)
class ReLU(Elementwise, frozen=True):
    """Rectified linear unit."""

    def curve(self, x: float) -> float:
        return max(0.0, x)


@activation(
    "Tanh", "Squeezes every value between -1 and 1.", "y = tanh x", "LeCun, Bottou, Orr & Müller: Efficient backprop, 1998", main=True
)
class Tanh(Elementwise, frozen=True):
    """Hyperbolic tangent."""

    def curve(self, x: float) -> float:
        return tanh(x)

    def steep(self) -> tuple[float, float]:
        """Slope 1 − y², at most 1."""
        edge = sqrt(1 - FLAT)
        return -edge, edge


@activation(
    "Sigmoid",
    "Squeezes every value between 0 and 1.",
    "σ(x) = 1 / (1 + e⁻ˣ)",
    "Rumelhart, Hinton & Williams: Learning representations by back-propagating errors, 1986",
    "logistic",
    main=True,
)
class Sigmoid(Elementwise, frozen=True):
    """Logistic function."""

    def curve(self, x: float) -> float:
        return sigmoid(x)

    def steep(self) -> tuple[float, float]:
        """Slope y·(1 − y), at most 1/4."""
        edge = sqrt(1 - FLAT) / 2
        return 0.5 - edge, 0.5 + edge


@activation(
    "LeakyReLU",
    "ReLU that lets a little of the negative values through, so that no unit dies.",
    "y = max(0, x) + a·min(0, x)",
    "Maas, Hannun & Ng: Rectifier nonlinearities improve neural network acoustic models, 2013",
)
class LeakyReLU(Elementwise, frozen=True):
    """Rectified linear unit with a small slope on the left."""

    negative_slope: Annotated[Real, Meta(description="Slope for negative values.")] = 0.01

    def curve(self, x: float) -> float:
        return x if x >= 0 else self.negative_slope * x


@activation(
    "PReLU",
    "Leaky ReLU that learns its slope.",
    "y = max(0, x) + a·min(0, x),  a learned",
    "He, Zhang, Ren & Sun: Delving deep into rectifiers, 2015",
    "learned",
)
class PReLU(Elementwise, frozen=True):
    """Rectified linear unit with a learned slope on the left."""

    num_parameters: Annotated[Count, Meta(description="One slope for all channels (1), or one for each (their number).")] = 1
    init: Annotated[Real, Meta(description="Slope at the start.")] = 0.25

    def shape(self, *inputs: TensorSpec) -> Shaped:
        shape = inputs[0].shape
        channels = shape[1] if len(shape) > 1 else 1
        if self.num_parameters not in (1, channels):
            raise LayerError(
                f"PReLU has {self.num_parameters} slopes, but its input has {channels} channels.",
                remedy="There is either one slope for all channels or one for each.",
                setting="num_parameters",
                changes=((f"Use {channels} slopes", {"num_parameters": channels}), ("Use one slope", {"num_parameters": 1})),
            )
        return Elementwise.shape(self, *inputs)

    def cost(self, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> Cost:
        return Cost(self.num_parameters, 0, lambda: f"{self.num_parameters} learned slope{'s' if self.num_parameters > 1 else ''}")

    def curve(self, x: float) -> float:
        return x if x >= 0 else self.init * x


@activation(
    "GELU",
    "A smooth ReLU: x times the chance that a normal number is below x.",
    "y = x·Φ(x)",
    "Hendrycks & Gimpel: Gaussian error linear units, 2016",
    main=True,
)
class GELU(Elementwise, frozen=True):
    """Gaussian error linear unit."""

    approximate: Annotated[Literal["none", "tanh"], Meta(description="Exact, or with the faster tanh formula.")] = "none"

    def curve(self, x: float) -> float:
        if self.approximate == "tanh":
            return x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3)))
        return x / 2 * (1 + erf(x / sqrt(2)))


@activation(
    "SiLU",
    "A smooth ReLU: x times its sigmoid.",
    "y = x·σ(x)",
    "Ramachandran, Zoph & Le: Searching for activation functions, 2017",
    "swish",
)
class SiLU(Elementwise, frozen=True):
    """Sigmoid linear unit, also called swish."""

    def curve(self, x: float) -> float:
        return x * sigmoid(x)


@activation(
    "Mish",
    "A smooth ReLU that dips a little below 0.",
    "y = x·tanh(ln(1 + eˣ))",
    "Misra: Mish: a self regularized non-monotonic activation function, 2019",
)
class Mish(Elementwise, frozen=True):
    """Self-gated smooth unit."""

    def curve(self, x: float) -> float:
        return x * tanh(softplus(x))


@activation(
    "ELU",
    "Like ReLU, but negative values approach -α smoothly.",
    "y = x for x > 0, else α·(eˣ − 1)",
    "Clevert, Unterthiner & Hochreiter: Fast and accurate deep network learning by exponential linear units, 2016",
)
class ELU(Elementwise, frozen=True):
    """Exponential linear unit."""

    alpha: Annotated[Real, Meta(description="Limit on the left, with the sign turned.")] = 1.0

    def curve(self, x: float) -> float:
        return x if x > 0 else self.alpha * expm1(x)


@activation(
    "SELU",
    "ELU scaled so that activations keep mean 0 and spread 1 by themselves.",
    "y = λ·(x for x > 0, else α·(eˣ − 1)),  λ = 1.0507, α = 1.6733",
    "Klambauer, Unterthiner, Mayr & Hochreiter: Self-normalizing neural networks, 2017",
)
class SELU(Elementwise, frozen=True):
    """Scaled exponential linear unit."""

    def curve(self, x: float) -> float:
        return _SELU_SCALE * (x if x > 0 else _SELU_ALPHA * expm1(x))


@activation(
    "CELU",
    "ELU whose slope is continuous for every α.",
    "y = max(0, x) + min(0, α·(e^(x/α) − 1))",
    "Barron: Continuously differentiable exponential linear units, 2017",
)
class CELU(Elementwise, frozen=True):
    """Continuously differentiable exponential linear unit."""

    alpha: Annotated[Positive, Meta(description="Limit on the left, with the sign turned.")] = 1.0

    def curve(self, x: float) -> float:
        return x if x > 0 else self.alpha * expm1(x / self.alpha)


@activation("ReLU6", "ReLU that stops at 6, for arithmetic with few bits.", "y = min(max(0, x), 6)", "Howard et al.: MobileNets, 2017")
class ReLU6(Elementwise, frozen=True):
    """Rectified linear unit with a ceiling."""

    def curve(self, x: float) -> float:
        return min(max(0.0, x), 6.0)


@activation(
    "Hardswish",
    "SiLU with the sigmoid made of straight pieces.",
    "y = x·min(max(0, x/6 + 1/2), 1)",
    "Howard et al.: Searching for MobileNetV3, 2019",
)
class Hardswish(Elementwise, frozen=True):
    """Piecewise SiLU."""

    def curve(self, x: float) -> float:
        return x * min(max(0.0, x / 6 + 0.5), 1.0)


@activation(
    "Softplus",
    "A smooth ReLU that is always above 0.",
    "y = ln(1 + e^(β·x)) / β",
    "Dugas et al.: Incorporating second-order functional knowledge, 2001",
)
class Softplus(Elementwise, frozen=True):
    """Smooth rectifier."""

    beta: Annotated[Positive, Meta(description="Sharpness of the bend.")] = 1.0
    threshold: Annotated[Real, Meta(description="Above this the function is taken as straight.")] = 20.0

    def curve(self, x: float) -> float:
        return x if self.beta * x > self.threshold else softplus(self.beta * x) / self.beta


@activation("Threshold", "Replaces every value that is not above a threshold.", "y = x for x > t, else v")
class Threshold(Elementwise, frozen=True):
    """Step to a fixed value."""

    threshold: Annotated[Real, Meta(description="Values up to this are replaced.")] = 0.0
    value: Annotated[Real, Meta(description="What they are replaced with.")] = 0.0

    def curve(self, x: float) -> float:
        return x if x > self.threshold else self.value

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module("torch.nn.Threshold", self.arguments("threshold", "value"))
