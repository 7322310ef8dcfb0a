"""The layers of LeNet-5 as published in 1998: trainable subsampling, a convolution with a table of connections, radial basis outputs."""

from __future__ import annotations

import re
from functools import partial
from math import prod
from typing import Annotated, Literal

from msgspec import Meta

from netbuilder.layers.checks import arrow, floating, image, pack, product
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
from netbuilder.layers.settings import Count, Length2, Margin2
from netbuilder.layers.windows import Windows

LECUN = "LeCun, Bottou, Bengio & Haffner: Gradient-based learning applied to document recognition, 1998"
C3_TABLE = (
    "0 1 2, 1 2 3, 2 3 4, 3 4 5, 0 4 5, 0 1 5, 0 1 2 3, 1 2 3 4, 2 3 4 5, 0 3 4 5, 0 1 4 5, 0 1 2 5, 0 1 3 4, 1 2 4 5, 0 2 3 5, 0 1 2 3 4 5"
)
"""Table I of the paper: which of the six maps of S2 each of the sixteen maps of C3 sees."""

_MOST_MAPS = 4096


def _why(windows: Windows, given: Shape, shape: Shape) -> str:
    return f"{windows.explain(shape[2:])}\n{arrow(given, shape)}"


@declare(
    "subsampling2d",
    "Subsampling2d",
    Category.POOLING,
    "pooling",
    "Sums each window, times a learned coefficient, plus a learned bias: the pooling of LeNet-5 in 1998.",
    formula="y = w·Σ x + b for each channel;  W′ = ⌊(W − F) / S⌋ + 1",
    paper=LECUN,
    keywords=("lenet", "s2", "s4", "trainable", "subsampling", "coefficient", "pooling"),
)
class Subsampling2d(Layer, frozen=True):
    """Two parameters for each channel: a coefficient for the sum of the window, and a bias."""

    rank = 2

    kernel_size: Annotated[Length2, Meta(description="Size of the window.")] = 2
    stride: Annotated[
        Length2 | None, Meta(description="How far the window moves; empty means its own size, so windows do not overlap.")
    ] = None

    @property
    def steps(self) -> tuple[int, ...]:
        """Stride on both axes."""
        return spread(self.kernel_size if self.stride is None else self.stride, 2)

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given = inputs[0]
        windows = Windows(image(self, given, 2), spread(self.kernel_size, 2), self.steps, (1, 1), ((0, 0), (0, 0)))
        results = windows.results()
        if min(results) < 1:
            raise windows.too_large(adds_padding=False)
        shape: Shape = (*given.shape[:2], *results)
        return Shaped((TensorSpec(shape, given.dtype),), partial(_why, windows, given.shape, shape), windows.warning(self.about.title))

    def cost(self, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> Cost:
        channels = inputs[0].shape[1] or 1
        return Cost(2 * channels, 0, lambda: f"(1 + 1)·{channels} = {2 * channels:,}")

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        return Reach(spread(self.kernel_size, 2), self.steps)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        settings = {"channels": inputs[0].shape[1], "kernel_size": spread(self.kernel_size, 2), "stride": self.steps}
        return Module("netbuilder.net.modules.lenet.Subsampling2d", settings)

    def summary(self) -> str:
        size = say(spread(self.kernel_size, 2))
        return size if self.stride is None else f"{size} · stride {say(self.stride)}"


@declare(
    "partialconv2d",
    "PartialConv2d",
    Category.CONVOLUTION,
    "partial-convolution",
    "A convolution whose maps each see only some of the input maps, as listed in a table: C3 of LeNet-5 in 1998.",
    formula="yₘ = bₘ + Σ over table row m of kₘₙ ∗ xₙ;  W′ = ⌊(W + 2P − F) / S⌋ + 1",
    paper=LECUN,
    keywords=("lenet", "c3", "connection table", "sparse"),
)
class PartialConv2d(Layer, frozen=True):
    """Kernels for the listed connections only, so that different maps learn from different inputs."""

    rank = 2

    table: Annotated[
        str,
        Meta(
            description="For each output map the input maps that it sees, counted from 0; maps are parted by commas.",
            examples=[C3_TABLE, "0, 0 1", "0 1, 1 2, 2 0"],
        ),
    ] = C3_TABLE
    kernel_size: Annotated[Length2, Meta(description="Size of the window that slides over the input.")] = 5
    stride: Annotated[Length2, Meta(description="How far the window moves at each step.")] = 1
    padding: Annotated[Margin2, Meta(description="Border of zeros added on every side.")] = 0
    bias: Annotated[bool, Meta(description="Add a learned number to every feature map.")] = True

    def rows(self, channels: int | None = None) -> tuple[tuple[int, ...], ...]:
        """The table as numbers; refuses what is none, and maps that the input does not have."""
        rows = [part.split() for part in self.table.split(",")]
        if not all(rows) or not all(re.fullmatch(r"\d{1,7}", word) for row in rows for word in row) or len(rows) > _MOST_MAPS:
            raise self._unreadable()
        table = tuple(tuple(map(int, row)) for row in rows)
        for number, row in enumerate(table):
            if len(set(row)) < len(row):
                raise LayerError(
                    f"PartialConv2d: output map {number} lists an input map twice ({' '.join(map(str, row))}).",
                    remedy="Name each input map once.",
                    setting="table",
                )
            if channels is not None and max(row) >= channels:
                raise self._no_such_map(number, max(row), channels)
        return table

    def _unreadable(self) -> LayerError:
        return LayerError(
            "PartialConv2d: the table needs whole numbers, such as “0 1, 1 2”: one group for each output map, parted by commas.",
            setting="table",
            changes=(("Use the table of LeNet-5", {"table": C3_TABLE}),),
        )

    def _no_such_map(self, number: int, asked: int, channels: int) -> LayerError:
        whole = " ".join(map(str, range(min(channels, 64))))
        return LayerError(
            f"PartialConv2d: output map {number} asks for input map {asked}, but the input has {channels}: 0 to {channels - 1}.",
            remedy="Change the table, or give the layer before it more channels.",
            setting="table",
            changes=(("Let one output map see all inputs", {"table": whole}),),
        )

    def windows(self, sizes: tuple[int, ...]) -> Windows:
        """The kernel's window on both axes."""
        pads = tuple((p, p) for p in spread(self.padding, 2))
        return Windows(sizes, spread(self.kernel_size, 2), spread(self.stride, 2), (1, 1), pads)

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given = inputs[0]
        windows = self.windows(image(self, given, 2))
        table = self.rows(given.shape[1] or 1)
        results = windows.results()
        if min(results) < 1:
            raise windows.too_large()
        shape: Shape = (given.shape[0], len(table), *results)
        warning = windows.warning("the kernel") if max(windows.stride) > 1 else None
        return Shaped((TensorSpec(shape, given.dtype),), partial(_why, windows, given.shape, shape), warning)

    def cost(self, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> Cost:
        table = self.rows()
        kernel, connections = spread(self.kernel_size, 2), sum(map(len, table))
        weights = prod(kernel) * connections
        total = weights + len(table) if self.bias else weights
        plus = f" + {len(table)}" if self.bias else ""
        positions = prod(outputs[0].shape[2:])  # type: ignore[arg-type]
        return Cost(total, weights * positions, lambda: f"{product(kernel)}·{connections}{plus} = {total:,}")

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        return Reach(spread(self.kernel_size, 2), spread(self.stride, 2))

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        channels = inputs[0].shape[1] or 1
        sizes = {name: spread(getattr(self, name), 2) for name in ("kernel_size", "stride", "padding")}
        more = {} if self.bias else {"bias": False}
        return Module(
            "netbuilder.net.modules.lenet.PartialConv2d", {"in_channels": channels, "table": self.rows(channels), **sizes, **more}
        )

    def summary(self) -> str:
        changed = self.changed()
        words = {"stride": "stride", "padding": "pad"}
        parts = [str(self.table.count(",") + 1), say(spread(self.kernel_size, 2))]
        parts += [f"{word} {say(pack(spread(changed[name], 2)))}" for name, word in words.items() if name in changed]
        return " · ".join(parts if self.bias else [*parts, "no bias"])


@declare(
    "radialbasis",
    "RadialBasis",
    Category.DENSE,
    "radial-basis",
    "Measures how far the input is from the code of each class: the output of LeNet-5 in 1998.",
    formula="yᵢ = Σⱼ (xⱼ − wᵢⱼ)²",
    paper=LECUN,
    keywords=("rbf", "gaussian", "euclidean", "distance", "lenet", "output"),
)
class RadialBasis(Layer, frozen=True):
    """Squared distances from codes of ±1. With `negate` the nearest class has the largest score, as cross-entropy expects."""

    out_features: Annotated[Count, Meta(description="How many classes, hence codes.")] = 10
    codes: Annotated[
        Literal["digits", "scattered"],
        Meta(description="digits: pictures of 0 to 9 in 7×12 pixels, for 84 inputs. scattered: fixed signs without order, for any size."),
    ] = "digits"
    trainable: Annotated[bool, Meta(description="Let the codes learn, too.")] = False
    negate: Annotated[bool, Meta(description="Give the distances with a minus sign, so that the nearest class scores best.")] = False

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given, dtype = inputs[0]
        floating(self, inputs[0])
        if len(given) < 2:
            raise LayerError("RadialBasis needs a row of numbers, but its input is a single number.", remedy="Put a Reshape before it.")
        if self.codes == "digits" and (given[-1], self.out_features) != (84, 10):
            raise LayerError(
                f"The pictures of the ten digits have 7·12 = 84 pixels, but here {given[-1]} inputs meet {self.out_features} codes.",
                remedy="Give it 84 inputs and 10 classes, or use scattered codes.",
                setting="codes",
                changes=(("Use scattered codes", {"codes": "scattered"}),),
            )
        shape: Shape = (*given[:-1], self.out_features)
        why = partial("{} distances, each a sum of {} squares\n{}".format, self.out_features, given[-1])
        return Shaped((TensorSpec(shape, dtype),), lambda: why(arrow(given, shape)))

    def cost(self, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> Cost:
        features = inputs[0].shape[-1] or 1
        total = features * self.out_features
        return Cost(total, 0, lambda: f"{features}·{self.out_features} = {total:,}") if self.trainable else Cost()

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        return Reach(everything=True)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        arguments = self.arguments("out_features", in_features=inputs[0].shape[-1])
        return Module("netbuilder.net.modules.lenet.RadialBasis", arguments)

    def summary(self) -> str:
        parts = [str(self.out_features), self.codes]
        return " · ".join([*parts, *(name for name in ("trainable", "negate") if getattr(self, name))])
