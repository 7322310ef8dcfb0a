"""What the layers answer to one sample."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from netbuilder.net.passing import PLAIN, Passing
from netbuilder.probe.scaling import Scale, to_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping


def feature_maps(
    module: Any, samples: NDArray[np.floating[Any]], nodes: Collection[str], passing: Passing = PLAIN
) -> Mapping[str, NDArray[np.float32]]:
    """Outputs of the nodes for the first of a batch of normalised samples (N, C, H, W) or (N, features…), without the batch axis.

    Runs on the module's own device and leaves the module as it was. Unknown nodes are left out.
    """
    import torch

    wanted = [node for node in nodes if node in module.node_names]
    first = next(iter(module.parameters()), None)
    device = first.device if first is not None else torch.device("cpu")
    batch = torch.from_numpy(np.ascontiguousarray(passing.moved(samples), np.float32)).to(device)
    with passing.mode(module):
        _, kept = module.run((batch,), wanted)
    return {node: value[0].detach().float().cpu().contiguous().numpy() for node, value in kept.items()}


def map_images(maps: NDArray[np.generic], scale: Scale = "own") -> NDArray[np.uint8]:
    """Tile images (C, h, w) of one node's output: (C, H, W) as it is, (C, D, H, W) by slices, (C, L) as rows, (F,) as one row."""
    array = np.asarray(maps, np.float32)
    if array.ndim <= 1:
        array = array.reshape(1, 1, -1)
    elif array.ndim == 2:
        array = array[:, None, :]
    elif array.ndim > 3:
        array = array.reshape(-1, *array.shape[-2:])
    return to_bytes(array, scale)
