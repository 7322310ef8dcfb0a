"""Losses of regions: how much of what is said to be a class is that class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

from netbuilder.train.losses.base import LOSSES, CrossEntropy
from netbuilder.train.losses.unlabelled import labelled

if TYPE_CHECKING:
    import torch


@LOSSES.declare(
    "dice",
    "Dice",
    "For label maps: one minus the overlap of what is said and what is true, every class as much as any other, however small.",
    formula="L = 1 − mean_k (2·Σ p·y + ε) / (Σ p + Σ y + ε)",
    paper="Milletari, Navab and Ahmadi, V-Net, 2016",
)
class Dice(CrossEntropy, frozen=True):
    """Soft Dice over the softmax of axis 1, each sample by itself; class weights weigh the mean over the classes."""

    smoothing: Annotated[float, Meta(gt=0.0, le=1e6, description="ε: keeps classes that are nowhere from counting as missed.")] = 1.0

    def each(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        from torch.nn.functional import one_hot, softmax

        said = softmax(output, 1).flatten(2) if output.dim() > 2 else softmax(output, 1).unsqueeze(2)
        known = None
        if self.ignore_index is not None:
            target, known = labelled(target, self.ignore_index)
        true = one_hot(target, output.shape[1]).movedim(-1, 1).to(output.dtype).reshape(said.shape)
        true = true.lerp(true.new_full((), 1 / output.shape[1]), self.label_smoothing) if self.label_smoothing else true
        if known is not None:
            said, true = said * known.reshape(len(said), 1, -1), true * known.reshape(len(said), 1, -1)
        overlap = (2 * (said * true).sum(2) + self.smoothing) / (said.sum(2) + true.sum(2) + self.smoothing)
        if not self.class_weights:
            return 1 - overlap.mean(1)
        weights = output.new_tensor(self.class_weights)
        return 1 - (overlap * weights).sum(1) / weights.sum()

    def mean(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        return self.each(output, target).mean()
