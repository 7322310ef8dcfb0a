"""Learned filters as pictures."""

from __future__ import annotations

from math import isqrt
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from netbuilder.probe.scaling import Scale, to_bytes

Sort = Literal["norm"]


def filter_images(
    weight: NDArray[np.generic], scale: Scale = "own", sort: Sort | None = None, input_shape: tuple[int, ...] | None = None
) -> NDArray[np.uint8]:
    """Tile images of a weight (out, in, …): (N, h, w, 3) in colour for three input channels, else (N, h, w) grey.

    With other than three input channels every slice is an image of its own, output by output. Zero is mid-grey.
    Three-dimensional kernels give a slice for each depth. A dense weight (out, in) is drawn in `input_shape` (C, H, W),
    by default as a square or one row. `sort="norm"` puts the strongest output first.
    """
    array = _in_order(np.asarray(weight, np.float32), sort)
    slices = _slices(array, input_shape)
    if slices.shape[1] == 3:
        return to_bytes(slices.transpose(0, 2, 3, 1), scale, centred=True)
    flat = slices.reshape(-1, *slices.shape[2:])
    return to_bytes(flat, scale, centred=True)


def order(weight: NDArray[np.generic], sort: Sort | None = None) -> NDArray[np.int64]:
    """Numbers of the outputs in the order in which `filter_images` draws them."""
    array = np.asarray(weight, np.float32)
    if sort is None:
        return np.arange(len(array), dtype=np.int64)
    norms = np.linalg.norm(array.reshape(len(array), -1), axis=1)
    return np.argsort(-norms, kind="stable").astype(np.int64)


def has_filters(module: Any, node: str) -> bool:
    """Whether a node of a compiled module has a weight that can be drawn."""
    return _weight(module, node) is not None


def filters(module: Any, node: str) -> NDArray[np.float32]:
    """The weight of a node of a compiled module as stored (out, in, …), on the host; `KeyError` when it has none."""
    weight = _weight(module, node)
    if weight is None:
        raise KeyError(node)
    array: NDArray[np.float32] = weight.detach().float().cpu().contiguous().numpy()
    return array


def _weight(module: Any, node: str) -> Any:
    layer = dict(module.named_children()).get(module.node_names.get(node, ""))
    weight = getattr(layer, "weight", None)
    return weight if weight is not None and weight.dim() >= 2 else None


def _in_order(array: NDArray[np.float32], sort: Sort | None) -> NDArray[np.float32]:
    if array.ndim < 2:
        raise ValueError(f"a weight of shape {array.shape} has no filters")
    return array if sort is None else array[order(array, sort)]


def _slices(array: NDArray[np.float32], input_shape: tuple[int, ...] | None) -> NDArray[np.float32]:
    """(out, channels, h, w) from a weight of any rank."""
    out = len(array)
    if array.ndim == 2:
        return array.reshape(out, *_dense_shape(array.shape[1], input_shape))
    if array.ndim == 3:
        return array[:, :, None, :]
    if array.ndim == 4:
        return array
    return array.reshape(out, -1, *array.shape[-2:])


def _dense_shape(features: int, input_shape: tuple[int, ...] | None) -> tuple[int, int, int]:
    if input_shape is not None and len(input_shape) == 3 and int(np.prod(input_shape)) == features:
        return input_shape[0], input_shape[1], input_shape[2]
    side = isqrt(features)
    return (1, side, side) if side * side == features else (1, 1, features)
