"""Drawing initial weights other than by each layer's own rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def initialise(module: torch.nn.Module, scheme: str) -> None:
    """Draw every weight with two axes or more anew by `scheme` and set their biases to zero; `default` changes nothing."""
    if scheme == "default":
        return
    from torch import nn

    draw: Callable[[torch.Tensor], object] = {
        "xavier-uniform": nn.init.xavier_uniform_,
        "xavier-normal": nn.init.xavier_normal_,
        "he-uniform": lambda weight: nn.init.kaiming_uniform_(weight, nonlinearity="relu"),
        "he-normal": lambda weight: nn.init.kaiming_normal_(weight, nonlinearity="relu"),
        "orthogonal": nn.init.orthogonal_,
    }[scheme]
    for layer in module.modules():
        weight, bias = getattr(layer, "weight", None), getattr(layer, "bias", None)
        if isinstance(weight, nn.Parameter) and weight.dim() >= 2 and not isinstance(layer, nn.Embedding):
            draw(weight)
            if isinstance(bias, nn.Parameter):
                nn.init.zeros_(bias)
