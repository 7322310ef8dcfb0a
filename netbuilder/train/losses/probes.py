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
    """From `low` to `high` along what `label` names and `words` explain; `ask` turns places (n,) into outputs and targets of n samples."""

    label: str
    words: str
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


SCORES = Probe("right score's lead", "How far the right class's score is above that of the other of two classes.", -4.0, 4.0, _scores)
PROBABILITIES = Probe("p of the right class", "The probability that the network gives to the right class.", 0.01, 0.99, _probabilities)
YES = Probe("score z", "The score, where the right answer is yes; where it is no, the curve is mirrored.", -4.0, 4.0, _one_or_all(1.0))
ERRORS = Probe("error ŷ − y", "How far the output is from its target.", -3.0, 3.0, _one_or_all(0.0))
COUNTS = Probe("output ŷ", "The logarithm of the expected count, where one is counted.", -3.0, 3.0, _one_or_all(1.0))
ANGLES = Probe("angle in degrees", "The angle between the output and its target.", 0.0, 180.0, _angles)
SHARES = Probe(
    "first score's lead",
    "How far the first of two scores is above the other, where their shares should be 0.7 and 0.3.",
    -4.0,
    4.0,
    _shares,
)
