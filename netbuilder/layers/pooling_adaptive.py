"""Pooling to a size that is asked for, whatever the input: adaptive and global."""

from __future__ import annotations

from functools import partial
from math import gcd
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from msgspec import Meta

from netbuilder.layers.checks import arrow, at_least, by_axis, floating, image, product
from netbuilder.layers.declare import Category, Function, Layer, Module, Reach, Shape, Shaped, Target, TensorSpec, declare, say
from netbuilder.layers.settings import Length

Goal1 = Length | Annotated[tuple[Length | None, ...], Meta(min_length=1, max_length=1)]
Goal2 = Length | Annotated[tuple[Length | None, ...], Meta(min_length=2, max_length=2)]
Goal3 = Length | Annotated[tuple[Length | None, ...], Meta(min_length=3, max_length=3)]
G = TypeVar("G", bound=int | tuple[int | None, ...])


def _one() -> Any:
    return 1


class _Adaptive(Layer, Generic[G], frozen=True):
    """Windows chosen so that the output has the size asked for."""

    rank: ClassVar[int] = 0

    output_size: Annotated[G, Meta(description="Size to reach on each axis; empty keeps the input's.")] = _one()

    def goal(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """Output sizes for these input sizes."""
        wanted = self.output_size
        if isinstance(wanted, int):
            return (wanted,) * self.rank
        return tuple(size if want is None else want for want, size in zip(wanted, sizes, strict=True))

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given = inputs[0]
        sizes = image(self, given, self.rank)
        goal = self.goal(sizes)
        shape: Shape = (*given.shape[:2], *goal)
        warning = None
        if any(g > n for g, n in zip(goal, sizes, strict=True)):
            warning = f"The output {say(goal)} is larger than the input {say(sizes)}, so values repeat; Upsample is made for that."
        return Shaped((TensorSpec(shape, given.dtype),), partial(_why, sizes, goal, given.shape, shape), warning)

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        sizes: tuple[int, ...] = inputs[0].shape[2:]  # type: ignore[assignment]
        goal = self.goal(sizes)
        if max(goal) == 1:
            return Reach(everything=True)
        return Reach(tuple(map(_widest, sizes, goal)), tuple(n / g for n, g in zip(sizes, goal, strict=True)))

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        arguments = self.arguments("output_size")
        if self.rank == 1 and self.output_size == (None,):
            arguments["output_size"] = inputs[0].shape[2]
        return Module(f"torch.nn.{self.about.title}", arguments)

    def summary(self) -> str:
        wanted = self.output_size
        return "to " + "×".join("same" if w is None else str(w) for w in ((wanted,) * self.rank if isinstance(wanted, int) else wanted))


def _widest(size: int, goal: int) -> int:
    """The widest window from ⌊i·N/M⌋ to ⌈(i+1)·N/M⌉."""
    return -(-(size + goal - gcd(size, goal)) // goal)


def _why(sizes: tuple[int, ...], goal: tuple[int, ...], given: Shape, shape: Shape) -> str:
    def line(axis: int) -> str:
        size, wanted = sizes[axis], goal[axis]
        if size % wanted == 0:
            return f"{wanted} windows of {size} / {wanted} = {size // wanted}" if wanted > 1 else f"one window over all {size}"
        return f"{wanted} overlapping windows of up to {_widest(size, wanted)} over {size}"

    return f"{by_axis(line, sizes, goal)}\n{arrow(given, shape)}"


_LIN = "Lin, Chen & Yan: Network in network, 2014"


def _adaptive(kind: str, rank: int, over: str) -> Any:
    title = f"Adaptive{kind}Pool{rank}d"
    what, sign = ("mean", "mean") if kind == "Avg" else ("largest number", "max")
    return declare(
        title.lower(),
        title,
        Category.POOLING,
        "pooling",
        f"Shrinks {over} of any size to a fixed one, keeping the {what} of each part.",
        formula=f"yᵢ = {sign} x[⌊i·N/M⌋ … ⌈(i+1)·N/M⌉]",
        paper="He, Zhang, Ren & Sun: Spatial pyramid pooling in deep convolutional networks, 2014",
        keywords=("pooling", "adaptive", "any size", "average" if kind == "Avg" else "maximum"),
        main=kind == "Avg" and rank == 2,
    )


@_adaptive("Avg", 1, "a sequence")
class AdaptiveAvgPool1d(_Adaptive[Goal1], frozen=True):
    """Means over (length)."""

    rank = 1


@_adaptive("Avg", 2, "a feature map")
class AdaptiveAvgPool2d(_Adaptive[Goal2], frozen=True):
    """Means over (height, width)."""

    rank = 2


@_adaptive("Avg", 3, "a volume")
class AdaptiveAvgPool3d(_Adaptive[Goal3], frozen=True):
    """Means over (depth, height, width)."""

    rank = 3


@_adaptive("Max", 1, "a sequence")
class AdaptiveMaxPool1d(_Adaptive[Goal1], frozen=True):
    """Maxima over (length)."""

    rank = 1


@_adaptive("Max", 2, "a feature map")
class AdaptiveMaxPool2d(_Adaptive[Goal2], frozen=True):
    """Maxima over (height, width)."""

    rank = 2


@_adaptive("Max", 3, "a volume")
class AdaptiveMaxPool3d(_Adaptive[Goal3], frozen=True):
    """Maxima over (depth, height, width)."""

    rank = 3


class _Global(Layer, frozen=True):
    """One number for each channel, over all places."""

    function: ClassVar[str] = ""

    keepdim: Annotated[bool, Meta(description="Keep the axes with size 1 instead of dropping them.")] = False

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given, dtype = inputs[0]
        at_least(self, inputs[0], 2, "channels and at least one more axis, such as 16×7×7")
        floating(self, inputs[0])
        shape: Shape = given[:2] + (1,) * (len(given) - 2) if self.keepdim else given[:2]
        return Shaped((TensorSpec(shape, dtype),), partial(_pooled, given, shape))

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        return Reach(everything=True)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Function(self.function, self.arguments(dim=tuple(range(2, len(inputs[0].shape)))))


def _pooled(given: Shape, shape: Shape) -> str:
    return f"one number from all {product(given[2:])} places of each channel\n{arrow(given, shape)}"


def _global(title: str, what: str, sign: str, paper: str, *words: str) -> Any:
    return declare(
        title.lower(),
        title,
        Category.POOLING,
        "global-pooling",
        f"Keeps the {what} of each whole feature map: one number for each channel.",
        formula=f"y = {sign} over all places",
        paper=paper,
        keywords=(*words, "pooling", "global"),
    )


@_global("GlobalAvgPool", "mean", "mean", _LIN, "average", "gap")
class GlobalAvgPool(_Global, frozen=True):
    """Mean over all axes after the channels."""

    function = "torch.mean"


@_global("GlobalMaxPool", "largest number", "max", "Oquab, Bottou, Laptev & Sivic: Is object localization for free?, 2015", "maximum")
class GlobalMaxPool(_Global, frozen=True):
    """Maximum over all axes after the channels."""

    function = "torch.amax"


@_global("GlobalSumPool", "sum", "Σ", _LIN)
class GlobalSumPool(_Global, frozen=True):
    """Sum over all axes after the channels."""

    function = "torch.sum"
