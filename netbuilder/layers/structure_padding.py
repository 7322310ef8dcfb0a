"""A border around the data, as a layer of its own."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from msgspec import Meta

from netbuilder.layers.checks import arrow, by_axis, image, pack
from netbuilder.layers.declare import Category, Layer, LayerError, Module, Shape, Shaped, Target, TensorSpec, declare, say, show
from netbuilder.layers.settings import Margin, Real

Border1 = Margin | Annotated[tuple[Margin, ...], Meta(min_length=2, max_length=2)]
Border2 = Margin | Annotated[tuple[Margin, ...], Meta(min_length=4, max_length=4)]
Border3 = Margin | Annotated[tuple[Margin, ...], Meta(min_length=6, max_length=6)]
B = TypeVar("B", bound=int | tuple[int, ...])


def _one() -> Any:
    return 1


class _Pad(Layer, Generic[B], frozen=True):
    """Adds to both ends of every spatial axis. Several numbers are given as torch does: last axis first."""

    rank: ClassVar[int] = 0
    spare: ClassVar[int | None] = None
    """How much smaller than the input a border must be; `None` when it may have any width."""

    padding: Annotated[B, Meta(description="Width of the border: one number, or left, right, top, bottom, front, back.")] = _one()

    def pads(self) -> tuple[tuple[int, int], ...]:
        """Before and after each axis, first axis first."""
        padding = self.padding
        if isinstance(padding, int):
            return ((padding, padding),) * self.rank
        return tuple((padding[2 * axis], padding[2 * axis + 1]) for axis in reversed(range(self.rank)))

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given = inputs[0]
        sizes, pads = image(self, given, self.rank), self.pads()
        if self.spare is not None and any(max(pad) > size - self.spare for pad, size in zip(pads, sizes, strict=True)):
            most = max(0, min(sizes) - self.spare)
            raise LayerError(
                f"A border of {say(self.padding)} is too wide for an input of {show(given.shape)}.",
                remedy=f"{self.about.title} can add at most {say(pack([size - self.spare for size in sizes]))}.",
                setting="padding",
                changes=((f"Use a border of {most}", {"padding": most}),),
            )
        results = tuple(size + before + after for size, (before, after) in zip(sizes, pads, strict=True))
        shape: Shape = (*given.shape[:2], *results)
        return Shaped((TensorSpec(shape, given.dtype),), partial(_why, sizes, pads, given.shape, shape))

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module(f"torch.nn.{self.about.title}", self.arguments("padding"))

    def summary(self) -> str:
        return ", ".join(map(str, self.padding)) if isinstance(self.padding, tuple) else str(self.padding)


def _why(sizes: tuple[int, ...], pads: tuple[tuple[int, int], ...], given: Shape, shape: Shape) -> str:
    lines = by_axis(lambda axis: f"{pads[axis][0]} + {sizes[axis]} + {pads[axis][1]} = {shape[2 + axis]}", sizes, pads)
    return f"{lines}\n{arrow(given, shape)}"


_AROUND = {1: "both ends of a sequence", 2: "the four sides of an image", 3: "the six sides of a volume"}


def _pad(kind: str, rank: int, what: str) -> Any:
    title = f"{kind}Pad{rank}d"
    more = {"formula": "W′ = P + W + P", "keywords": ("padding", "border", "margin")}
    return declare(title.lower(), title, Category.SHAPE, "padding", f"Adds {what} to {_AROUND[rank]}.", **more)


class _ConstantPad(_Pad[B], Generic[B], frozen=True):
    value: Annotated[Real, Meta(description="What the border holds.")] = 0.0

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module(f"torch.nn.{self.about.title}", self.arguments("padding", "value"))


@_pad("Zero", 1, "zeros")
class ZeroPad1d(_Pad[Border1], frozen=True):
    """Zeros around (channels, length)."""

    rank = 1


@_pad("Zero", 2, "zeros")
class ZeroPad2d(_Pad[Border2], frozen=True):
    """Zeros around (channels, height, width)."""

    rank = 2


@_pad("Zero", 3, "zeros")
class ZeroPad3d(_Pad[Border3], frozen=True):
    """Zeros around (channels, depth, height, width)."""

    rank = 3


@_pad("Constant", 1, "a fixed number")
class ConstantPad1d(_ConstantPad[Border1], frozen=True):
    """A fixed number around (channels, length)."""

    rank = 1


@_pad("Constant", 2, "a fixed number")
class ConstantPad2d(_ConstantPad[Border2], frozen=True):
    """A fixed number around (channels, height, width)."""

    rank = 2


@_pad("Constant", 3, "a fixed number")
class ConstantPad3d(_ConstantPad[Border3], frozen=True):
    """A fixed number around (channels, depth, height, width)."""

    rank = 3


@_pad("Reflection", 1, "a mirror image of the edge")
class ReflectionPad1d(_Pad[Border1], frozen=True):
    """The edge mirrored around (channels, length)."""

    rank = 1
    spare = 1


@_pad("Reflection", 2, "a mirror image of the edge")
class ReflectionPad2d(_Pad[Border2], frozen=True):
    """The edge mirrored around (channels, height, width)."""

    rank = 2
    spare = 1


@_pad("Reflection", 3, "a mirror image of the edge")
class ReflectionPad3d(_Pad[Border3], frozen=True):
    """The edge mirrored around (channels, depth, height, width)."""

    rank = 3
    spare = 1


@_pad("Replication", 1, "copies of the edge")
class ReplicationPad1d(_Pad[Border1], frozen=True):
    """The edge repeated around (channels, length)."""

    rank = 1


@_pad("Replication", 2, "copies of the edge")
class ReplicationPad2d(_Pad[Border2], frozen=True):
    """The edge repeated around (channels, height, width)."""

    rank = 2


@_pad("Replication", 3, "copies of the edge")
class ReplicationPad3d(_Pad[Border3], frozen=True):
    """The edge repeated around (channels, depth, height, width)."""

    rank = 3


@_pad("Circular", 1, "the opposite edge")
class CircularPad1d(_Pad[Border1], frozen=True):
    """The opposite edge around (channels, length)."""

    rank = 1
    spare = 0


@_pad("Circular", 2, "the opposite edge")
class CircularPad2d(_Pad[Border2], frozen=True):
    """The opposite edge around (channels, height, width)."""

    rank = 2
    spare = 0


@_pad("Circular", 3, "the opposite edge")
class CircularPad3d(_Pad[Border3], frozen=True):
    """The opposite edge around (channels, depth, height, width)."""

    rank = 3
    spare = 0
