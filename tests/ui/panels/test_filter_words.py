"""What the filter wall says of the weights that it draws."""

from __future__ import annotations

import numpy as np
import pytest

from netbuilder.core.build import chain
from netbuilder.net.analysis import analyze
from netbuilder.ui.panels.filters.layers import filtered_layers


@pytest.mark.parametrize(
    ("step", "weight", "said"),
    [
        (("conv2d", {"out_channels": 6, "kernel_size": 5}), (6, 8, 5, 5), "6 filters 5×5 × 8"),
        (("convtranspose2d", {"out_channels": 5, "kernel_size": 2}), (8, 5, 2, 2), "8 inputs 2×2 × 5 maps"),
        (("convtranspose2d", {"out_channels": 3, "kernel_size": 2}), (8, 3, 2, 2), "8 inputs 2×2"),
        (("linear", {"out_features": 7}), (7, 9), "7 units"),
    ],
)
def test_sizes(step: tuple[str, dict[str, int]], weight: tuple[int, ...], said: str) -> None:
    (layer,) = filtered_layers(analyze(chain([("input", {"shape": (8, 9, 9)}), step, "output"])))
    assert layer.size_of(np.zeros(weight, np.float32)) == said
    assert layer.kinds == (("input", "map") if "transpose" in step[0] else ("filter", "channel"))
