"""What a network with two inputs says everywhere in a part of the plane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from netbuilder.data.dataset import Normalisation

RESOLUTION = 72


def decision_surface(
    module: Any, normalisation: Normalisation, window: tuple[tuple[float, float], tuple[float, float]], resolution: int = RESOLUTION
) -> NDArray[np.float32]:
    """(resolution, resolution, classes) shares: rows along the second coordinate of stored data, columns along the first.

    A single output counts as the score of the second of two classes. Runs in evaluation mode on the module's own device.
    """
    import torch

    axes = [np.linspace(low, high, resolution) for low, high in window]
    points = np.stack(np.meshgrid(*axes), -1).reshape(-1, 2)
    mean, std = np.asarray(normalisation.mean or 0.0), np.asarray(normalisation.std or 1.0)
    first = next(iter(module.parameters()), None)
    device = first.device if first is not None else torch.device("cpu")
    batch = torch.from_numpy(((points * normalisation.scale - mean) / std).astype(np.float32)).to(device)
    training = module.training
    module.eval()
    try:
        with torch.no_grad():
            found = module(batch)
    finally:
        module.train(training)
    scores = (found[0] if isinstance(found, tuple) else found).float().reshape(len(points), -1)
    if scores.shape[1] == 1:
        scores = torch.cat((torch.zeros_like(scores), scores), 1)
    shares: NDArray[np.float32] = scores.softmax(1).cpu().numpy().reshape(resolution, resolution, -1)
    return shares
