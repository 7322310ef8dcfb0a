"""Layers that make images larger or smaller without learning anything."""

from __future__ import annotations

from functools import partial
from math import floor
from typing import Annotated, Literal

from msgspec import Meta

from netbuilder.layers.checks import AXES, arrow, at_least, by_axis, divisors, floating, image
from netbuilder.layers.declare import (
    Category,
    Layer,
    LayerError,
    Module,
    Reach,
    Shape,
    Shaped,
    Target,
    TensorSpec,
    declare,
    say,
    show,
    spread,
)
from netbuilder.layers.settings import Length

Factor = Annotated[float, Meta(gt=0.0, le=1024.0)]
Factors = Factor | Annotated[tuple[Factor, ...], Meta(min_length=1, max_length=3)]
Goal = Length | Annotated[tuple[Length, ...], Meta(min_length=1, max_length=3)]
Mode = Literal["nearest", "linear", "bilinear", "bicubic", "trilinear", "nearest-exact"]

_RANK = {"linear": 1, "bilinear": 2, "bicubic": 2, "trilinear": 3}
_SMOOTH = {1: "linear", 2: "bilinear", 3: "trilinear"}


@declare(
    "upsample",
    "Upsample",
    Category.SHAPE,
    "upsample",
    "Enlarges an image by repeating or blending its pixels.",
    formula="W′ = ⌊W·factor⌋",
    paper="Odena, Dumoulin & Olah: Deconvolution and checkerboard artifacts, 2016",
    keywords=("upsampling", "resize", "interpolate", "nearest", "bilinear", "scale", "enlarge", "decoder"),
)
class Upsample(Layer, frozen=True):
    """Resizes every spatial axis by `scale_factor`, or to `size` when that is given."""

    scale_factor: Annotated[Factors, Meta(description="How many times larger each axis becomes.")] = 2.0
    size: Annotated[Goal | None, Meta(description="Size to reach; empty uses the factor.")] = None
    mode: Annotated[Mode, Meta(description="Repeat the nearest pixel, or blend neighbours.")] = "nearest"
    align_corners: Annotated[bool | None, Meta(description="Keep the corner pixels in place; only when blending.")] = None

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given = inputs[0]
        at_least(self, given, 2, "channels and at least one more axis")
        floating(self, given)
        sizes: tuple[int, ...] = given.shape[2:]  # type: ignore[assignment]
        self._check_mode(given.shape)
        setting = "scale_factor" if self.size is None else "size"
        asked = self.scale_factor if self.size is None else self.size
        if isinstance(asked, tuple) and len(asked) != len(sizes):
            raise LayerError(
                f"Upsample has {len(asked)} number{'s' if len(asked) > 1 else ''} in {setting}, "
                f"but its input {show(given.shape)} has {len(sizes)} axes to resize.",
                remedy="Give one number for all axes, or one for each.",
                setting=setting,
                changes=((f"Use {say(asked[0])} for all", {setting: asked[0]}),),
            )
        shape: Shape = (*given.shape[:2], *self._results(sizes))
        return Shaped((TensorSpec(shape, given.dtype),), partial(self._why, given.shape, shape))

    def _check_mode(self, given: Shape) -> None:
        rank = len(given) - 2
        if _RANK.get(self.mode, rank) != rank or rank not in AXES or (self.mode == "bicubic" and rank != 2):
            options = [_SMOOTH[rank], "nearest"] if rank in AXES else []
            raise LayerError(
                f"The mode “{self.mode}” does not work on an input of {show(given)}.",
                remedy="linear is for sequences, bilinear and bicubic for images, trilinear for volumes; nearest works on all three.",
                setting="mode",
                changes=tuple((f"Use {mode}", {"mode": mode, "align_corners": None}) for mode in options),
            )
        if self.align_corners is not None and self.mode not in _RANK:
            raise LayerError(
                f"Corners can be aligned only when blending, but the mode is “{self.mode}”.",
                setting="align_corners",
                changes=(("Leave align_corners empty", {"align_corners": None}), (f"Use {_SMOOTH[rank]}", {"mode": _SMOOTH[rank]})),
            )

    def _results(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        if self.size is not None:
            return spread(self.size, len(sizes))
        results = tuple(floor(size * factor) for size, factor in zip(sizes, self._factors(len(sizes)), strict=True))
        if min(results) < 1:
            raise LayerError(
                f"A factor of {say(self.scale_factor)} leaves nothing of {say(sizes)}.",
                remedy="Use a larger factor.",
                setting="scale_factor",
                changes=(("Use the factor 1", {"scale_factor": 1.0}),),
            )
        return results

    def _factors(self, rank: int) -> tuple[float, ...]:
        factor = self.scale_factor
        return factor if isinstance(factor, tuple) else (factor,) * rank

    def _why(self, given: Shape, shape: Shape) -> str:
        if self.size is not None:
            return f"as set: the size becomes {say(shape[2:])}\n{arrow(given, shape)}"
        factors = self._factors(len(given) - 2)
        lines = by_axis(lambda axis: f"⌊{given[2 + axis]}·{say(factors[axis])}⌋ = {shape[2 + axis]}", given[2:], factors)
        return f"{lines}\n{arrow(given, shape)}"

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        sizes: tuple[int, ...] = inputs[0].shape[2:]  # type: ignore[assignment]
        width = {"nearest": 1, "nearest-exact": 1, "bicubic": 4}.get(self.mode, 2)
        return Reach((width,) * len(sizes), tuple(n / m for n, m in zip(sizes, self._results(sizes), strict=True)))

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        arguments = self.arguments("scale_factor", "mode") if self.size is None else self.arguments("size", "mode")
        if self.size is not None:
            arguments.pop("scale_factor", None)
        return Module("torch.nn.Upsample", arguments)

    def summary(self) -> str:
        asked = f"× {say(self.scale_factor)}" if self.size is None else f"to {say(self.size)}"
        return f"{asked} · {self.mode}"


@declare(
    "pixelshuffle",
    "PixelShuffle",
    Category.SHAPE,
    "upsample",
    "Lays r·r channels out as one channel with r times the height and width.",
    formula="C·r²×H×W → C×r·H×r·W",
    paper="Shi et al.: Real-time single image and video super-resolution using a sub-pixel convolution, 2016",
    keywords=("sub-pixel", "super-resolution", "depth to space"),
)
class PixelShuffle(Layer, frozen=True):
    """Moves numbers from the channels to the image."""

    upscale_factor: Annotated[Length, Meta(description="How many times higher and wider the image becomes.")] = 2

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given, r = inputs[0], self.upscale_factor
        height, width = image(self, given, 2)
        channels = given.shape[1] or 1
        if channels % (r * r):
            roots = [f for f in range(2, 65) if channels % (f * f) == 0][:2]
            raise LayerError(
                f"A factor of {r} needs a multiple of {r}·{r} = {r * r} channels, but the input has {channels}.",
                remedy=f"Give the layer before it {-(-channels // (r * r)) * r * r} output channels, or use another factor.",
                setting="upscale_factor",
                changes=tuple((f"Use a factor of {f}", {"upscale_factor": f}) for f in roots or [1]),
            )
        shape: Shape = (given.shape[0], channels // (r * r), height * r, width * r)
        why = partial("{} / ({}·{}) = {}\n{}".format, channels, r, r, shape[1])
        return Shaped((TensorSpec(shape, given.dtype),), lambda: why(arrow(given.shape, shape)))

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        return Reach((1, 1), (1 / self.upscale_factor,) * 2)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module("torch.nn.PixelShuffle", self.arguments("upscale_factor"))

    def summary(self) -> str:
        return f"× {self.upscale_factor}"


@declare(
    "pixelunshuffle",
    "PixelUnshuffle",
    Category.SHAPE,
    "upsample",
    "Stacks squares of r·r pixels as channels: the image becomes r times smaller, nothing is lost.",
    formula="C×r·H×r·W → C·r²×H×W",
    paper="Shi et al.: Real-time single image and video super-resolution using a sub-pixel convolution, 2016",
    keywords=("space to depth", "downsample"),
)
class PixelUnshuffle(Layer, frozen=True):
    """Moves numbers from the image to the channels."""

    downscale_factor: Annotated[Length, Meta(description="How many times lower and narrower the image becomes.")] = 2

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given, r = inputs[0], self.downscale_factor
        height, width = image(self, given, 2)
        if height % r or width % r:
            common = [f for f in divisors(height, 64, r) if width % f == 0][:2]
            raise LayerError(
                f"A factor of {r} does not divide the {height}×{width} image.",
                remedy="Height and width must both be multiples of the factor.",
                setting="downscale_factor",
                changes=tuple((f"Use a factor of {f}", {"downscale_factor": f}) for f in common),
            )
        shape: Shape = (given.shape[0], (given.shape[1] or 1) * r * r, height // r, width // r)
        why = partial("{}·{}·{} = {}\n{}".format, given.shape[1], r, r, shape[1])
        return Shaped((TensorSpec(shape, given.dtype),), lambda: why(arrow(given.shape, shape)))

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        return Reach((self.downscale_factor,) * 2, (self.downscale_factor,) * 2)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module("torch.nn.PixelUnshuffle", self.arguments("downscale_factor"))

    def summary(self) -> str:
        return f"÷ {self.downscale_factor}"
