"""The decision surface is what the network says at each place, whatever its normalisation."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from netbuilder.core.build import chain
from netbuilder.data.dataset import Normalisation
from netbuilder.net.compiler import compile_graph
from netbuilder.probe.decision import decision_surface

SCALED = Normalisation(2.0, (0.5, -0.5), (2.0, 4.0))


@pytest.mark.parametrize("outputs", [1, 2, 3])
def test_every_place_is_answered_by_the_network(outputs: int) -> None:
    graph = chain([("input", {"shape": (2,)}), ("linear", {"out_features": 4}), "tanh", ("linear", {"out_features": outputs}), "output"])
    module = compile_graph(graph, seed=1).train()
    shares = decision_surface(module, SCALED, ((-1.0, 3.0), (0.0, 2.0)), 5)
    assert module.training
    assert shares.shape == (5, 5, max(2, outputs))
    for row, y in enumerate(np.linspace(0, 2, 5)):
        for column, x in enumerate(np.linspace(-1, 3, 5)):
            score = module(torch.tensor([[(2 * x - 0.5) / 2, (2 * y + 0.5) / 4]], dtype=torch.float32))[0]
            expected = score.softmax(0) if outputs > 1 else torch.stack((1 - score.sigmoid()[0], score.sigmoid()[0]))
            assert shares[row, column] == pytest.approx(expected.detach().numpy(), abs=1e-5)
