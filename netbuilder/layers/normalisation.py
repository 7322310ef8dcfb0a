"""Normalisation: bring numbers to mean 0 and spread 1 along some axes, then scale and shift them."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from netbuilder.layers.checks import floating, image
from netbuilder.layers.declare import (
    Category,
    Cost,
    Layer,
    Module,
    Shaped,
    Target,
    TensorSpec,
    declare,
    unchanged,
)
from netbuilder.layers.settings import Positive

Momentum = Annotated[float, Meta(ge=0.0, le=1.0)]


class _Batch(Layer, frozen=True):
    """What batch and instance normalisation share: one scale and shift for each channel."""

    rank: ClassVar[int] = 0

    eps: Annotated[Positive, Meta(description="Added to the variance, so that nothing is divided by 0.")] = 1e-5
    momentum: Annotated[
        Momentum | None, Meta(description="Share of the newest batch in the running mean; empty keeps a plain average.")
    ] = 0.1
    affine: Annotated[bool, Meta(description="Learn a scale and a shift for each channel.")] = True
    track_running_stats: Annotated[bool, Meta(description="Remember mean and variance for use after training.")] = True

    def shape(self, *inputs: TensorSpec) -> Shaped:
        image(self, inputs[0], self.rank)
        return unchanged(inputs[0])

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
    return declare(
        title.lower(), title, Category.NORMALISATION, "normalisation", tip, formula=_PER_CHANNEL, paper=_IOFFE, keywords=keywords
    )


@_batch(1, "a sequence, or each number,")
class BatchNorm1d(_Batch, frozen=True):
    """Over (channels, length) or plain (features)."""

    rank = 1

    def shape(self, *inputs: TensorSpec) -> Shaped:
        if len(inputs[0].shape) == 2:
            floating(self, inputs[0])
            return unchanged(inputs[0])
        return _Batch.shape(self, *inputs)


@_batch(2, "an image")
class BatchNorm2d(_Batch, frozen=True):
    """Over (channels, height, width)."""

    rank = 2


@_batch(3, "a volume")
class BatchNorm3d(_Batch, frozen=True):
    """Over (channels, depth, height, width)."""

    rank = 3
