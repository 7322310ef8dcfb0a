"""Words of ONNX for what torch's own exporter has none for, or wrong ones."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any


def translations() -> dict[Any, Any]:
    """Operator -> how to write it, for `torch.onnx.export`.

    RReLU outside training is a leaky ReLU of its mean slope. Conv3d without bias would get a bias of two axes, and averages
    with a divisor of their own, such as sums, would lose it (onnxscript 0.7).
    """
    import torch
    from onnxscript import opset20

    def rrelu(
        x: Any,
        noise: Any,
        lower: float = 0.125,
        upper: float = 1 / 3,
        training: bool = False,  # noqa: ARG001
        generator: Any = None,  # noqa: ARG001
    ) -> tuple[Any, Any]:
        return opset20.LeakyRelu(x, alpha=(lower + upper) / 2), noise

    def conv3d(
        x: Any,
        weight: Any,
        bias: Any = None,
        stride: Sequence[int] = (1, 1, 1),
        padding: Sequence[int] = (0, 0, 0),
        dilation: Sequence[int] = (1, 1, 1),
        groups: int = 1,
    ) -> Any:
        given = (x, weight) if bias is None else (x, weight, bias)
        pads, steps, gaps = ([*each] * (3 // len(each)) for each in (padding, stride, dilation))
        return opset20.Conv(*given, strides=steps, pads=[*pads, *pads], dilations=gaps, group=groups)

    def pool(rank: int) -> Any:
        def averaged(
            x: Any,
            kernel_size: Sequence[int],
            stride: Sequence[int] = (),
            padding: Sequence[int] = (0,),
            ceil_mode: bool = False,
            count_include_pad: bool = True,
            divisor_override: int | None = None,
        ) -> Any:
            size, steps, pads = ([*each] * (rank // len(each)) for each in (kernel_size, stride or kernel_size, padding))
            whole = int(count_include_pad or divisor_override is not None)
            mean = opset20.AveragePool(
                x, kernel_shape=size, strides=steps, pads=[*pads, *pads], ceil_mode=int(ceil_mode), count_include_pad=whole
            )
            if divisor_override is None:
                return mean
            factor: Any = opset20.Constant(value_float=prod(size) / divisor_override)
            return opset20.Mul(mean, opset20.CastLike(factor, x))

        return averaged

    aten = torch.ops.aten
    words = {aten.rrelu_with_noise_functional.default: rrelu, aten.conv3d.default: conv3d}
    return words | {aten.avg_pool2d.default: pool(2), aten.avg_pool3d.default: pool(3)}
