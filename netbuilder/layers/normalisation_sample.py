"""Normalisation that looks at one sample only: layer, RMS, group and local response normalisation.

Statistics do not count as reach: by convention a receptive field is that of the kernels.
"""

from __future__ import annotations

from math import prod
from typing import Annotated

from msgspec import Meta

from netbuilder.layers.checks import at_least, divisors, floating, product
from netbuilder.layers.declare import Category, Cost, Layer, LayerError, Module, Shaped, Target, TensorSpec, declare, show, unchanged
from netbuilder.layers.normalisation import RESCALED
from netbuilder.layers.settings import Count, Length, Positive, Real

Sizes = Count | Annotated[tuple[Count, ...], Meta(min_length=1, max_length=7)]


class _Last(Layer, frozen=True):
    """What layer and RMS normalisation share: the last axes of each sample."""

    normalized_shape: Annotated[Sizes | None, Meta(description="Last sizes to normalise over; empty means the whole sample.")] = None

    def over(self, given: TensorSpec) -> tuple[int, ...]:
        """The sizes to normalise over, after checking that the input ends in them."""
        floating(self, given)
        sizes: tuple[int, ...] = given.shape[1:]  # type: ignore[assignment]
        wanted = self.normalized_shape
        if wanted is None and sizes:
            return sizes
        asked = (wanted,) if isinstance(wanted, int) else wanted or ()
        if not asked or sizes[-len(asked) :] != asked:
            fixes = (f"Normalise the last {sizes[-1]}", {"normalized_shape": sizes[-1]}) if sizes else None
            raise LayerError(
                f"{self.about.title} is set to normalise over {product(asked) or 'nothing'}, but its input is {show(given.shape)}.",
                remedy="The sizes must be those of the input's last axes.",
                setting="normalized_shape",
                changes=(("Normalise the whole sample", {"normalized_shape": None}), fixes) if fixes else (),
            )
        return asked

    def shape(self, *inputs: TensorSpec) -> Shaped:
        self.over(inputs[0])
        return unchanged(inputs[0], RESCALED)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module(f"torch.nn.{self.about.title}", {**self.arguments(), "normalized_shape": self.over(inputs[0])})


@declare(
    "layernorm",
    "LayerNorm",
    Category.NORMALISATION,
    "normalisation",
    "Brings the numbers of each sample to mean 0 and spread 1, whatever the batch.",
    formula="y = γ·(x − μ) / √(σ² + ε) + β",
    paper="Ba, Kiros & Hinton: Layer normalization, 2016",
    main=True,
    keywords=("transformer",),
)
class LayerNorm(_Last, frozen=True):
    """Mean and variance over the last axes of one sample."""

    eps: Annotated[Positive, Meta(description="Added to the variance, so that nothing is divided by 0.")] = 1e-5
    elementwise_affine: Annotated[bool, Meta(description="Learn a scale for each number.")] = True
    bias: Annotated[bool, Meta(description="Learn a shift for each number, too.")] = True

    def cost(self, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> Cost:
        if not self.elementwise_affine:
            return Cost()
        sizes, each = self.over(inputs[0]), 2 if self.bias else 1
        total = each * prod(sizes)
        return Cost(total, 0, lambda: f"{each}·{product(sizes)} = {total:,}")


@declare(
    "rmsnorm",
    "RMSNorm",
    Category.NORMALISATION,
    "normalisation",
    "Divides each sample by its root mean square: layer normalisation without the mean.",
    formula="y = γ·x / √(mean(x²) + ε)",
    paper="Zhang & Sennrich: Root mean square layer normalization, 2019",
    keywords=("transformer",),
)
class RMSNorm(_Last, frozen=True):
    """Root mean square over the last axes of one sample."""

    eps: Annotated[Positive | None, Meta(description="Added to the mean square; empty means the smallest step of a float.")] = None
    elementwise_affine: Annotated[bool, Meta(description="Learn a scale for each number.")] = True

    def cost(self, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> Cost:
        if not self.elementwise_affine:
            return Cost()
        sizes = self.over(inputs[0])
        total = prod(sizes)
        return Cost(total, 0, lambda: f"{product(sizes)} = {total:,}")


@declare(
    "groupnorm",
    "GroupNorm",
    Category.NORMALISATION,
    "normalisation",
    "Brings groups of channels of each sample to mean 0 and spread 1; good with small batches.",
    formula="y = γ·(x − μ) / √(σ² + ε) + β,  μ, σ² over each group",
    paper="Wu & He: Group normalization, 2018",
)
class GroupNorm(Layer, frozen=True):
    """Mean and variance over groups of channels of one sample."""

    num_groups: Annotated[Count, Meta(description="How many groups the channels are split into; must divide them.")] = 4
    eps: Annotated[Positive, Meta(description="Added to the variance, so that nothing is divided by 0.")] = 1e-5
    affine: Annotated[bool, Meta(description="Learn a scale and a shift for each channel.")] = True

    def shape(self, *inputs: TensorSpec) -> Shaped:
        at_least(self, inputs[0], 1, "channels")
        floating(self, inputs[0])
        channels = inputs[0].shape[1] or 1
        if channels % self.num_groups:
            raise LayerError(
                f"{self.num_groups} groups cannot share {channels} channels evenly.",
                remedy="The number of groups must divide the number of channels.",
                setting="num_groups",
                changes=tuple(
                    (f"Use {n} group{'s' if n > 1 else ''}", {"num_groups": n}) for n in divisors(channels, near=self.num_groups)
                ),
            )
        return unchanged(inputs[0], RESCALED)

    def cost(self, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> Cost:
        channels = inputs[0].shape[1] or 1
        return Cost(2 * channels, 0, lambda: f"2·{channels} = {2 * channels:,}") if self.affine else Cost()

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module("torch.nn.GroupNorm", self.arguments("num_groups", num_channels=inputs[0].shape[1]))

    def summary(self) -> str:
        return f"{self.num_groups} groups"


@declare(
    "localresponsenorm",
    "LocalResponseNorm",
    Category.NORMALISATION,
    "normalisation",
    "Lets strong responses damp the same place in neighbouring channels.",
    formula="y = x / (k + α/n · Σ x²)^β over n neighbouring channels",
    paper="Krizhevsky, Sutskever & Hinton: ImageNet classification with deep convolutional neural networks, 2012",
    keywords=("lrn", "alexnet", "lateral inhibition"),
)
class LocalResponseNorm(Layer, frozen=True):
    """Competition among neighbouring channels, as in AlexNet."""

    size: Annotated[Length, Meta(description="How many neighbouring channels count.")] = 5
    alpha: Annotated[Real, Meta(description="Strength; divided by the size.")] = 1e-4
    beta: Annotated[Real, Meta(description="Exponent.")] = 0.75
    k: Annotated[Real, Meta(description="Added before raising to the exponent.")] = 1.0

    def shape(self, *inputs: TensorSpec) -> Shaped:
        at_least(self, inputs[0], 2, "channels and at least one more axis")
        floating(self, inputs[0])
        return unchanged(inputs[0], RESCALED)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module("torch.nn.LocalResponseNorm", self.arguments("size"))

    def summary(self) -> str:
        return f"{self.size} channels"
