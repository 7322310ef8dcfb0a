"""The joint prediction of several networks: the mean of their probabilities, or of their values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from netbuilder.data.feeder import Feeder
from netbuilder.train.errors import TrainingError
from netbuilder.train.evaluation.evaluate import BATCH, evaluating
from netbuilder.train.evaluation.metrics import Metrics
from netbuilder.train.losses import BinaryCrossEntropy, CrossEntropy, Loss, choose, parts_of

if TYPE_CHECKING:
    import torch

    from netbuilder.data.dataset import Normalisation, Part


def together(answers: Sequence[NDArray[np.float64]], part: Part) -> Metrics:
    """Loss and accuracy of the mean prediction; the loss is −log of the right class's probability, or the squared error."""
    mean = np.mean(answers, axis=0)
    if part.targets.dtype.kind in "iu" and part.targets.ndim == 1:
        if mean.ndim == 2 and mean.shape[1] == 1:
            mean = np.concatenate((1 - mean, mean), axis=1)
        right = np.take_along_axis(mean, part.targets[:, None].astype(np.int64), axis=1)[:, 0]
        loss = -np.log(np.maximum(right, 1e-12)).mean()
        return Metrics(float(loss), float((mean.argmax(1) == part.targets).mean()), len(part))
    return Metrics(float(np.square(mean.reshape(part.targets.shape) - part.targets).mean()), None, len(part))


def answers_of(
    module: torch.nn.Module, part: Part, normalisation: Normalisation, loss: Loss, task: str = "classes", device: str = "cpu"
) -> NDArray[np.float64]:
    """A network's probabilities (or values) for every sample of a part, in the order of the part; the first output counts."""
    import torch

    feeder = Feeder(part, normalisation, BATCH, device=device, shuffle=False)
    found: list[NDArray[np.float64]] = []
    kind: Loss | None = None
    with evaluating(module):
        for index in feeder.indices(0):
            outputs = module(feeder.gather(index)[0])
            first = outputs[0] if isinstance(outputs, tuple) else outputs
            kind = kind or parts_of(choose(loss, tuple(first.shape[1:]), part, task))[0]
            if isinstance(kind, CrossEntropy):
                first = torch.softmax(first, 1)
            elif isinstance(kind, BinaryCrossEntropy):
                first = torch.sigmoid(first)
            found.append(first.double().cpu().numpy())
    if not found:
        raise TrainingError("There are no samples to judge by.", place="data")
    return np.concatenate(found)
