"""What transformers put before attention: patches, a class token, positions; and tensors that come from no input."""

from __future__ import annotations

from math import prod
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from netbuilder.layers.attention import VASWANI, row_of_vectors
from netbuilder.layers.checks import arrow, image, product
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
    count,
    declare,
    say,
    show,
    spread,
)
from netbuilder.layers.settings import Count, Length2, Real
from netbuilder.layers.windows import Windows

HOME = "netbuilder.net.modules.tokens"
DOSOVITSKIY = "Dosovitskiy et al.: An image is worth 16×16 words: transformers for image recognition at scale, 2021"
Sizes = Annotated[tuple[Count, ...], Meta(min_length=1, max_length=7)]


@declare(
    "patchembedding",
    "PatchEmbedding",
    Category.ATTENTION,
    "patches",
    "Cuts an image into square patches and turns each into a vector, as a vision transformer reads it.",
    formula="y = [W·patch₁ + b, W·patch₂ + b, …]",
    paper=DOSOVITSKIY,
    keywords=("vit", "transformer", "tokens"),
    main=True,
)
class PatchEmbedding(Layer, frozen=True):
    """A convolution whose stride is its kernel, its map written as a row of vectors."""

    rank = 2

    embed_dim: Annotated[Count, Meta(description="Length of the vector for each patch.")] = 64
    patch_size: Annotated[Length2, Meta(description="Height and width of a patch.")] = 4
    bias: Annotated[bool, Meta(description="Add a learned vector to every patch.")] = True

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given = inputs[0]
        patch = spread(self.patch_size, 2)
        windows = Windows(image(self, given, 2), patch, patch, (1, 1), ((0, 0), (0, 0)))
        results = windows.results()
        if min(results) < 1:
            raise LayerError(
                f"A patch of {say(patch)} is larger than the {say(windows.sizes)} image.",
                setting="patch_size",
                changes=(("Use one patch", {"patch_size": min(windows.sizes)}),),
            )
        shape: Shape = (given.shape[0], prod(results), self.embed_dim)
        why = f"{product(results)} = {prod(results)} {'patch' if prod(results) == 1 else 'patches'} of {say(patch)}"
        return Shaped((TensorSpec(shape, given.dtype),), lambda: f"{why}\n{arrow(given.shape, shape)}", windows.warning("the patches"))

    def cost(self, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> Cost:
        channels, patch = inputs[0].shape[1] or 1, spread(self.patch_size, 2)
        weights = channels * prod(patch) * self.embed_dim
        total = weights + self.embed_dim if self.bias else weights
        one = product([*patch, channels])
        line = f"{f'({one} + 1)' if self.bias else one}·{self.embed_dim} = {total:,}"
        return Cost(total, weights * (outputs[0].shape[1] or 1), lambda: line)

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        patch = spread(self.patch_size, 2)
        return Reach(patch, patch)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        arguments = {"in_channels": inputs[0].shape[1], "embed_dim": self.embed_dim, "patch_size": spread(self.patch_size, 2)}
        return Module(f"{HOME}.PatchEmbedding", arguments if self.bias else {**arguments, "bias": False})

    def summary(self) -> str:
        return f"{self.embed_dim} · {say(spread(self.patch_size, 2))}"


@declare(
    "classtoken",
    "ClassToken",
    Category.ATTENTION,
    "class-token",
    "Puts a learned vector before the others, in which attention can gather what the whole means.",
    formula="y = [t, x₁, x₂, …]",
    paper=DOSOVITSKIY,
    keywords=("cls", "vit", "bert", "transformer"),
)
class ClassToken(Layer, frozen=True):
    """One more vector at the start of the row."""

    def shape(self, *inputs: TensorSpec) -> Shaped:
        places, channels = row_of_vectors(self, inputs[0])
        shape: Shape = (inputs[0].shape[0], places + 1, channels)
        return Shaped((TensorSpec(shape),), lambda: f"{places} + 1 = {places + 1}\n{arrow(inputs[0].shape, shape)}")

    def cost(self, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> Cost:
        channels = inputs[0].shape[2] or 1
        return Cost(channels, 0, lambda: f"1·{channels} = {channels:,}")

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module(f"{HOME}.ClassToken", {"channels": row_of_vectors(self, inputs[0])[1]})


@declare(
    "positionalembedding",
    "PositionalEmbedding",
    Category.ATTENTION,
    "position",
    "Adds a vector for each place of the row, so that attention knows where things are.",
    formula="y = x + p;  fixed: p₂ᵢ = sin(n / 10000^(2i/d)), p₂ᵢ₊₁ = cos(n / 10000^(2i/d))",
    paper=VASWANI,
    keywords=("position", "encoding", "sinusoidal", "transformer"),
)
class PositionalEmbedding(Layer, frozen=True):
    """Learned vectors, or sines and cosines of growing wavelength."""

    kind: Annotated[
        Literal["learned", "sinusoidal"], Meta(description="learned: a weight for each number. sinusoidal: fixed sines and cosines.")
    ] = "learned"

    def shape(self, *inputs: TensorSpec) -> Shaped:
        row_of_vectors(self, inputs[0])
        return Shaped((inputs[0],), lambda: f"a vector is added at each place, so the shape stays {show(inputs[0].shape)}")

    def cost(self, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> Cost:
        if self.kind == "sinusoidal":
            return Cost()
        total = count(inputs[0].shape)
        return Cost(total, 0, lambda: f"{product(inputs[0].shape[1:])} = {total:,}")

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        name = "LearnedPosition" if self.kind == "learned" else "SinusoidalPosition"
        length, channels = row_of_vectors(self, inputs[0])
        return Module(f"{HOME}.{name}", {"length": length, "channels": channels})

    def summary(self) -> str:
        return self.kind


class _Source(Layer, frozen=True):
    """A tensor without input; its first axis is 1 and stretches over the batch where it meets another."""

    sizes: Annotated[Sizes, Meta(description="Sizes, the batch not counted.")] = msgspec.field(default=(64,), name="shape")

    def shape(self, *inputs: TensorSpec) -> Shaped:
        spec = TensorSpec((1, *self.sizes))
        return Shaped((spec,), lambda: f"as set: {show(spec.shape)}, the same for every sample")

    def summary(self) -> str:
        return show((None, *self.sizes))


@declare(
    "parameter",
    "Parameter",
    Category.SHAPE,
    "parameter",
    "A learned tensor that depends on no input, to be added, multiplied or attended to.",
    formula="y = w",
    inputs=(),
    keywords=("weight", "learned", "tensor", "scale", "bias"),
)
class Parameter(_Source, frozen=True):
    """Numbers that training changes and nothing else does."""

    initial: Annotated[
        Literal["normal", "value"], Meta(description="Where training starts: small random numbers, or the same value everywhere.")
    ] = "normal"
    value: Annotated[Real, Meta(description="The value to start with, when it is the same everywhere.")] = 0.0

    def cost(self, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> Cost:
        total = prod(self.sizes)
        return Cost(total, 0, lambda: f"{product((1, *self.sizes))} = {total:,}")

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module(f"{HOME}.LearnedTensor", self.arguments("shape"))


@declare(
    "constant",
    "Constant",
    Category.SHAPE,
    "constant",
    "A fixed tensor that depends on no input and never learns.",
    formula="y = c",
    inputs=(),
    keywords=("fixed", "tensor", "value", "buffer"),
)
class Constant(_Source, frozen=True):
    """The same value everywhere, or a list of values in row order."""

    value: Annotated[Real, Meta(description="The value, when it is the same everywhere.")] = 0.0
    values: Annotated[
        tuple[Real, ...], Meta(max_length=65_536, description="All values in row order; empty means the one value everywhere.")
    ] = ()

    def shape(self, *inputs: TensorSpec) -> Shaped:
        if self.values and len(self.values) != prod(self.sizes):
            raise LayerError(
                f"Constant has {len(self.values)} values, but its shape {show((None, *self.sizes))} holds {prod(self.sizes)}.",
                remedy="Give as many values as the shape holds, or none.",
                setting="values",
                changes=(("Use one row", {"shape": (len(self.values),)}),),
            )
        return super().shape(*inputs)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module(f"{HOME}.FixedTensor", self.arguments("shape"))
