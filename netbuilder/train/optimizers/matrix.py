"""Optimizers that look at more than one weight at a time: curvature, and whole matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta

from netbuilder.train.optimizers.base import OPTIMIZERS, Beta, Decay, Momentum, Optimizer, Rate

if TYPE_CHECKING:
    import torch


@OPTIMIZERS.declare(
    "lbfgs",
    "L-BFGS",
    "Guesses the curvature from the last steps. For full batches: with small ones the guesses are noise.",
    formula="w ← w − η·H·g,  H ≈ (∇²L)⁻¹ from pairs s = Δw, y = Δg",
    paper="Liu and Nocedal, On the limited memory BFGS method for large scale optimization, 1989",
)
class LBFGS(Optimizer, frozen=True):
    """One quasi-Newton iteration of fixed length per batch, without a line search."""

    learning_rate: Rate = 0.5
    history: Annotated[int, Meta(ge=1, le=1000, description="Steps that are remembered.", extra={"unit": "steps"})] = 10

    def torch_name(self) -> str:
        return "LBFGS"

    def kind(self) -> type[torch.optim.Optimizer]:
        from netbuilder.train.optimizers import quasi_newton

        return quasi_newton.LBFGS

    def arguments(self) -> dict[str, Any]:
        return {"history": self.history}

    def _speed(self, device: torch.device, capturable: bool) -> dict[str, Any]:
        return {}


@OPTIMIZERS.declare(
    "muon",
    "Muon",
    "Momentum whose matrices are made orthogonal: every direction moves alike. Biases and other vectors go by AdamW.",
    formula="B ← μ·B + (1 − μ)·G;  W ← W − η·√max(1, rows/columns)·U·Vᵀ  where μ·B + (1 − μ)·G = U·Σ·Vᵀ",
    paper="Jordan et al., Muon: An optimizer for hidden layers in neural networks, 2024",
)
class Muon(Optimizer, frozen=True):
    """Muon for weights with two axes or more (kernels as matrices out × rest), AdamW at `vector_rate` for all others."""

    learning_rate: Rate = 0.02
    momentum: Momentum = 0.95
    nesterov: Annotated[bool, Meta(description="Take the gradient where momentum would carry us.")] = True
    weight_decay: Decay = 0.01
    vector_rate: Annotated[float, Meta(gt=0.0, le=10.0, description="AdamW's rate for vectors, as a share of the rate.")] = 0.05
    beta1: Beta = 0.9
    beta2: Beta = 0.95

    def torch_name(self) -> str:
        return "Muon"

    def kind(self) -> type[torch.optim.Optimizer]:
        from netbuilder.train.optimizers import orthogonal

        return orthogonal.Muon

    def arguments(self) -> dict[str, Any]:
        names = ("momentum", "nesterov", "weight_decay", "vector_rate")
        return {**{name: getattr(self, name) for name in names}, "betas": (self.beta1, self.beta2)}

    def _speed(self, device: torch.device, capturable: bool) -> dict[str, Any]:
        return {}
