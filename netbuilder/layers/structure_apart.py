"""Layers that take a tensor apart: several outputs, as many as the settings say."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from msgspec import Meta

from netbuilder.layers.checks import axis_of
from netbuilder.layers.declare import Category, Function, Layer, LayerError, Shape, Shaped, Target, TensorSpec, declare, show
from netbuilder.layers.settings import Axis, Count
from netbuilder.layers.structure_parts import resized

Parts = Annotated[int, Meta(ge=2, le=64)]


def _part(name: str, title: str, tip: str, formula: str, *keywords: str) -> Any:
    more = {"formula": formula, "keywords": ("part", "cut", *keywords), "outputs": _TWO}
    return declare(name, title, Category.SHAPE, "split", tip, **more)


_TWO = ("out1", "out2")


class _Apart(Layer, frozen=True):
    """Several outputs, as many as the settings say."""

    dim: Annotated[Axis, Meta(description="Axis to cut: 1 is the channels, -1 the last.")] = 1

    def sizes(self, given: Shape) -> tuple[int | None, ...]:
        """Size of each part along the axis; `None` drops the axis."""
        raise NotImplementedError

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given, dtype = inputs[0]
        axis = axis_of(self, "dim", self.dim, len(given))
        shapes = [resized(given, axis, size) for size in self.sizes(given)]
        why = partial("axis {} of {} is cut\n{} → {}".format, axis, given[axis], show(given), " , ".join(map(show, shapes)))
        return Shaped(tuple(TensorSpec(shape, dtype) for shape in shapes), why)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        self.shape(*inputs)
        return Function(f"torch.{self.about.name}", self._told())

    def _told(self) -> dict[str, Any]:
        return {"dim": self.dim}


def _names(number: int) -> tuple[str, ...]:
    return tuple(f"out{n}" for n in range(1, number + 1))


@_part("split", "Split", "Cuts an axis into parts of given sizes, one output each.", "x = [y₁, y₂, …]", "cut", "branches")
class Split(_Apart, frozen=True):
    """Parts of the sizes `split_size_or_sections`."""

    sections: Annotated[
        Annotated[tuple[Count, ...], Meta(min_length=2, max_length=64)], Meta(description="Sizes of the parts, which add up to the axis.")
    ] = (8, 8)

    def sizes(self, given: Shape) -> tuple[int | None, ...]:
        size = given[axis_of(self, "dim", self.dim, len(given))] or 1
        if sum(self.sections) != size:
            *others, _ = self.sections
            rest = size - sum(others)
            fitting = (*others, rest) if rest > 0 else (size // 2, size - size // 2)
            raise LayerError(
                f"The parts {' + '.join(map(str, self.sections))} = {sum(self.sections)} do not make up an axis of {size}.",
                remedy="The sizes of the parts must add up to the size of the axis.",
                setting="sections",
                changes=((f"Use {', '.join(map(str, fitting))}", {"sections": fitting}),) if min(fitting) > 0 else (),
            )
        return self.sections

    def output_names(self) -> tuple[str, ...]:
        return _names(len(self.sections))

    def _told(self) -> dict[str, Any]:
        return {"split_size_or_sections": self.sections, "dim": self.dim}

    def summary(self) -> str:
        return " + ".join(map(str, self.sections))


@_part("chunk", "Chunk", "Cuts an axis into equal parts, one output each.", "x = [y₁, y₂, …]", "split", "branches")
class Chunk(_Apart, frozen=True):
    """Parts of equal size, the last one perhaps smaller."""

    chunks: Annotated[Parts, Meta(description="How many parts.")] = 2

    def sizes(self, given: Shape) -> tuple[int | None, ...]:
        size = given[axis_of(self, "dim", self.dim, len(given))] or 1
        each = -(-size // self.chunks)
        made = -(-size // each)
        if made != self.chunks:
            raise LayerError(
                f"Parts of {each} make only {made} from an axis of {size}, not {self.chunks}.",
                remedy="Use a number of parts that divides the axis, or a Split.",
                setting="chunks",
                changes=((f"Make {made} parts", {"chunks": made}),) if made > 1 else (),
            )
        return (*[each] * (made - 1), size - each * (made - 1))

    def output_names(self) -> tuple[str, ...]:
        return _names(self.chunks)

    def _told(self) -> dict[str, Any]:
        return {"chunks": self.chunks, "dim": self.dim}

    def summary(self) -> str:
        return f"{self.chunks} parts"


@_part("unbind", "Unbind", "Gives every slice along an axis as an output of its own.", "yᵢ = x[i]", "split", "slices")
class Unbind(_Apart, frozen=True):
    """One output for each place along `dim`, which is dropped; `count` is the size of that axis."""

    count: Annotated[Parts, Meta(description="How many there are: the size of the axis.")] = 2

    def sizes(self, given: Shape) -> tuple[int | None, ...]:
        size = given[axis_of(self, "dim", self.dim, len(given))] or 1
        if size != self.count:
            raise LayerError(
                f"Unbind is set to {self.count} outputs, but the axis has size {size}.",
                remedy="The number of outputs is the size of the axis, from 2 to 64.",
                setting="count",
                changes=((f"Use {size} outputs", {"count": size}),) if 2 <= size <= 64 else (),
            )
        return (None,) * self.count

    def output_names(self) -> tuple[str, ...]:
        return _names(self.count)

    def summary(self) -> str:
        return f"{self.count} slices"
