"""Initial weights: one declaration for each way to draw them, for all layers or for one."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta

from netbuilder.core.graph import Value
from netbuilder.train.declare import Declared, Family

if TYPE_CHECKING:
    import torch

Gain = Annotated[float, Meta(gt=0.0, le=100.0, description="What the spread is multiplied by; √2 suits ReLU, 5/3 tanh.")]


class Initialiser(Declared, frozen=True):
    """Base of all initialisers. One with `fans` needs a weight with two axes or more."""

    @abstractmethod
    def draw(self, weight: torch.Tensor) -> None:
        """Fill a weight in place from torch's random numbers."""

    @property
    def fans(self) -> bool:
        """Whether it needs the numbers of inputs and outputs, which vectors do not have."""
        return True


INITIALISERS: Family[Initialiser] = Family("initialisation")


@INITIALISERS.declare("default", "Each layer's own", "What torch does: uniform, ±1/√n for most layers.")
class Default(Initialiser, frozen=True):
    """Leaves everything as torch's layer initialises it."""

    def draw(self, weight: torch.Tensor) -> None:
        pass


@INITIALISERS.declare("zeros", "Zeros", "All the same: symmetry never breaks, and nothing useful is learned.", formula="w = 0")
class Zeros(Initialiser, frozen=True):
    """All zeros."""

    @property
    def fans(self) -> bool:
        return False

    def draw(self, weight: torch.Tensor) -> None:
        weight.zero_()


@INITIALISERS.declare("constant", "Constant", "The same value everywhere; for biases, or to see symmetry at work.", formula="w = c")
class Constant(Initialiser, frozen=True):
    """One value."""

    value: Annotated[float, Meta(ge=-1000.0, le=1000.0, description="The value.")] = 0.1

    @property
    def fans(self) -> bool:
        return False

    def draw(self, weight: torch.Tensor) -> None:
        weight.fill_(self.value)


@INITIALISERS.declare("normal", "Normal", "A bell curve of fixed width, whatever the layer's size.", formula="w ~ N(μ, σ²)")
class Normal(Initialiser, frozen=True):
    """Gaussian values."""

    mean: Annotated[float, Meta(ge=-100.0, le=100.0, description="Middle of the bell.")] = 0.0
    std: Annotated[float, Meta(ge=0.0, le=100.0, description="Standard deviation.")] = 0.01

    @property
    def fans(self) -> bool:
        return False

    def draw(self, weight: torch.Tensor) -> None:
        weight.normal_(self.mean, self.std)


@INITIALISERS.declare("uniform", "Uniform", "All values of a range alike, whatever the layer's size.", formula="w ~ U(a, b)")
class Uniform(Initialiser, frozen=True):
    """Values between two limits."""

    low: Annotated[float, Meta(ge=-1000.0, le=1000.0, description="Lower end.")] = -0.05
    high: Annotated[float, Meta(ge=-1000.0, le=1000.0, description="Upper end.")] = 0.05

    @property
    def fans(self) -> bool:
        return False

    def draw(self, weight: torch.Tensor) -> None:
        weight.uniform_(min(self.low, self.high), max(self.low, self.high))


@INITIALISERS.declare(
    "inverse-root",
    "1/√n",
    "Keeps the size of a sum of n inputs.",
    formula="w ~ N(0, 1/n), n inputs",
    paper="LeCun et al., Efficient BackProp, 1998",
)
class InverseRoot(Initialiser, frozen=True):
    """Standard deviation 1/√n for n inputs."""

    distribution: Annotated[Literal["normal", "uniform"], Meta(description="Bell curve, or all values of the range alike.")] = "normal"

    def draw(self, weight: torch.Tensor) -> None:
        std = 1 / math.sqrt(max(weight[0].numel(), 1))
        if self.distribution == "normal":
            weight.normal_(0.0, std)
        else:
            weight.uniform_(-math.sqrt(3) * std, math.sqrt(3) * std)


_GLOROT = "Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010"
_HE = "He et al., Delving deep into rectifiers, 2015"


class _Glorot(Initialiser, frozen=True):
    gain: Gain = 1.0


@INITIALISERS.declare(
    "xavier-uniform", "Glorot uniform", "For tanh and linear layers.", formula="w ~ U(±g·√(6/(n_in + n_out)))", paper=_GLOROT
)
class GlorotUniform(_Glorot, frozen=True):
    """Balances the sizes of activations and gradients."""

    def draw(self, weight: torch.Tensor) -> None:
        from torch.nn import init

        init.xavier_uniform_(weight, self.gain)


@INITIALISERS.declare(
    "xavier-normal", "Glorot normal", "For tanh and linear layers.", formula="w ~ N(0, g²·2/(n_in + n_out))", paper=_GLOROT
)
class GlorotNormal(_Glorot, frozen=True):
    """Balances the sizes of activations and gradients."""

    def draw(self, weight: torch.Tensor) -> None:
        from torch.nn import init

        init.xavier_normal_(weight, self.gain)


class _He(Initialiser, frozen=True):
    mode: Annotated[Literal["fan_in", "fan_out"], Meta(description="Keep the size forwards, or of gradients backwards.")] = "fan_in"


@INITIALISERS.declare("he-uniform", "He uniform", "For ReLU and its kin.", formula="w ~ U(±√(6/n))", paper=_HE)
class HeUniform(_He, frozen=True):
    """Keeps the size of activations through ReLU."""

    def draw(self, weight: torch.Tensor) -> None:
        from torch.nn import init

        init.kaiming_uniform_(weight, mode=self.mode, nonlinearity="relu")


@INITIALISERS.declare("he-normal", "He normal", "For ReLU and its kin.", formula="w ~ N(0, 2/n)", paper=_HE)
class HeNormal(_He, frozen=True):
    """Keeps the size of activations through ReLU."""

    def draw(self, weight: torch.Tensor) -> None:
        from torch.nn import init

        init.kaiming_normal_(weight, mode=self.mode, nonlinearity="relu")


@INITIALISERS.declare(
    "orthogonal",
    "Orthogonal",
    "Rows at right angles: signals keep their length through many layers.",
    formula="W·Wᵀ = g²·I",
    paper="Saxe et al., Exact solutions to the nonlinear dynamics of learning in deep linear neural networks, 2014",
)
class Orthogonal(Initialiser, frozen=True):
    """A random orthogonal matrix; kernels as out × rest."""

    gain: Gain = 1.0

    def draw(self, weight: torch.Tensor) -> None:
        from torch.nn import init

        init.orthogonal_(weight, self.gain)


@INITIALISERS.declare(
    "identity",
    "Identity",
    "The layer begins by passing on what it gets: a kernel with 1 in its centre, a matrix with 1 on its diagonal.",
    formula="w = δ",
)
class IdentityKernel(Initialiser, frozen=True):
    """Channels beyond those of the input begin with 0. A kernel of even size has its 1 behind the middle."""

    def draw(self, weight: torch.Tensor) -> None:
        from torch.nn import init

        if weight.dim() == 2:
            init.eye_(weight)
        else:
            init.dirac_(weight)


def weights_of(layer: torch.nn.Module) -> tuple[list[torch.nn.Parameter], list[torch.nn.Parameter]]:
    """A layer's own weights and biases, by name."""
    named = list(layer.named_parameters(recurse=False))
    return [p for name, p in named if "bias" not in name], [p for name, p in named if "bias" in name]


def initialise(module: torch.nn.Module, scheme: Value) -> None:
    """Draw every matrix and kernel anew and set the biases beside it to zero; `default` changes nothing. Embeddings stay."""
    import torch

    chosen = INITIALISERS.read(scheme)
    if isinstance(chosen, Default):
        return
    with torch.no_grad():
        for layer in _drawn(module):
            weights, biases = weights_of(layer)
            large = [weight for weight in weights if weight.dim() >= 2]
            for weight in large:
                chosen.draw(weight)
            for bias in biases if large else ():
                bias.zero_()


def _drawn(module: torch.nn.Module) -> Iterator[torch.nn.Module]:
    from torch import nn

    return (layer for layer in module.modules() if not isinstance(layer, nn.Embedding))
