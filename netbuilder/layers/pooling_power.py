"""Pooling between sum and maximum (power-average pooling), with windows of random size, and the way back from a maximum."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, ClassVar, Generic

from msgspec import Meta

from netbuilder.layers.checks import arrow, by_axis, image
from netbuilder.layers.declare import (
    Category,
    Function,
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
from netbuilder.layers.pooling import Ceil, K, M, Windowed
from netbuilder.layers.settings import Length1, Length2, Length3, Margin1, Margin2, Margin3, each

Power = Annotated[float, Meta(ge=1.0, le=64.0)]
Ratio = Annotated[float, Meta(gt=0.0, lt=1.0)]


def _declared(title: str, tip: str, formula: str, paper: str, *keywords: str, **ports: Any) -> Any:
    return declare(
        title.lower(), title, Category.POOLING, "pooling", tip, formula=formula, paper=paper, keywords=("pooling", *keywords), **ports
    )


class _PowerPool(Windowed[K], Generic[K], frozen=True):
    overhang = False

    norm_type: Annotated[Power, Meta(description="The power p: 1 sums, larger values come closer to the maximum.")] = 2.0
    ceil_mode: Ceil = False

    @property
    def rounds_up(self) -> bool:
        return self.ceil_mode

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        self.shape(*inputs)
        arguments = self.arguments("norm_type", "kernel_size")
        if self.rank == 1:
            arguments |= {name: spread(arguments[name], 1)[0] for name in ("kernel_size", "stride") if arguments.get(name)}
        return Module(f"torch.nn.{self.about.title}", arguments)

    def summary(self) -> str:
        return f"p {say(self.norm_type)} · {say(spread(self.kernel_size, self.rank))}"


def _power(rank: int, over: str) -> Any:
    paper = "Sermanet, Chintala & LeCun: Convolutional neural networks applied to house numbers digit classification, 2012"
    return _declared(f"LPPool{rank}d", f"Keeps the p-norm of each window of {over}.", "y = (Σ xᵖ)^(1/p)", paper, "norm", "lp", "l2")


@_power(1, "a sequence")
class LPPool1d(_PowerPool[Length1], frozen=True):
    """p-norm over (length)."""

    rank = 1


@_power(2, "a feature map")
class LPPool2d(_PowerPool[Length2], frozen=True):
    """p-norm over (height, width)."""

    rank = 2


@_power(3, "a volume")
class LPPool3d(_PowerPool[Length3], frozen=True):
    """p-norm over (depth, height, width)."""

    rank = 3


class _Fractional(Layer, Generic[K], frozen=True):
    rank: ClassVar[int] = 0

    kernel_size: Annotated[K, Meta(description="Size of the window.")] = each(2)
    output_size: Annotated[K | None, Meta(description="Size to reach; empty uses the ratio.")] = None
    output_ratio: Annotated[Ratio, Meta(description="Output size as a share of the input's.")] = 0.5

    def results(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """Output size on each axis; refuses sizes that the windows do not leave room for."""
        wanted = self.output_size
        found = tuple(int(n * self.output_ratio) for n in sizes) if wanted is None else spread(wanted, self.rank)
        kernel = spread(self.kernel_size, self.rank)
        if any(out < 1 or out + k - 1 >= n for out, k, n in zip(found, kernel, sizes, strict=True)):
            raise LayerError(
                f"{self.about.title} cannot place {say(found)} windows of {say(kernel)} on an input of {say(sizes)}.",
                remedy="Output size plus window must not be larger than the input.",
                setting="kernel_size" if wanted is None else "output_size",
            )
        return found

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given = inputs[0]
        sizes = image(self, given, self.rank)
        results = self.results(sizes)
        shape: Shape = (*given.shape[:2], *results)
        lines = by_axis(lambda axis: f"{results[axis]} windows at random places of {sizes[axis]}", sizes, results)
        return Shaped((TensorSpec(shape, given.dtype),), partial("{}\n{}".format, lines, arrow(given.shape, shape)))

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        sizes = image(self, inputs[0], self.rank)
        steps = tuple(n / m for n, m in zip(sizes, self.results(sizes), strict=True))
        return Reach(spread(self.kernel_size, self.rank), steps)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        goal = self.results(image(self, inputs[0], self.rank))
        return Module(f"torch.nn.{self.about.title}", {"kernel_size": self.kernel_size, "output_size": goal})

    def summary(self) -> str:
        goal = f"× {say(self.output_ratio)}" if self.output_size is None else f"to {say(self.output_size)}"
        return f"{say(spread(self.kernel_size, self.rank))} · {goal}"


def _fractional(rank: int, over: str) -> Any:
    tip = f"Keeps the largest number of windows that lie at random places of {over}, so that it shrinks by any ratio."
    formula = "M = ⌊N·ratio⌋"
    return _declared(f"FractionalMaxPool{rank}d", tip, formula, "Graham: Fractional max-pooling, 2014", "random", "maximum")


@_fractional(2, "a feature map")
class FractionalMaxPool2d(_Fractional[Length2], frozen=True):
    """Maximum over random windows of (height, width)."""

    rank = 2


@_fractional(3, "a volume")
class FractionalMaxPool3d(_Fractional[Length3], frozen=True):
    """Maximum over random windows of (depth, height, width)."""

    rank = 3


class _Unpool(Layer, Generic[K, M], frozen=True):
    rank: ClassVar[int] = 0

    kernel_size: Annotated[K, Meta(description="Window of the pooling that is undone.")] = each(2)
    stride: Annotated[K | None, Meta(description="Its stride; empty means the size of the window.")] = None
    padding: Annotated[M, Meta(description="Its padding.")] = each(0)
    output_size: Annotated[K | None, Meta(description="Size to reach; empty takes the smallest that fits.")] = None

    def results(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """Output size on each axis; refuses sizes that the pooling could not have come from."""
        rank = self.rank
        stride = spread(self.stride or self.kernel_size, rank)
        kernel, padding = spread(self.kernel_size, rank), spread(self.padding, rank)
        least = tuple((n - 1) * s - 2 * p + k for n, s, p, k in zip(sizes, stride, padding, kernel, strict=True))
        wanted = least if self.output_size is None else spread(self.output_size, rank)
        if min(least) < 1 or any(not m - s < w < m + s for w, m, s in zip(wanted, least, stride, strict=True)):
            raise LayerError(
                f"{self.about.title} cannot make {say(wanted)} from {say(sizes)} with these windows; they lead to about {say(least)}.",
                remedy="Use the window, stride and padding of the pooling that it undoes.",
                setting="output_size",
            )
        return wanted

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given, places = inputs
        sizes = image(self, given, self.rank)
        if places != (given.shape, "int64"):
            raise LayerError(
                f"{self.about.title} needs places of {show(given.shape)}, but “indices” gets {show(places.shape)} ({places.dtype}).",
                remedy="Switch return_indices on in the max pooling and wire its second output to “indices”.",
            )
        shape: Shape = (*given.shape[:2], *self.results(sizes))
        return Shaped(
            (TensorSpec(shape, given.dtype),), partial("every maximum returns to its place\n{}".format, arrow(given.shape, shape))
        )

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        self.shape(*inputs)
        goal = self.results(image(self, inputs[0], self.rank))
        arguments = {name: spread(value, self.rank) for name, value in self.arguments("kernel_size").items() if name != "output_size"}
        return Function(f"torch.nn.functional.max_unpool{self.rank}d", {**arguments, "output_size": goal})

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        return Reach((1,) * self.rank, tuple(1 / s for s in spread(self.stride or self.kernel_size, self.rank)))

    def summary(self) -> str:
        return say(spread(self.kernel_size, self.rank))


def _unpool(rank: int, over: str) -> Any:
    tip = f"Puts the maxima of {over} back where a max pooling found them, with zeros around."
    paper = "Zeiler & Fergus: Visualizing and understanding convolutional networks, 2014"
    return _declared(
        f"MaxUnpool{rank}d", tip, "W′ = (W − 1)·S − 2P + F", paper, "unpooling", "switches", "decoder", "upsample", inputs=("in", "indices")
    )


@_unpool(1, "a sequence")
class MaxUnpool1d(_Unpool[Length1, Margin1], frozen=True):
    """The way back over (length)."""

    rank = 1


@_unpool(2, "a feature map")
class MaxUnpool2d(_Unpool[Length2, Margin2], frozen=True):
    """The way back over (height, width)."""

    rank = 2


@_unpool(3, "a volume")
class MaxUnpool3d(_Unpool[Length3, Margin3], frozen=True):
    """The way back over (depth, height, width)."""

    rank = 3
