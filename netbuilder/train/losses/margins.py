"""Losses of classes beside cross-entropy: those that look at margins, and at hard samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

from netbuilder.train.losses.base import LOSSES, CrossEntropy

if TYPE_CHECKING:
    import torch


@LOSSES.declare(
    "hinge",
    "Hinge",
    "The right score must lead all others by a margin; beyond it nothing is gained.",
    formula="L = Σ_{k≠y} max(0, m − z_y + z_k) / K",
    paper="Weston and Watkins, Support vector machines for multi-class pattern recognition, 1999",
)
class Hinge(CrossEntropy, frozen=True):
    """Multi-class hinge over axis 1."""

    margin: Annotated[float, Meta(gt=0.0, le=1000.0, description="How far the right score must lead.")] = 1.0

    def unweighted(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        right = output.gather(1, target.unsqueeze(1))
        lost = (self.margin - right + output).clamp(min=0.0).scatter(1, target.unsqueeze(1), 0.0)
        return lost.sum(1) / output.shape[1]


@LOSSES.declare(
    "focal",
    "Focal",
    "Cross-entropy in which samples that are right already hardly count.",
    formula="L = −(1 − p_y)^γ·log p_y",
    paper="Lin et al., Focal loss for dense object detection, 2017",
)
class Focal(CrossEntropy, frozen=True):
    """Focal loss over the softmax of axis 1."""

    gamma: Annotated[float, Meta(ge=0.0, le=20.0, description="0 is cross-entropy; more looks at hard samples.")] = 2.0

    def unweighted(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        from torch.nn.functional import cross_entropy

        plain = cross_entropy(output, target, reduction="none")
        smoothed = cross_entropy(output, target, label_smoothing=self.label_smoothing, reduction="none") if self.label_smoothing else plain
        return (1 - (-plain).exp()) ** self.gamma * smoothed
