"""Positions without a label: what they are set to meanwhile, and means over the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import torch


def labelled(target: torch.Tensor, ignored: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The targets with class 0 where there is no label, and which positions have one."""
    known = target != ignored
    return target.masked_fill(~known, 0), known


def of_known(found: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
    """The mean of every sample over its positions with a label, (N,); 0 for a sample without any."""
    whole, many = (found * known).reshape(len(found), -1), known.reshape(len(known), -1)
    return whole.sum(1) / many.sum(1).clamp(min=1)


def mean_known(found: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
    """The mean over all positions of a batch that have a label, as torch's `ignore_index` takes it; 0 where there is none."""
    return (found * known).sum() / known.sum().clamp(min=1)


def told(targets: NDArray[np.generic], ignored: int | None) -> NDArray[np.generic]:
    """The labels themselves, in a row."""
    return targets.reshape(-1) if ignored is None else targets[targets != ignored]
