"""Where data enters and leaves, and layers that only rearrange it."""

from __future__ import annotations

from functools import partial
from math import prod
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from netbuilder.layers.checks import arrow, axis_of, product
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
    count,
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
    main=True,
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
    main=True,
)
class Output(Layer, frozen=True):
    """The end of the network. `task` chooses the loss; softmax or sigmoid is part of it, not of the network."""

    task: Annotated[
        Literal["classes", "labels", "values"],
        Meta(description="classes: exactly one is right. labels: any number may be right. values: numbers to come close to."),
    ] = "classes"
    loss: Annotated[
        str | dict[str, Any],
        Meta(description="What this output minimises; empty takes the loss of the training.", extra={"family": "loss"}),
    ] = ""
    loss_weight: Annotated[float, Meta(ge=0.0, le=1e6, description="How much this output's loss counts in the sum over all.")] = 1.0
    targets: Annotated[str, Meta(description="Which of several targets of the data it learns; empty takes those of its own name.")] = ""

    def __hash__(self) -> int:
        return hash((self.task, self.loss_weight, self.targets))

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given = inputs[0]
        why = partial("the result for one sample is {}".format, show(given.shape))
        warning = None
        if self.task == "classes" and (len(given.shape) < 2 or given.shape[1] == 1):
            warning = "Softmax makes a single score always 1. Use two classes, or the task “labels” for yes or no."
        return Shaped((given,), why, warning)

    def heading(self) -> str:
        return self.task.title()

    def summary(self) -> str:
        usual = {"classes": "softmax · cross-entropy", "labels": "sigmoid · cross-entropy", "values": "mean squared error"}[self.task]
        own = self.loss.get("name", "") if isinstance(self.loss, dict) else self.loss
        text = str(own) if own not in ("", "auto") else usual
        return text if self.loss_weight == 1 else f"{self.loss_weight:g} × {text}"


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
    main=True,
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


@declare(
    "reshape",
    "Reshape",
    Category.SHAPE,
    "reshape",
    "Gives each sample another shape with the same numbers in the same order.",
    formula="a·b·c = d·e",
    keywords=("view", "unflatten", "shape"),
)
class Reshape(Layer, frozen=True):
    """Another shape for the same elements. The setting is called `shape`; the batch is not part of it."""

    sizes: Annotated[
        tuple[Annotated[int, Meta(ge=-1, le=1_048_576)], ...],
        Meta(min_length=1, max_length=7, description="New sizes of one sample; one of them may be -1 and is worked out."),
    ] = msgspec.field(default=(-1,), name="shape")

    def sized(self, given: Shape) -> tuple[int, ...]:
        """The new sizes with -1 worked out; refuses when the counts differ."""
        total, wanted = count(given), self.sizes
        known = prod(size for size in wanted if size != -1)
        if 0 in wanted or wanted.count(-1) > 1:
            raise LayerError(
                f"{show((None, *wanted))} is no shape: sizes must be at least 1, and only one may be -1.",
                setting="shape",
                changes=(("Use one row of numbers", {"shape": (-1,)}),),
            )
        if total % known if -1 in wanted else total != known:
            raise self._unequal(given, total, known)
        return tuple(total // known if size == -1 else size for size in wanted)

    def _unequal(self, given: Shape, total: int, known: int) -> LayerError:
        changes: list[tuple[str, dict[str, tuple[int, ...]]]] = []
        for place, size in enumerate(self.sizes):
            others = prod(s for at, s in enumerate(self.sizes) if at != place and s != -1)
            if size != -1 and -1 not in self.sizes and total % others == 0:
                fitting = (*self.sizes[:place], total // others, *self.sizes[place + 1 :])
                changes.append((f"Use {show((None, *fitting))}", {"shape": fitting}))
        return LayerError(
            f"The input {show(given)} holds {total:,} numbers, but {show((None, *self.sizes)).replace('-1', '?')} "
            + (f"needs a multiple of {known:,}." if -1 in self.sizes else f"needs {known:,}."),
            remedy="The product of the new sizes must equal that of the old ones.",
            setting="shape",
            changes=(*changes[:2], ("Use one row of numbers", {"shape": (-1,)})),
        )

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given, dtype = inputs[0]
        shape: Shape = (given[0], *self.sized(given))
        return Shaped((TensorSpec(shape, dtype),), partial(_recounted, given, shape))

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Function("torch.reshape", {"shape": (-1, *self.sized(inputs[0].shape))})

    def summary(self) -> str:
        return show((None, *self.sizes)).replace("-1", "?")


def _recounted(given: Shape, shape: Shape) -> str:
    sides = dict.fromkeys((product(given[1:]) or "1", product(shape[1:]), str(count(shape))))
    return f"{' = '.join(sides)}\n{arrow(given, shape)}"


@declare(
    "permute",
    "Permute",
    Category.SHAPE,
    "permute",
    "Puts the axes of each sample in another order.",
    formula="y[i, j, k] = x[k, i, j]",
    keywords=("transpose", "axes", "channels last", "swap"),
)
class Permute(Layer, frozen=True):
    """Another order of the axes, counted with the batch as 0, which stays in front."""

    dims: Annotated[
        tuple[Axis, ...],
        Meta(min_length=1, max_length=8, description="The axes in their new order; 0 is the batch and comes first."),
    ] = (0, 2, 3, 1)

    def order(self, rank: int) -> tuple[int, ...]:
        """The axes counted from the front; refuses what is no reordering of them."""
        order = tuple(dim + rank if dim < 0 else dim for dim in self.dims)
        if sorted(order) == list(range(rank)) and order[0] == 0:
            return order
        axes = list(range(rank))
        rotated = (0, *axes[2:], 1) if rank > 1 else (0,)
        return self._refuse(axes, rotated)

    def _refuse(self, axes: list[int], rotated: tuple[int, ...]) -> tuple[int, ...]:
        said = ", ".join(map(str, self.dims))
        raise LayerError(
            f"Permute: {said} is no new order of the {len(axes)} axes {', '.join(map(str, axes))}.",
            remedy="Name every axis once; 0 is the batch and must come first.",
            setting="dims",
            changes=((f"Use {', '.join(map(str, rotated))}", {"dims": rotated}), ("Leave the order", {"dims": tuple(axes)})),
        )

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given, dtype = inputs[0]
        order = self.order(len(given))
        shape: Shape = tuple(given[axis] for axis in order)
        why = partial("axes in the order {}\n{} → {}".format, ", ".join(map(str, order)))
        return Shaped((TensorSpec(shape, dtype),), lambda: why(show(given), show(shape)))

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Function("torch.permute", {"dims": self.order(len(inputs[0].shape))})

    def summary(self) -> str:
        return ", ".join(map(str, self.dims))
