"""Windows of an image as columns and back, and a border around any axis."""

from __future__ import annotations

from functools import partial
from math import prod
from typing import Annotated, Any, Literal

from msgspec import Meta

from netbuilder.layers.checks import arrow, image, product
from netbuilder.layers.declare import (
    Category,
    Function,
    Layer,
    LayerError,
    Module,
    Shape,
    Shaped,
    Target,
    TensorSpec,
    declare,
    show,
    spread,
)
from netbuilder.layers.settings import Length2, Margin2, Real
from netbuilder.layers.windows import Windows


class _Patches(Layer, frozen=True):
    kernel_size: Annotated[Length2, Meta(description="Size of a window.")] = 3
    dilation: Annotated[Length2, Meta(description="Spacing of the window's elements; 1 leaves no gaps.")] = 1
    padding: Annotated[Margin2, Meta(description="Border of zeros on every side.")] = 0
    stride: Annotated[Length2, Meta(description="How far the window moves at each step.")] = 1

    def places(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """How many windows fit along each axis; refuses none."""
        kernel, stride, dilation = spread(self.kernel_size, 2), spread(self.stride, 2), spread(self.dilation, 2)
        windows = Windows(sizes, kernel, stride, dilation, tuple((p, p) for p in spread(self.padding, 2)))
        if min(results := windows.results()) < 1:
            raise windows.too_large()
        return results

    def summary(self) -> str:
        return " · ".join(["×".join(map(str, spread(self.kernel_size, 2))), *([f"stride {self.stride}"] if self.stride != 1 else [])])


def _patches(title: str, tip: str, formula: str, *keywords: str) -> Any:
    return declare(title.lower(), title, Category.SHAPE, "patches", tip, formula=formula, keywords=("patches", "windows", *keywords))


@_patches("Unfold", "Writes every window of an image as one column.", "C×H×W → C·F·F×L", "im2col", "columns")
class Unfold(_Patches, frozen=True):
    """All windows of the image: (channels · window, number of windows)."""

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given = inputs[0]
        places = self.places(image(self, given, 2))
        window = [given.shape[1] or 1, *spread(self.kernel_size, 2)]
        shape: Shape = (given.shape[0], prod(window), prod(places))
        lines = (f"{product(window)} = {shape[1]}", f"{product(places)} = {shape[2]} windows", arrow(given.shape, shape))
        return Shaped((TensorSpec(shape, given.dtype),), partial("\n".join, lines))

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module("torch.nn.Unfold", self.arguments("kernel_size"))


@_patches("Fold", "Puts columns back as windows of an image, adding up where they overlap.", "C·F·F×L → C×H×W", "col2im", "overlap")
class Fold(_Patches, frozen=True):
    """The image of size `output_size` from all its windows: the counterpart of Unfold."""

    output_size: Annotated[Length2, Meta(description="Height and width of the image.")] = 28

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given = inputs[0].shape
        goal, window = spread(self.output_size, 2), prod(spread(self.kernel_size, 2))
        places = prod(self.places(goal))
        if len(given) != 3 or given[2] != places or (given[1] or 1) % window:
            raise LayerError(
                f"Fold needs a multiple of {window} by {places} numbers for a {goal[0]}×{goal[1]} image, but its input is {show(given)}.",
                remedy="Give it the window, stride, padding and dilation of its Unfold, and the size of that image.",
                setting="output_size",
            )
        shape: Shape = (given[0], (given[1] or 1) // window, *goal)
        why = partial("{} / {} = {}\n{}".format, given[1], window, shape[1], arrow(given, shape))
        return Shaped((TensorSpec(shape, inputs[0].dtype),), why)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module("torch.nn.Fold", self.arguments("output_size", "kernel_size"))


Border = Annotated[int, Meta(ge=-65_536, le=65_536)]


@declare(
    "pad",
    "Pad",
    Category.SHAPE,
    "padding",
    "Adds a border to any axis, or cuts one off where the number is negative.",
    formula="W′ = before + W + after",
    keywords=("border", "crop", "zeros", "reflect", "replicate", "circular"),
)
class Pad(Layer, frozen=True):
    """A border given as torch does: two numbers for each axis, before and after, last axis first."""

    pad: Annotated[
        Annotated[tuple[Border, ...], Meta(min_length=2, max_length=14)],
        Meta(description="Two numbers for each axis, last axis first: left, right, top, bottom, …"),
    ] = (1, 1)
    mode: Annotated[Literal["constant", "reflect", "replicate", "circular"], Meta(description="What the border holds.")] = "constant"
    value: Annotated[Real, Meta(description="The number in a constant border.")] = 0.0

    def borders(self, given: Shape) -> tuple[tuple[int, int], ...]:
        """Before and after each axis of one sample, first axis first."""
        pad, axes = self.pad, len(given) - 1
        if len(pad) % 2 or len(pad) > 2 * axes:
            self._refuse(f"needs two numbers for each axis, at most {2 * axes} here, but has {len(pad)}")
        pairs = [(pad[n], pad[n + 1]) for n in range(0, len(pad), 2)]
        found = tuple(reversed([*pairs, *[(0, 0)] * (axes - len(pairs))]))
        if self.mode != "constant" and (axes not in (2, 3, 4) or len(pairs) != axes - 1 or min(pad) < 0):
            self._refuse(f"in mode “{self.mode}” needs a border of at least 0 for every axis but the channels, and one to three such axes")
        spare = {"reflect": 1, "circular": 0}.get(self.mode)
        if spare is not None and any(max(pair) > (size or 1) - spare for pair, size in zip(found[1:], given[2:], strict=True)):
            self._refuse(f"in mode “{self.mode}” cannot add more than an input of {show(given)} has")
        if any(sum(pair) + (size or 1) < 1 for pair, size in zip(found, given[1:], strict=True)):
            self._refuse(f"cuts everything off an input of {show(given)}")
        return found

    def _refuse(self, why: str) -> None:
        changes = (("Add nothing", {"pad": (0, 0), "mode": "constant"}),)
        raise LayerError(f"Pad {why}.", remedy="Use another border or mode.", setting="pad", changes=changes)

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given, dtype = inputs[0]
        borders = self.borders(given)
        shape: Shape = (given[0], *((size or 1) + a + b for size, (a, b) in zip(given[1:], borders, strict=True)))
        lines = [f"{a} + {size} + {b} = {(size or 1) + a + b}" for size, (a, b) in zip(given[1:], borders, strict=True) if a or b]
        return Shaped((TensorSpec(shape, dtype),), partial("\n".join, [*lines, arrow(given, shape)]))

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        self.borders(inputs[0].shape)
        told = {name: value for name, value in self.arguments("pad").items() if name != "value" or self.mode == "constant"}
        return Function("torch.nn.functional.pad", told)

    def summary(self) -> str:
        return ", ".join(map(str, self.pad)) + ("" if self.mode == "constant" else f" · {self.mode}")
