"""Normalisation: bring numbers to mean 0 and spread 1 along some axes, then scale and shift them."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from netbuilder.layers.checks import floating, image
from netbuilder.layers.declare import Category, Cost, Layer, LayerError, Module, Shaped, Target, TensorSpec, declare, show, unchanged
from netbuilder.layers.settings import Positive

RESCALED = "every number is rescaled in its place"
Momentum = Annotated[float, Meta(ge=0.0, le=1.0)]


class _Batch(Layer, frozen=True):
    """What batch and instance normalisation share: one scale and shift for each channel."""

    rank: ClassVar[int] = 0

    eps: Annotated[Positive, Meta(description="Added to the variance, so that nothing is divided by 0.")] = 1e-5
    momentum: Annotated[
        Momentum | None, Meta(description="Weight of the newest batch in the running mean; empty takes the plain mean.")
    ] = 0.1
    affine: Annotated[bool, Meta(description="Learn a scale and a shift for each channel.")] = True
    track_running_stats: Annotated[bool, Meta(description="Remember mean and variance for use after training.")] = True

    def shape(self, *inputs: TensorSpec) -> Shaped:
        image(self, inputs[0], self.rank)
        return unchanged(inputs[0], RESCALED)

    def cost(self, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> Cost:
        if not self.affine:
            return Cost()
        channels = inputs[0].shape[1] or 1
        return Cost(2 * channels, 0, partial(_twice, channels))

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module(f"torch.nn.{self.about.title}", self.arguments(num_features=inputs[0].shape[1]))


def _twice(channels: int) -> str:
    return f"2·{channels} = {2 * channels:,}"


_IOFFE = "Ioffe & Szegedy: Batch normalization, 2015"
_PER_CHANNEL = "y = γ·(x − μ) / √(σ² + ε) + β"


def _batch(rank: int, over: str) -> Any:
    title = f"BatchNorm{rank}d"
    tip = f"Brings each channel of {over} to mean 0 and spread 1 over the batch."
    keywords = ("batch normalization", "normalisation", "bn")
    more = {"formula": _PER_CHANNEL, "paper": _IOFFE, "keywords": keywords, "main": rank == 2}
    return declare(title.lower(), title, Category.NORMALISATION, "normalisation", tip, **more)


@_batch(1, "a sequence, or each number,")
class BatchNorm1d(_Batch, frozen=True):
    """Over (channels, length) or plain (features)."""

    rank = 1

    def shape(self, *inputs: TensorSpec) -> Shaped:
        if len(inputs[0].shape) == 2:
            floating(self, inputs[0])
            return unchanged(inputs[0], RESCALED)
        return _Batch.shape(self, *inputs)


@_batch(2, "an image")
class BatchNorm2d(_Batch, frozen=True):
    """Over (channels, height, width)."""

    rank = 2


@_batch(3, "a volume")
class BatchNorm3d(_Batch, frozen=True):
    """Over (channels, depth, height, width)."""

    rank = 3


class _Instance(_Batch, frozen=True):
    affine: Annotated[bool, Meta(description="Learn a scale and a shift for each channel.")] = False
    track_running_stats: Annotated[bool, Meta(description="Remember mean and variance for use after training.")] = False

    def shape(self, *inputs: TensorSpec) -> Shaped:
        sizes = image(self, inputs[0], self.rank)
        if max(sizes) == 1:
            raise LayerError(
                f"{self.about.title} needs more than one number in each channel, but its input is {show(inputs[0].shape)}.",
                remedy="Shrink the image less in the layers before, or use LayerNorm.",
            )
        return unchanged(inputs[0], RESCALED)


def _instance(rank: int, over: str) -> Any:
    title = f"InstanceNorm{rank}d"
    return declare(
        title.lower(),
        title,
        Category.NORMALISATION,
        "normalisation",
        f"Brings each channel of each single {over} to mean 0 and spread 1.",
        formula=_PER_CHANNEL,
        paper="Ulyanov, Vedaldi & Lempitsky: Instance normalization, 2016",
        keywords=("style", "contrast"),
    )


@_instance(1, "sequence")
class InstanceNorm1d(_Instance, frozen=True):
    """Over (channels, length)."""

    rank = 1


@_instance(2, "image")
class InstanceNorm2d(_Instance, frozen=True):
    """Over (channels, height, width)."""

    rank = 2


@_instance(3, "volume")
class InstanceNorm3d(_Instance, frozen=True):
    """Over (channels, depth, height, width)."""

    rank = 3
