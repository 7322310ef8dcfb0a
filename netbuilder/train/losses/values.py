"""Losses between numbers, counts, directions and distributions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from msgspec import Meta

from netbuilder.train.losses.base import LOSSES, ValueLoss
from netbuilder.train.losses.probes import ANGLES, COUNTS, SHARES, Probe

if TYPE_CHECKING:
    import torch

Delta = Annotated[float, Meta(gt=0.0, le=1e6, description="Errors beyond it count in proportion, not squared.")]


@LOSSES.declare("l1", "Absolute error", "For values with outliers: every error counts in proportion.", formula="L = mean |ŷ − y|")
class AbsoluteError(ValueLoss, frozen=True):
    """Mean of the absolute difference."""

    def elements(self, output: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
        from torch.nn.functional import l1_loss

        return l1_loss(output, wanted, reduction="none")


@LOSSES.declare(
    "huber",
    "Huber",
    "Squared for small errors, absolute for large ones.",
    formula="L = e²/2 for |e| ≤ δ, else δ·(|e| − δ/2)",
    paper="Huber, Robust estimation of a location parameter, 1964",
)
class Huber(ValueLoss, frozen=True):
    """A parabola that goes on in straight lines."""

    delta: Delta = 1.0

    def elements(self, output: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
        from torch.nn.functional import huber_loss

        return huber_loss(output, wanted, delta=self.delta, reduction="none")


@LOSSES.declare("pseudo-huber", "Pseudo-Huber", "Huber without a seam.", formula="L = δ²·(√(1 + (e/δ)²) − 1)")
class PseudoHuber(ValueLoss, frozen=True):
    """Smooth in all derivatives."""

    delta: Delta = 1.0

    def elements(self, output: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
        error = (output - wanted) / self.delta
        return self.delta**2 * ((1 + error.square()).sqrt() - 1)


@LOSSES.declare(
    "poisson", "Poisson", "For counts: the network gives the logarithm of the expected count.", formula="L = mean (exp(ŷ) − y·ŷ)"
)
class Poisson(ValueLoss, frozen=True):
    """Negative log-likelihood of a Poisson distribution, without the term that no weight changes."""

    probe: ClassVar[Probe | None] = COUNTS

    def elements(self, output: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
        from torch.nn.functional import poisson_nll_loss

        return poisson_nll_loss(output, wanted, reduction="none")


@LOSSES.declare("cosine", "Cosine proximity", "Compares directions, whatever the lengths.", formula="L = 1 − ŷ·y / (|ŷ|·|y|)")
class Cosine(ValueLoss, frozen=True):
    """One minus the cosine of the angle between output and target, over axis 1."""

    probe: ClassVar[Probe | None] = ANGLES

    def elements(self, output: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
        from torch.nn.functional import cosine_similarity

        return 1 - cosine_similarity(output, wanted, dim=1)


@LOSSES.declare("kl", "KL divergence", "For distributions as targets. Applies softmax itself.", formula="L = Σ p·(log p − log softmax(z))")
class KullbackLeibler(ValueLoss, frozen=True):
    """Kullback–Leibler divergence of the targets from the softmax over axis 1, mean over the batch."""

    probe: ClassVar[Probe | None] = SHARES

    def elements(self, output: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
        from torch.nn.functional import kl_div, log_softmax

        return kl_div(log_softmax(output, 1), wanted, reduction="none").sum(1)
