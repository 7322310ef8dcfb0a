"""Pooling: fewer numbers from many, by maximum or average."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from msgspec import Meta
from msgspec.structs import replace

from netbuilder.layers.checks import arrow, image, pack
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
    spread,
)
from netbuilder.layers.settings import Count, Length1, Length2, Length3, Margin1, Margin2, Margin3, each
from netbuilder.layers.windows import Windows

Sizes = int | tuple[int, ...]
K = TypeVar("K", bound=Sizes)
M = TypeVar("M", bound=Sizes)


Ceil = Annotated[bool, Meta(description="Keep a last window that hangs over the edge.")]


class Windowed(Layer, Generic[K], frozen=True):
    """A window that slides over each channel by itself and keeps one number."""

    rank: ClassVar[int] = 0
    overhang: ClassVar[bool] = True
    """Whether torch takes a window larger than the input when padding or rounding up makes room for it."""

    kernel_size: Annotated[K, Meta(description="Size of the window.")] = each(2)
    stride: Annotated[K | None, Meta(description="How far the window moves; empty means its own size, so windows do not overlap.")] = None

    @property
    def rounds_up(self) -> bool:
        """Whether a last window may hang over the edge."""
        return False

    @property
    def steps(self) -> tuple[int, ...]:
        """Stride on each axis."""
        return spread(self.kernel_size if self.stride is None else self.stride, self.rank)

    @property
    def gaps(self) -> tuple[int, ...]:
        """Dilation on each axis."""
        return (1,) * self.rank

    def margins(self) -> tuple[int, ...]:
        """Border on each axis; a kind that has one refuses what the window does not allow."""
        return (0,) * self.rank

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given, kernel = inputs[0], spread(self.kernel_size, self.rank)
        sizes = image(self, given, self.rank)
        windows = Windows(sizes, kernel, self.steps, self.gaps, tuple((p, p) for p in self.margins()))
        results = windows.results(self.rounds_up)
        if not self.overhang and any(k > n for k, n in zip(kernel, sizes, strict=True)):
            windows = windows._replace(pads=((0, 0),) * self.rank)
            raise windows.too_large(adds_padding=False)
        if min(results) < 1:
            raise windows.too_large(adds_padding=False)
        shape: Shape = (*given.shape[:2], *results)
        warning = None if self.rounds_up else windows.warning(self.about.title)
        return Shaped((TensorSpec(shape, given.dtype),), partial(_why, windows, given.shape, shape, self.rounds_up), warning)

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        kernel = spread(self.kernel_size, self.rank)
        return Reach(tuple(d * (k - 1) + 1 for k, d in zip(kernel, self.gaps, strict=True)), self.steps)


def _why(windows: Windows, given: Shape, shape: Shape, ceil: bool) -> str:
    return f"{windows.explain(shape[2:], ceil)}\n{arrow(given, shape)}"


class _Pool(Windowed[K], Generic[K, M], frozen=True):
    padding: Annotated[M, Meta(description="Border added on every side, at most half the window.")] = each(0)
    ceil_mode: Ceil = False

    @property
    def rounds_up(self) -> bool:
        return self.ceil_mode

    def margins(self) -> tuple[int, ...]:
        kernel, pads = spread(self.kernel_size, self.rank), spread(self.padding, self.rank)
        if any(2 * pad > size for pad, size in zip(pads, kernel, strict=True)):
            most = pack([min(pad, size // 2) for pad, size in zip(pads, kernel, strict=True)])
            window = f"{say(kernel)} window" if self.rank > 1 else f"window of {kernel[0]}"
            raise LayerError(
                f"A padding of {say(self.padding)} is more than half of the {window}.",
                remedy="Windows in the border would see nothing of the input.",
                setting="padding",
                changes=((f"Use padding {say(most)}", {"padding": most}),),
            )
        return pads

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module(f"torch.nn.{self.about.title}", self.arguments("kernel_size"))

    def summary(self) -> str:
        changed = self.changed()
        parts = [say(spread(self.kernel_size, self.rank))]
        words = {"stride": "stride", "padding": "pad", "dilation": "dilation"}
        parts += [f"{word} {say(changed[name])}" for name, word in words.items() if name in changed]
        return " · ".join([*parts, "ceil"] if self.ceil_mode else parts)


class _MaxPool(_Pool[K, M], Generic[K, M], frozen=True):
    dilation: Annotated[K, Meta(description="Spacing of the window's elements; 1 leaves no gaps.")] = each(1)
    return_indices: Annotated[bool, Meta(description="A second output tells where each maximum was, for a MaxUnpool.")] = False

    def shape(self, *inputs: TensorSpec) -> Shaped:
        shaped = _Pool.shape(self, *inputs)
        if not self.return_indices:
            return shaped
        return replace(shaped, outputs=(*shaped.outputs, TensorSpec(shaped.outputs[0].shape, "int64")))

    def output_names(self) -> tuple[str, ...]:
        return ("out", "indices") if self.return_indices else self.about.outputs

    @property
    def gaps(self) -> tuple[int, ...]:
        return spread(self.dilation, self.rank)


class _AvgPool(_Pool[K, M], Generic[K, M], frozen=True):
    count_include_pad: Annotated[bool, Meta(description="Count the zeros of the border in the average.")] = True


_WINDOW = "W′ = ⌊(W + 2P − F) / S⌋ + 1"


def _pool(title: str, tip: str, formula: str, paper: str, *keywords: str, main: bool = False) -> Any:
    more = {"formula": formula, "paper": paper, "keywords": ("pooling", *keywords, "subsampling"), "main": main}
    return declare(title.lower(), title, Category.POOLING, "pooling", tip, **more)


def _max(rank: int, over: str) -> Any:
    paper = "Ranzato, Huang, Boureau & LeCun: Unsupervised learning of invariant feature hierarchies, 2007"
    tip, formula = f"Keeps the largest number of each window of {over}.", f"y = max over the window;  {_WINDOW}"
    return _pool(f"MaxPool{rank}d", tip, formula, paper, "maximum", main=rank == 2)


def _average(rank: int, over: str) -> Any:
    paper = "LeCun et al.: Gradient-based learning applied to document recognition, 1998"
    tip, formula = f"Keeps the mean of each window of {over}.", f"y = mean over the window;  {_WINDOW}"
    return _pool(f"AvgPool{rank}d", tip, formula, paper, "average", "mean", main=rank == 2)


@_max(1, "a sequence")
class MaxPool1d(_MaxPool[Length1, Margin1], frozen=True):
    """Maximum over (length)."""

    rank = 1


@_max(2, "a feature map")
class MaxPool2d(_MaxPool[Length2, Margin2], frozen=True):
    """Maximum over (height, width)."""

    rank = 2


@_max(3, "a volume")
class MaxPool3d(_MaxPool[Length3, Margin3], frozen=True):
    """Maximum over (depth, height, width)."""

    rank = 3


@_average(1, "a sequence")
class AvgPool1d(_AvgPool[Length1, Margin1], frozen=True):
    """Mean over (length)."""

    rank = 1


class _AvgPoolDivided(_AvgPool[K, M], Generic[K, M], frozen=True):
    divisor_override: Annotated[Count | None, Meta(description="Divide by this, not by the window size; 1 makes sum pooling.")] = None


@_average(2, "a feature map")
class AvgPool2d(_AvgPoolDivided[Length2, Margin2], frozen=True):
    """Mean over (height, width)."""

    rank = 2


@_average(3, "a volume")
class AvgPool3d(_AvgPoolDivided[Length3, Margin3], frozen=True):
    """Mean over (depth, height, width)."""

    rank = 3
    overhang = False


class _SumPool(_Pool[K, M], Generic[K, M], frozen=True):
    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module(f"torch.nn.AvgPool{self.rank}d", {**self.arguments("kernel_size"), "divisor_override": 1})


def _sum(rank: int, over: str) -> Any:
    paper = "LeCun et al.: Gradient-based learning applied to document recognition, 1998"
    return _pool(f"SumPool{rank}d", f"Keeps the sum of each window of {over}.", f"y = Σ over the window;  {_WINDOW}", paper, "sum", "add")


@_sum(1, "a sequence")
class SumPool1d(_SumPool[Length1, Margin1], frozen=True):
    """Sum over (length)."""

    rank = 1

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        kernel, stride, padding = spread(self.kernel_size, 1)[0], self.steps[0], spread(self.padding, 1)[0]
        arguments = {"kernel_size": kernel, "stride": stride, "padding": padding, "ceil_mode": self.ceil_mode}
        return Module("netbuilder.net.modules.windows.SumPool1d", arguments)


@_sum(2, "a feature map")
class SumPool2d(_SumPool[Length2, Margin2], frozen=True):
    """Sum over (height, width)."""

    rank = 2


@_sum(3, "a volume")
class SumPool3d(_SumPool[Length3, Margin3], frozen=True):
    """Sum over (depth, height, width)."""

    rank = 3
    overhang = False
