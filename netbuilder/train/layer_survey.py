"""What many samples at once tell of each layer: how long it takes, which of its units never fire or are saturated, and what it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netbuilder.layers.declare import Category, find
from netbuilder.layers.elementwise import Elementwise
from netbuilder.layers.settings import resolve
from netbuilder.train.diagnosis import keep_outputs

if TYPE_CHECKING:
    import torch

    from netbuilder.core.graph import Node
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


def output_statistics(module: torch.nn.Module, x: Any) -> tuple[dict[str, tuple[float, float]], dict[str, float]]:
    """Mean and standard deviation of each layer's outputs for the batch `x`, over all samples, units and places; and the share of
    saturated ones where the layer squeezes them between limits (`layers.elementwise.FLAT`). One forward pass, one transfer."""
    import torch

    from netbuilder.net.compiled import CompiledModule, graph_of

    if not isinstance(module, CompiledModule):
        return {}, {}
    nodes = graph_of(module).nodes
    _, kept = keep_outputs(module, x, nodes)
    kept = {node: value for node, value in kept.items() if value.is_floating_point() and value.numel()}
    if not kept:
        return {}, {}
    limits = {node: steep for node in kept if (steep := _steep(nodes[node])) is not None}
    flat = [((kept[node] <= low) | (kept[node] >= high)).float().mean() for node, (low, high) in limits.items()]
    spread = [each for value in kept.values() for each in _mean_and_deviation(value.float())]
    numbers = torch.stack([*spread, *flat]).tolist()
    pairs = zip(numbers[: len(spread) : 2], numbers[1 : len(spread) : 2], strict=True)
    return dict(zip(kept, pairs, strict=True)), dict(zip(limits, numbers[len(spread) :], strict=True))


def _mean_and_deviation(value: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """In two passes, ten times as fast on a CPU as torch's own function, which makes one."""
    mean = value.mean()
    return mean, (value - mean).square_().mean().sqrt()


def _steep(node: Node) -> tuple[float, float] | None:
    if not _fires(node.layer):
        return None
    layer = resolve(node)
    return layer.steep() if isinstance(layer, Elementwise) else None


def _fires(layer: str) -> bool:
    kind = find(layer)
    return kind is not None and kind.about.category is Category.ACTIVATION
