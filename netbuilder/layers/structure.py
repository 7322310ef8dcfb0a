"""Where data enters and leaves, and layers that only rearrange it."""

from __future__ import annotations

from functools import partial
from math import prod
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from netbuilder.layers.checks import arrow, axis_of, product
from netbuilder.layers.declare import (
    Category,
    Layer,
    LayerError,
    Module,
    Shape,
    Shaped,
    Target,
    TensorSpec,
    declare,
    show,
)
from netbuilder.layers.settings import Axis, Count


@declare(
    "input",
    "Input",
    Category.SHAPE,
    "image",
    "Where the data enters the network.",
    formula="x",
    inputs=(),
    keywords=("image", "data", "source", "placeholder"),
)
class Input(Layer, frozen=True):
    """Samples of one shape; the batch comes in front of it. The setting is called `shape`."""

    sizes: Annotated[
        tuple[Count, ...], Meta(min_length=1, max_length=7, description="Sizes of one sample: channels first, then height and width.")
    ] = msgspec.field(default=(1, 28, 28), name="shape")
    dtype: Annotated[Literal["float32", "int64"], Meta(description="Decimal numbers, or whole numbers for an Embedding.")] = "float32"

    def shape(self, *inputs: TensorSpec) -> Shaped:
        spec = TensorSpec((None, *self.sizes), self.dtype)
        return Shaped((spec,), lambda: f"as set: every sample is {show(spec.shape)}")

    def heading(self) -> str:
        return "Image" if len(self.sizes) == 3 else "Input"

    def summary(self) -> str:
        kinds = {1: " grey", 3: " colour"}
        if len(self.sizes) == 3:
            channels, *image = self.sizes
            return product(image).replace("·", "×") + kinds.get(channels, f", {channels} channels")
        return "whole numbers" if self.dtype == "int64" else ""


@declare(
    "output",
    "Output",
    Category.SHAPE,
    "classes",
    "Where the result leaves the network, and what it means: one class, several labels, or values.",
    formula="ŷ",
    outputs=(),
    keywords=("classes", "labels", "values", "target", "loss"),
)
class Output(Layer, frozen=True):
    """The end of the network. `task` chooses the loss; softmax or sigmoid is part of it, not of the network."""

    task: Annotated[
        Literal["classes", "labels", "values"],
        Meta(description="classes: exactly one is right. labels: any number may be right. values: numbers to come close to."),
    ] = "classes"

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given = inputs[0]
        why = partial("the result for one sample is {}".format, show(given.shape))
        warning = None
        if self.task == "classes" and (len(given.shape) < 2 or given.shape[1] == 1):
            warning = "With a single class cross-entropy is always 0 and nothing is learned; use two classes or the task “labels”."
        return Shaped((given,), why, warning)

    def heading(self) -> str:
        return self.task.title()

    def summary(self) -> str:
        return {"classes": "softmax · cross-entropy", "labels": "sigmoid · cross-entropy", "values": "mean squared error"}[self.task]


@declare(
    "identity", "Identity", Category.SHAPE, "identity", "Passes its input on unchanged.", formula="y = x", keywords=("nothing", "skip")
)
class Identity(Layer, frozen=True):
    """No computation."""

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module("torch.nn.Identity")


@declare(
    "flatten",
    "Flatten",
    Category.SHAPE,
    "flatten",
    "Writes all numbers of a sample in one row, as Linear needs them.",
    formula="C×H×W → C·H·W",
    keywords=("reshape", "vector"),
)
class Flatten(Layer, frozen=True):
    """Joins the axes from `start_dim` to `end_dim`; axis 0 is the batch."""

    start_dim: Annotated[Axis, Meta(description="First axis to join; 0 is the batch, 1 the channels.")] = 1
    end_dim: Annotated[Axis, Meta(description="Last axis to join; -1 is the last one.")] = -1

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given = inputs[0].shape
        rank = len(given)
        start = axis_of(self, "start_dim", self.start_dim, rank)
        end = axis_of(self, "end_dim", self.end_dim, rank)
        if end < start:
            raise LayerError(
                f"Flatten cannot join from axis {start} back to axis {end}.",
                remedy="The last axis must not come before the first.",
                setting="end_dim",
                changes=(("Join all axes", {"start_dim": 1, "end_dim": -1}),),
            )
        joined = given[start : end + 1]
        shape: Shape = (*given[:start], prod(joined), *given[end + 1 :])  # type: ignore[arg-type]
        return Shaped((TensorSpec(shape, inputs[0].dtype),), partial(_joined, joined, given, shape))

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module("torch.nn.Flatten", self.arguments())


def _joined(joined: Shape, given: Shape, shape: Shape) -> str:
    return f"{product(joined)} = {prod(joined)}\n{arrow(given, shape)}"  # type: ignore[arg-type]
