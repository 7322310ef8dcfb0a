"""Activations that squeeze values between limits, those that shrink them towards 0, and the random one."""

from __future__ import annotations

from math import copysign, sqrt, tanh
from typing import Annotated

from msgspec import Meta

from netbuilder.layers.declare import LayerError, Module, Shaped, Target, TensorSpec
from netbuilder.layers.elementwise import FLAT, Elementwise, activation, softplus
from netbuilder.layers.settings import Positive, Real


@activation(
    "Softsign",
    "Squeezes every value between -1 and 1, more gently than tanh.",
    "y = x / (1 + |x|)",
    "Bergstra et al.: Quadratic polynomials learn better image features, 2009",
)
class Softsign(Elementwise, frozen=True):
    """Rational squashing function."""

    def curve(self, x: float) -> float:
        return x / (1 + abs(x))

    def steep(self) -> tuple[float, float]:
        """Slope (1 − |y|)², at most 1."""
        edge = 1 - sqrt(FLAT)
        return -edge, edge


@activation(
    "ScaledTanh",
    "Tanh made steeper and taller, so that 1 stays 1 and −1 stays −1, away from the flat ends: the curve of LeNet-5 in 1998.",
    "y = A·tanh(S·x)",
    "LeCun, Bottou, Bengio & Haffner: Gradient-based learning applied to document recognition, 1998, appendix A",
    "lenet",
    "tanh",
)
class ScaledTanh(Elementwise, frozen=True):
    """Hyperbolic tangent with an amplitude and a slope."""

    amplitude: Annotated[Positive, Meta(description="A: the limits are −A and A.")] = 1.7159
    slope: Annotated[Positive, Meta(description="S: how quickly it gets there.")] = 2 / 3

    def curve(self, x: float) -> float:
        return self.amplitude * tanh(self.slope * x)

    def steep(self) -> tuple[float, float]:
        """Slope A·S·(1 − (y/A)²), at most A·S."""
        edge = self.amplitude * sqrt(1 - FLAT)
        return -edge, edge

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module("netbuilder.net.modules.lenet.ScaledTanh", self.arguments("amplitude", "slope"))


@activation("LogSigmoid", "The logarithm of the sigmoid, computed without overflow.", "y = ln σ(x)")
class LogSigmoid(Elementwise, frozen=True):
    """Logarithm of the logistic function."""

    def curve(self, x: float) -> float:
        return -softplus(-x)


@activation(
    "Hardsigmoid",
    "Sigmoid made of three straight pieces.",
    "y = min(max(0, x/6 + 1/2), 1)",
    "Courbariaux, Bengio & David: BinaryConnect, 2015",
)
class Hardsigmoid(Elementwise, frozen=True):
    """Piecewise linear sigmoid."""

    def curve(self, x: float) -> float:
        return min(max(0.0, x / 6 + 0.5), 1.0)

    def steep(self) -> tuple[float, float]:
        """Level at its limits, equally steep between them."""
        return 0.0, 1.0


@activation(
    "Hardtanh",
    "Cuts values off below and above.",
    "y = min(max(a, x), b)",
    "Collobert: Large scale machine learning, 2004",
    "clip",
    "clamp",
)
class Hardtanh(Elementwise, frozen=True):
    """Identity between two limits."""

    min_val: Annotated[Real, Meta(description="Lower limit.")] = -1.0
    max_val: Annotated[Real, Meta(description="Upper limit.")] = 1.0

    def shape(self, *inputs: TensorSpec) -> Shaped:
        if self.min_val >= self.max_val:
            raise LayerError(
                f"The lower limit {self.min_val:g} is not below the upper limit {self.max_val:g}.",
                remedy="Exchange them or set others.",
                setting="min_val",
                changes=(("Use -1 and 1", {"min_val": -1.0, "max_val": 1.0}),),
            )
        return Elementwise.shape(self, *inputs)

    def curve(self, x: float) -> float:
        return min(max(self.min_val, x), self.max_val)

    def steep(self) -> tuple[float, float]:
        """Level at its limits, equally steep between them."""
        return self.min_val, self.max_val


@activation("Hardshrink", "Sets small values to 0 and leaves the others alone.", "y = x for |x| > λ, else 0")
class Hardshrink(Elementwise, frozen=True):
    """Hard threshold on both sides of 0."""

    lambd: Annotated[Real, Meta(description="Values closer to 0 than this become 0.")] = 0.5

    def curve(self, x: float) -> float:
        return x if abs(x) > self.lambd else 0.0


@activation("Softshrink", "Pulls every value towards 0 by λ, and small ones onto it.", "y = sign(x)·max(0, |x| − λ)")
class Softshrink(Elementwise, frozen=True):
    """Soft threshold on both sides of 0."""

    lambd: Annotated[Annotated[float, Meta(ge=0.0, le=1e6)], Meta(description="How far values are pulled towards 0.")] = 0.5

    def curve(self, x: float) -> float:
        return copysign(max(0.0, abs(x) - self.lambd), x)


@activation("Tanhshrink", "What tanh leaves of a value.", "y = x − tanh x")
class Tanhshrink(Elementwise, frozen=True):
    """The value less its hyperbolic tangent."""

    def curve(self, x: float) -> float:
        return x - tanh(x)


@activation(
    "RReLU",
    "Leaky ReLU whose slope is drawn at random while training and fixed to the middle afterwards.",
    "y = max(0, x) + a·min(0, x),  a ~ U(l, u)",
    "Xu, Wang, Chen & Li: Empirical evaluation of rectified activations in convolutional network, 2015",
    "random",
    "leaky",
)
class RReLU(Elementwise, frozen=True):
    """Rectified linear unit with a random slope on the left."""

    lower: Annotated[Real, Meta(description="Smallest slope.")] = 0.125
    upper: Annotated[Real, Meta(description="Largest slope.")] = 0.3333333333333333

    def shape(self, *inputs: TensorSpec) -> Shaped:
        if self.lower > self.upper:
            raise LayerError(
                f"RReLU's smallest slope {self.lower:g} is above its largest {self.upper:g}.",
                remedy="Exchange them.",
                setting="lower",
                changes=(("Exchange them", {"lower": self.upper, "upper": self.lower}),),
            )
        return Elementwise.shape(self, *inputs)

    def curve(self, x: float) -> float:
        return x if x >= 0 else x * (self.lower + self.upper) / 2
