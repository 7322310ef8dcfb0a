"""A loss as a curve, worked out by the loss itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from netbuilder.train.losses.base import CrossEntropy, Loss
from netbuilder.train.losses.mixture import Mixture
from netbuilder.train.losses.probes import Probe

POINTS = 161
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """The loss `y` over `x`, which is what `label` names and `words` explain."""

    label: str
    words: str
    x: Floats
    y: Floats


def curve(loss: Loss) -> Curve | None:
    """The curve of a loss; nothing for “auto”, and for a mixture whose losses are not drawn over the same. Class weights are left out."""
    if isinstance(loss, Mixture):
        return _together(loss)
    return None if loss.probe is None else _over(loss, loss.probe)


def _over(loss: Loss, probe: Probe) -> Curve:
    import torch

    plain = replace(loss, class_weights=()) if isinstance(loss, CrossEntropy) else loss
    x = torch.linspace(probe.low, probe.high, POINTS, dtype=torch.float64)
    return Curve(probe.label, probe.words, x.numpy(), plain.each(*probe.ask(x)).numpy())


def _together(mixture: Mixture) -> Curve | None:
    found = [(weight, curve(loss)) for weight, loss in mixture.shares()]
    first = found[0][1]
    if first is None or any(each is None or each.label != first.label for _, each in found):
        return None
    return Curve(first.label, first.words, first.x, np.sum([weight * each.y for weight, each in found if each is not None], 0))
