"""What many samples at once tell of each layer: how long it takes, and which of its units never fire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netbuilder.layers.declare import Category, find
from netbuilder.train.diagnosis import keep_outputs

if TYPE_CHECKING:
    import torch

    from netbuilder.data.feeder import Feeder

SAMPLES = 32


def batch_of(feeder: Feeder) -> Any:
    """The first samples of a part, prepared as for training."""
    import torch

    return feeder.gather(torch.arange(min(SAMPLES, feeder.count), device=feeder.inputs.device))[0]


def layer_times(module: torch.nn.Module, x: Any) -> dict[str, float]:
    """Seconds of each layer's forward pass for one sample of the batch `x`, by node id; none for a module of another kind."""
    timed = getattr(module, "timed", None)
    inputs = x if isinstance(x, tuple) else (x,)
    return {node: seconds / len(inputs[0]) for node, seconds in timed(inputs).items()} if timed is not None else {}


def dead_units(module: torch.nn.Module, x: torch.Tensor) -> dict[str, float]:
    """The share of units, channels of feature maps among them, that are zero for all samples and places; activations only."""
    import torch

    from netbuilder.net.compiled import CompiledModule, graph_of

    if not isinstance(module, CompiledModule):
        return {}
    nodes = [node.id for node in graph_of(module).nodes.values() if _fires(node.layer)]
    _, kept = keep_outputs(module, x, nodes)
    silent = {node: (value == 0).flatten(2).all(dim=2).all(dim=0) for node, value in kept.items() if value.dim() > 2}
    silent |= {node: (value == 0).all(dim=0) for node, value in kept.items() if value.dim() == 2}
    if not silent:
        return {}
    shares = torch.stack([zero.float().mean() for zero in silent.values()]).tolist()
    return dict(zip(silent, shares, strict=True))


def _fires(layer: str) -> bool:
    kind = find(layer)
    return kind is not None and kind.about.category is Category.ACTIVATION
