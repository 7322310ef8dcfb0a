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

    aten = torch.ops.aten
    words = {aten.rrelu_with_noise_functional.default: _rrelu(opset20), aten.conv3d.default: _conv3d(opset20)}
    return words | {aten.avg_pool2d.default: _average(opset20, 2), aten.avg_pool3d.default: _average(opset20, 3)}


def _rrelu(onnx: Any) -> Any:
    def rrelu(
        x: Any,
        noise: Any,
        lower: float = 0.125,
        upper: float = 1 / 3,
        training: bool = False,  # noqa: ARG001
        generator: Any = None,  # noqa: ARG001
    ) -> tuple[Any, Any]:
        return onnx.LeakyRelu(x, alpha=(lower + upper) / 2), noise

    return rrelu


def _conv3d(onnx: Any) -> Any:
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
        return onnx.Conv(*given, strides=steps, pads=[*pads, *pads], dilations=gaps, group=groups)

    return conv3d


def _average(onnx: Any, rank: int) -> Any:
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
        mean = onnx.AveragePool(x, kernel_shape=size, strides=steps, pads=[*pads, *pads], ceil_mode=int(ceil_mode), count_include_pad=whole)
        if divisor_override is None:
            return mean
        factor: Any = onnx.Constant(value_float=prod(size) / divisor_override)
        return onnx.Mul(mean, onnx.CastLike(factor, x))

    return averaged
