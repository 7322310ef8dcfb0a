"""The weight tensor of a convolution or a dense layer: its axes in torch's order, and how many numbers it holds."""

from __future__ import annotations

from math import prod
from typing import Any

from msgspec import Struct

from netbuilder.core.format import count
from netbuilder.layers.declare import Category, Layer, TensorSpec, spread


class Kernel(Struct, frozen=True):
    """`outputs` kernels that each reach over `inputs` channels (those of their group) and `sizes` in space; dense layers have no sizes.

    `transposed` ones are stored with the inputs first.
    """

    outputs: int
    inputs: int
    sizes: tuple[int, ...] = ()
    bias: bool = True
    groups: int = 1
    transposed: bool = False

    @property
    def weights(self) -> int:
        """Numbers in the tensor."""
        return self.outputs * self.inputs * prod(self.sizes)

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes in the order in which torch stores them."""
        if self.transposed:
            return (self.inputs * self.groups, self.outputs // self.groups, *self.sizes)
        return (self.outputs, self.inputs, *self.sizes)

    @property
    def axes(self) -> tuple[str, ...]:
        """What these axes are called."""
        ends = ("in", "out") if self.transposed else ("out", "in")
        return (*ends, *(("kernel",) if len(self.sizes) == 1 else ("depth", "height", "width")[-len(self.sizes) :] if self.sizes else ()))

    def counted(self) -> str:
        """The arithmetic: `3·3·4·6 = 216`, and with the biases `216 + 6 = 222`."""
        factors = "·".join(map(count, (*self.sizes, self.inputs, self.outputs)))
        lines = [f"{factors} weights = {count(self.weights)}"]
        if self.bias:
            lines.append(f"with {count(self.outputs)} biases = {count(self.weights + self.outputs)}")
        return "\n".join(lines)


def has_kernel(kind: type[Layer]) -> bool:
    """Whether layers of this kind have a weight tensor that is drawn."""
    fields = kind.__struct_fields__
    convolves = kind.about.category is Category.CONVOLUTION and {"out_channels", "kernel_size", "groups"} <= set(fields)
    return convolves or kind.about.name == "linear"


def kernel_of(layer: Any, inputs: tuple[TensorSpec, ...]) -> Kernel | None:
    """The weight tensor of a layer for what it gets; nothing for layers without one, and while the input is not known."""
    if layer is None or not inputs or not has_kernel(type(layer)) or len(inputs[0].shape) < 2:
        return None
    if layer.about.name == "linear":
        features = inputs[0].shape[-1]
        return None if features is None else Kernel(layer.out_features, features, bias=layer.bias)
    channels = inputs[0].shape[1]
    if channels is None or channels % layer.groups:
        return None
    sizes = spread(layer.kernel_size, layer.rank)
    transposed = "transpose" in layer.about.name
    return Kernel(layer.out_channels, channels // layer.groups, sizes, layer.bias, layer.groups, transposed)
