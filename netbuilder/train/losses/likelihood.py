"""Losses of classes that read something else than scores: logarithms of probabilities, and distances from codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from msgspec import Meta

from netbuilder.train.losses.base import LOSSES, CrossEntropy
from netbuilder.train.losses.probes import PROBABILITIES, Probe

if TYPE_CHECKING:
    import torch


@LOSSES.declare(
    "nll",
    "Negative log-likelihood",
    "Cross-entropy for a network that ends in LogSoftmax: it takes logarithms of probabilities.",
    formula="L = −log p_y",
)
class NegativeLogLikelihood(CrossEntropy, frozen=True):
    """Minus the logarithm of the right class's probability over axis 1."""

    takes: ClassVar[Literal["scores", "log-probabilities"]] = "log-probabilities"
    probe: ClassVar[Probe | None] = PROBABILITIES

    def unweighted(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        right = -output.gather(1, target.unsqueeze(1)).squeeze(1)
        return right.lerp(-output.mean(1), self.label_smoothing) if self.label_smoothing else right


@LOSSES.declare(
    "map",
    "Maximum a posteriori",
    "For negative distances from codes, as RadialBasis gives them: the right code comes near, the others stay away until far enough.",
    formula="L = y_c + log( exp(−j) + Σ exp(−y_k) )",
    paper="LeCun, Bottou, Bengio & Haffner, Gradient-based learning applied to document recognition, 1998, equation 9",
)
class MaximumPosterior(CrossEntropy, frozen=True):
    """Cross-entropy with one more class, “none of them”, at the distance j from everything. Scores are −y."""

    distance: Annotated[
        float, Meta(ge=0.0, le=10_000.0, description="j: codes of other classes farther away than this are left alone.")
    ] = 10.0

    def unweighted(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        import torch
        from torch.nn.functional import cross_entropy

        none = torch.full_like(output[:, :1], -self.distance)
        return cross_entropy(torch.cat((output, none), 1), target, label_smoothing=self.label_smoothing, reduction="none")
