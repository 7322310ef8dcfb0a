"""What a loss is drawn over: one number that makes an answer right or wrong, step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

    Question = Callable[[torch.Tensor], tuple[torch.Tensor, torch.Tensor]]


@dataclass(frozen=True)
class Probe:
    """From `low` to `high` along what `label` says; `ask` turns places (n,) into outputs and targets of n samples."""

    label: str
    low: float
    high: float
    ask: Question


def _scores(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    import torch

    return torch.stack((x, torch.zeros_like(x)), 1), torch.zeros(len(x), dtype=torch.int64)


def _probabilities(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    import torch

    return torch.stack((x, 1 - x), 1).log(), torch.zeros(len(x), dtype=torch.int64)


def _one_or_all(target: float) -> Question:
    def ask(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        import torch

        return x[:, None], torch.full_like(x, target)[:, None]

    return ask


def _angles(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    import torch

    turned = torch.deg2rad(x)
    return torch.stack((turned.cos(), turned.sin()), 1), torch.tensor([1.0, 0.0], dtype=x.dtype).repeat(len(x), 1)


def _shares(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    import torch

    return torch.stack((x, torch.zeros_like(x)), 1), torch.tensor([0.7, 0.3], dtype=x.dtype).repeat(len(x), 1)


SCORES = Probe("lead of the right class's score over the other's", -4.0, 4.0, _scores)
PROBABILITIES = Probe("probability of the right class", 0.01, 0.99, _probabilities)
YES = Probe("score z, where the answer is yes", -4.0, 4.0, _one_or_all(1.0))
ERRORS = Probe("error ŷ − y", -3.0, 3.0, _one_or_all(0.0))
COUNTS = Probe("output ŷ, where one is counted", -3.0, 3.0, _one_or_all(1.0))
ANGLES = Probe("angle between ŷ and y in degrees", 0.0, 180.0, _angles)
SHARES = Probe("lead of the first score, where p is 0.7 and 0.3", -4.0, 4.0, _shares)
