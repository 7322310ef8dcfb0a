"""Fully connected layers and embeddings."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from msgspec import Meta

from netbuilder.layers.checks import arrow, floating, volume
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
    show,
)
from netbuilder.layers.settings import Count, Positive

Row = Annotated[int, Meta(ge=-1_048_576, le=1_048_575)]


@declare(
    "linear",
    "Linear",
    Category.DENSE,
    "linear",
    "Connects every input number with every output number.",
    formula="y = W·x + b",
    paper="Rosenblatt: The perceptron, 1958",
    main=True,
    keywords=("dense", "fully connected", "perceptron", "matrix"),
)
class Linear(Layer, frozen=True):
    """A matrix product along the last axis."""

    out_features: Annotated[Count, Meta(description="How many numbers come out: the units of this layer.")] = 10
    bias: Annotated[bool, Meta(description="Add a learned number to every output.")] = True

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given, dtype = inputs[0]
        if dtype != "float32":
            floating(self, inputs[0])
        if len(given) < 2:
            raise LayerError(
                "Linear needs at least one number per sample, but its input is a single number.", remedy="Put a Reshape before it."
            )
        shape: Shape = (*given[:-1], self.out_features)
        warning = None
        if len(given) > 3:
            warning = (
                f"Linear works along the last axis only, here the {given[-1]} numbers of each row of {show(given)}. "
                f"To connect all {count(given):,} numbers, put a Flatten before it."
            )
        return Shaped((TensorSpec(shape, dtype),), partial(_why, given, shape), warning)

    def cost(self, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> Cost:
        features = inputs[0].shape[-1] or 1
        weights = features * self.out_features
        parameters = weights + self.out_features if self.bias else weights
        return Cost(parameters, weights * volume(inputs[0].shape[1:-1]), partial(self._count, features, parameters))

    def _count(self, features: int, parameters: int) -> str:
        one = f"({features} + 1)" if self.bias else str(features)
        return f"{one}·{self.out_features} = {parameters:,}"

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        return Reach(everything=True)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module("torch.nn.Linear", self.arguments("out_features", in_features=inputs[0].shape[-1]))

    def summary(self) -> str:
        return str(self.out_features) if self.bias else f"{self.out_features} · no bias"


def _why(given: Shape, shape: Shape) -> str:
    matrix = f"every one of the {shape[-1]} outputs is a weighted sum of {given[-1]} inputs"
    return f"{matrix}\n{arrow(given, shape)}"


@declare(
    "bilinear",
    "Bilinear",
    Category.DENSE,
    "bilinear",
    "Connects every pair of numbers from two inputs with every output number.",
    formula="yₖ = aᵀ·Wₖ·b + cₖ",
    paper="Tenenbaum & Freeman: Separating style and content with bilinear models, 2000",
    inputs=("a", "b"),
    keywords=("pairs", "interaction", "product"),
)
class Bilinear(Layer, frozen=True):
    """A weight for each pair of numbers along the last axes of two inputs."""

    out_features: Annotated[Count, Meta(description="How many numbers come out: the units of this layer.")] = 10
    bias: Annotated[bool, Meta(description="Add a learned number to every output.")] = True

    def shape(self, *inputs: TensorSpec) -> Shaped:
        one, other = (spec.shape for spec in inputs)
        for spec in inputs:
            floating(self, spec)
        if len(one) < 2 or one[:-1] != other[:-1]:
            raise LayerError(
                f"Bilinear needs two inputs that agree in all axes but the last, but gets {show(one)} and {show(other)}.",
                remedy="Flatten both, or change the layers before them.",
            )
        shape: Shape = (*one[:-1], self.out_features)
        why = f"every one of the {shape[-1]} outputs weighs {one[-1]}·{other[-1]} = {(one[-1] or 1) * (other[-1] or 1)} pairs"
        return Shaped((TensorSpec(shape, inputs[0].dtype),), lambda: f"{why}\n{arrow(one, shape)}")

    def cost(self, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> Cost:
        a, b = inputs[0].shape[-1] or 1, inputs[1].shape[-1] or 1
        weights = a * b * self.out_features
        total = weights + self.out_features if self.bias else weights
        pairs = f"({a}·{b} + 1)" if self.bias else f"{a}·{b}"
        return Cost(total, weights * volume(inputs[0].shape[1:-1]), lambda: f"{pairs}·{self.out_features} = {total:,}")

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        return Reach(everything=True)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        features = {"in1_features": inputs[0].shape[-1], "in2_features": inputs[1].shape[-1]}
        return Module("torch.nn.Bilinear", self.arguments("out_features", **features))

    def summary(self) -> str:
        return str(self.out_features) if self.bias else f"{self.out_features} · no bias"


@declare(
    "embedding",
    "Embedding",
    Category.DENSE,
    "embedding",
    "Looks up a learned vector for each whole number, such as a word's.",
    formula="y = W[x]",
    paper="Bengio, Ducharme, Vincent & Jauvin: A neural probabilistic language model, 2003",
    main=True,
    keywords=("lookup", "token", "word", "vocabulary"),
)
class Embedding(Layer, frozen=True):
    """A table with one row for each possible number; needs whole numbers as input."""

    num_embeddings: Annotated[Count, Meta(description="How many different numbers there are: 0 up to this, not included.")] = 1000
    embedding_dim: Annotated[Count, Meta(description="Length of the vector for each number.")] = 64
    padding_idx: Annotated[Row | None, Meta(description="The number that stands for “nothing”; its vector stays 0.")] = None
    max_norm: Annotated[Positive | None, Meta(description="Longer vectors are shortened to this length.")] = None

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given, dtype = inputs[0]
        if dtype not in ("int64", "int32"):
            raise LayerError(
                f"Embedding looks up whole numbers, but its input holds decimal numbers ({dtype}).",
                remedy="Set the input's dtype to int64.",
            )
        if self.padding_idx is not None and not -self.num_embeddings <= self.padding_idx < self.num_embeddings:
            raise LayerError(
                f"The padding index {self.padding_idx} is not one of the {self.num_embeddings} rows of the table.",
                remedy=f"Rows are numbered 0 to {self.num_embeddings - 1}.",
                setting="padding_idx",
                changes=(("Use no padding index", {"padding_idx": None}),),
            )
        shape: Shape = (*given, self.embedding_dim)
        return Shaped((TensorSpec(shape),), lambda: f"one vector of {shape[-1]} for each number\n{arrow(given, shape)}")

    def cost(self, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> Cost:
        parameters = self.num_embeddings * self.embedding_dim
        return Cost(parameters, 0, lambda: f"{self.num_embeddings}·{self.embedding_dim} = {parameters:,}")

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module("torch.nn.Embedding", self.arguments("num_embeddings", "embedding_dim"))

    def summary(self) -> str:
        return f"{self.num_embeddings} → {self.embedding_dim}"
