"""Convolution and its transpose over one, two and three axes."""

from __future__ import annotations

from functools import partial
from math import prod
from typing import Annotated, Any, ClassVar, Generic, Literal, TypeVar

from msgspec import Meta

from netbuilder.layers.checks import arrow, by_axis, divisors, image, pack, product
from netbuilder.layers.declare import (
    Category,
    Cost,
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
    spread,
)
from netbuilder.layers.settings import Count, Length1, Length2, Length3, Margin1, Margin2, Margin3, PaddingMode, each
from netbuilder.layers.windows import Windows

Sizes = int | tuple[int, ...]
K = TypeVar("K", bound=Sizes)
P = TypeVar("P", bound=Sizes | Literal["same", "valid", "causal"])
M = TypeVar("M", bound=Sizes)


class _Kernels(Layer, Generic[K, P], frozen=True):
    """What convolution and transposed convolution share: channels, groups, counting."""

    rank: ClassVar[int] = 0

    out_channels: Annotated[Count, Meta(description="How many kernels, hence how many feature maps come out.")] = 16
    kernel_size: Annotated[K, Meta(description="Size of the window that slides over the input.")] = each(3)
    stride: Annotated[K, Meta(description="How far the window moves at each step.")] = each(1)
    padding: Annotated[P, Meta(description="Border added on every side; “same” keeps the size, “valid” adds none.")] = each(0)
    dilation: Annotated[K, Meta(description="Spacing of the kernel's elements; 1 leaves no gaps.")] = each(1)
    groups: Annotated[Count, Meta(description="Channels are split into this many independent parts.")] = 1
    bias: Annotated[bool, Meta(description="Add a learned number to every feature map.")] = True

    def image(self, given: TensorSpec) -> tuple[int, ...]:
        """Spatial sizes of the input, after checking its rank and that the groups divide the channels."""
        sizes = image(self, given, self.rank)
        groups = self.groups
        if groups != 1 and (given.shape[1] % groups or self.out_channels % groups):  # type: ignore[operator]
            raise self._uneven(given.shape[1] or 1, groups)
        return sizes

    def _uneven(self, channels: int, groups: int) -> LayerError:
        number, end = (channels, "input") if channels % groups else (self.out_channels, "output")
        which = f"{number} {end} channel{'s' if number > 1 else ''}"
        both = [d for d in divisors(channels, 64, groups) if self.out_channels % d == 0][:2] or [1]
        changes: list[tuple[str, dict[str, Any]]] = [(f"Use {d} groups" if d > 1 else "Use 1 group", {"groups": d}) for d in both]
        if channels % groups == 0:
            fitting = max(groups, round(self.out_channels / groups) * groups)
            changes.insert(0, (f"Use {fitting} output channels", {"out_channels": fitting}))
        return LayerError(
            f"{groups} groups cannot share {which} evenly.",
            remedy="The number of groups must divide both the input and the output channels.",
            setting="groups",
            changes=tuple(changes),
        )

    def cost(self, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> Cost:
        channels = inputs[0].shape[1] or 1
        weights = prod(spread(self.kernel_size, self.rank)) * (channels // self.groups) * self.out_channels
        parameters = weights + self.out_channels if self.bias else weights
        return Cost(parameters, self.uses(weights, inputs[0].shape, outputs[0].shape), partial(self._count, channels, parameters))

    def uses(self, weights: int, given: Shape, result: Shape) -> int:
        """Multiplications for one sample: every weight once for each position of the window."""
        return weights * prod(result[2:])  # type: ignore[arg-type]

    def _count(self, channels: int, parameters: int) -> str:
        inputs = f"({channels}/{self.groups})" if self.groups > 1 else str(channels)
        kernel = product([*spread(self.kernel_size, self.rank), inputs])
        return f"{f'({kernel} + 1)' if self.bias else kernel}·{self.out_channels} = {parameters:,}"

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module(f"torch.nn.{self.about.title}", self.arguments("out_channels", "kernel_size", in_channels=inputs[0].shape[1]))

    def summary(self) -> str:
        changed = self.changed()
        words = {"stride": "stride", "padding": "pad", "output_padding": "output pad", "dilation": "dilation", "groups": "groups"}
        parts = [str(self.out_channels), say(spread(self.kernel_size, self.rank))]
        parts += [f"{word} {say(changed[name])}" for name, word in words.items() if name in changed]
        parts += [changed["padding_mode"]] if "padding_mode" in changed else []
        return " · ".join([*parts, "no bias"] if "bias" in changed else parts)


class _Convolution(_Kernels[K, P], Generic[K, P], frozen=True):
    padding_mode: Annotated[PaddingMode, Meta(description="What the border holds: zeros, or the image mirrored, repeated or wrapped.")] = (
        "zeros"
    )

    def windows(self, sizes: tuple[int, ...]) -> Windows:
        """The kernel's window on each axis."""
        rank = self.rank
        kernel, dilation, padding = spread(self.kernel_size, rank), spread(self.dilation, rank), self.padding
        pads: tuple[tuple[int, int], ...]
        if padding == "same":
            extra = [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]
            pads = tuple((e // 2, e - e // 2) for e in extra)
        elif padding == "causal":
            pads = tuple((d * (k - 1), 0) for k, d in zip(kernel, dilation, strict=True))
        elif isinstance(padding, int):
            pads = ((padding, padding),) * rank
        else:
            pads = tuple((p, p) for p in padding) if isinstance(padding, tuple) else ((0, 0),) * rank
        return Windows(sizes, kernel, spread(self.stride, rank), dilation, pads)

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given = inputs[0]
        windows = self.windows(self.image(given))
        if self.padding == "same" and max(windows.stride) > 1:
            raise LayerError(
                f"Padding “same” needs stride 1, but the stride is {say(self.stride)}.",
                remedy="Give the padding as a number, or use stride 1.",
                setting="padding",
                changes=(
                    (f"Use padding {say(pack([b for b, _ in windows.pads]))}", {"padding": pack([b for b, _ in windows.pads])}),
                    ("Use stride 1", {"stride": 1}),
                ),
            )
        if self.padding_mode in ("reflect", "circular"):
            self._check_border(windows)
        results = windows.results()
        if min(results) < 1:
            raise windows.too_large()
        shape: Shape = (given.shape[0], self.out_channels, *results)
        warning = windows.warning("the kernel") if max(windows.stride) > 1 else None
        why = partial(_why, windows, given.shape, shape)
        return Shaped((TensorSpec(shape, given.dtype),), why, warning)

    def _check_border(self, windows: Windows) -> None:
        reflect = self.padding_mode == "reflect"
        most = [size - 1 if reflect else size for size in windows.sizes]
        if any(max(pads) > limit for pads, limit in zip(windows.pads, most, strict=True)):
            verb = "mirror" if reflect else "wrap"
            raise LayerError(
                f"A padding of {say(pack([max(p) for p in windows.pads]))} is too wide to {verb} an input of {say(windows.sizes)}.",
                remedy=f"{self.padding_mode.title()} padding can add at most {say(pack(most))}; use zeros or a smaller padding.",
                setting="padding_mode",
                changes=(("Pad with zeros", {"padding_mode": "zeros"}),),
            )

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        kernel, dilation = spread(self.kernel_size, self.rank), spread(self.dilation, self.rank)
        return Reach(tuple(d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)), spread(self.stride, self.rank))


def _why(windows: Windows, given: Shape, shape: Shape) -> str:
    return f"{windows.explain(shape[2:])}\n{arrow(given, shape)}"


_FORMULA = "W′ = ⌊(W + 2P − D·(F − 1) − 1) / S⌋ + 1"
_LECUN = "LeCun, Bottou, Bengio & Haffner: Gradient-based learning applied to document recognition, 1998"
_WAIBEL = "Waibel et al.: Phoneme recognition using time-delay neural networks, 1989"
_JI = "Ji, Xu, Yang & Yu: 3D convolutional neural networks for human action recognition, 2013"


def _convolution(rank: int, tip: str, paper: str, *keywords: str) -> Any:
    title = f"Conv{rank}d"
    more = {
        "formula": _FORMULA,
        "paper": paper,
        "keywords": ("convolution", "kernel", "filter", *keywords, "dilated", "grouped", "depthwise", "separable", "pointwise"),
        "main": True,
    }
    return declare(title.lower(), title, Category.CONVOLUTION, "convolution", tip, **more)


@_convolution(1, "Slides small kernels along a sequence, such as sound or a time series.", _WAIBEL, "audio", "time series", "causal")
class Conv1d(_Convolution[Length1, Margin1 | Literal["same", "valid", "causal"]], frozen=True):
    """Convolution over (channels, length). “causal” padding puts the whole border in front, so that nothing of the future is seen."""

    rank = 1

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        plain = _Kernels.target(self, inputs)
        if self.padding != "causal" or not isinstance(plain, Module):
            return plain
        arguments = {name: value for name, value in plain.arguments.items() if name != "padding"}
        return Module("netbuilder.net.modules.windows.CausalConv1d", arguments)


@_convolution(2, "Slides small kernels over an image; every kernel makes one feature map.", _LECUN, "image")
class Conv2d(_Convolution[Length2, Margin2 | Literal["same", "valid"]], frozen=True):
    """Convolution over (channels, height, width)."""

    rank = 2


@_convolution(3, "Slides small kernels through a volume, such as a CT scan or a film.", _JI, "volume", "video")
class Conv3d(_Convolution[Length3, Margin3 | Literal["same", "valid"]], frozen=True):
    """Convolution over (channels, depth, height, width)."""

    rank = 3


class _Transposed(_Kernels[K, M], Generic[K, M], frozen=True):
    output_padding: Annotated[M, Meta(description="Extra size on one side, to choose among sizes that a stride maps to one.")] = each(0)

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given, rank = inputs[0], self.rank
        axes = tuple(
            zip(
                self.image(given),
                spread(self.kernel_size, rank),
                spread(self.stride, rank),
                spread(self.dilation, rank),
                spread(self.padding, rank),
                spread(self.output_padding, rank),
                strict=True,
            )
        )
        if self.output_padding and any(extra >= s and extra >= d for _, _, s, d, _, extra in axes):
            fitting = pack([min(extra, max(s, d) - 1) for _, _, s, d, _, extra in axes])
            raise LayerError(
                f"An output padding of {say(self.output_padding)} must be smaller than the stride ({say(self.stride)}) or the dilation.",
                remedy="Output padding only chooses among the sizes that the stride leaves open.",
                setting="output_padding",
                changes=((f"Use output padding {say(fitting)}", {"output_padding": fitting}),),
            )
        results = tuple((n - 1) * s - 2 * p + d * (k - 1) + extra + 1 for n, k, s, d, p, extra in axes)
        if min(results) < 1:
            self._vanished(axes, results)
        shape: Shape = (given.shape[0], self.out_channels, *results)
        return Shaped((TensorSpec(shape, given.dtype),), partial(_why_transposed, axes, given.shape, shape))

    def _vanished(self, axes: tuple[tuple[int, ...], ...], results: tuple[int, ...]) -> None:
        fitting = pack([max(0, p - (1 - r + 1) // 2) if r < 1 else p for (_, _, _, _, p, _), r in zip(axes, results, strict=True)])
        raise LayerError(
            f"A padding of {say(self.padding)} cuts away the whole output: its size would be {say(results)}.",
            remedy="In a transposed convolution padding makes the output smaller; use less.",
            setting="padding",
            changes=((f"Use padding {say(fitting)}", {"padding": fitting}),),
        )

    def uses(self, weights: int, given: Shape, result: Shape) -> int:
        return weights * prod(given[2:])  # type: ignore[arg-type]

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        rank = self.rank
        kernel, stride, dilation = spread(self.kernel_size, rank), spread(self.stride, rank), spread(self.dilation, rank)
        spans = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
        return Reach(tuple(-(-span // s) for span, s in zip(spans, stride, strict=True)), tuple(1 / s for s in stride))


def _why_transposed(axes: tuple[tuple[int, ...], ...], given: Shape, shape: Shape) -> str:
    def line(axis: int) -> str:
        n, k, s, d, p, extra = axes[axis]
        window = f"{k}" if d == 1 else f"{d}·({k} − 1) + 1"
        return f"({n} − 1)·{s} − 2·{p} + {window}{f' + {extra}' if extra else ''} = {shape[2 + axis]}"

    return f"{by_axis(line, axes)}\n{arrow(given, shape)}"


def _transposed(rank: int, tip: str) -> Any:
    title = f"ConvTranspose{rank}d"
    more = {
        "formula": "W′ = (W − 1)·S − 2P + D·(F − 1) + O + 1",
        "paper": "Zeiler, Krishnan, Taylor & Fergus: Deconvolutional networks, 2010",
        "keywords": ("transposed", "convolution", "deconvolution", "upsampling", "decoder"),
        "main": rank == 2,
    }
    return declare(title.lower(), title, Category.CONVOLUTION, "transposed-convolution", tip, **more)


@_transposed(1, "Makes a sequence longer: a convolution run backwards.")
class ConvTranspose1d(_Transposed[Length1, Margin1], frozen=True):
    """Transposed convolution over (channels, length)."""

    rank = 1


@_transposed(2, "Makes an image larger: a convolution run backwards, as in decoders.")
class ConvTranspose2d(_Transposed[Length2, Margin2], frozen=True):
    """Transposed convolution over (channels, height, width)."""

    rank = 2


@_transposed(3, "Makes a volume larger: a convolution run backwards.")
class ConvTranspose3d(_Transposed[Length3, Margin3], frozen=True):
    """Transposed convolution over (channels, depth, height, width)."""

    rank = 3
