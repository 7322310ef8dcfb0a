"""Lines and planes through the space of weights along which a landscape is drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netbuilder.train.errors import TrainingError
from netbuilder.train.landscape.ground import Ground

if TYPE_CHECKING:
    import torch

    from netbuilder.train.landscape.curvature import Curvature


@dataclass(frozen=True)
class Plane:
    """The points `origin` + x·`axes[0]` (+ y·`axes[1]`), with a title for each axis; behind the first `size` numbers of a point
    stand running statistics, which go along between 0 and 1 only. `window` is (low, high) for each axis where the plane has its own."""

    origin: torch.Tensor
    axes: tuple[torch.Tensor, ...]
    titles: tuple[str, ...]
    size: int
    window: tuple[tuple[float, float], ...] = ()

    def at(self, *place: float) -> torch.Tensor:
        """The point at these coordinates."""
        point = self.origin.clone()
        for value, axis in zip(place, self.axes, strict=True):
            point[: self.size].add_(axis[: self.size], alpha=value)
            point[self.size :].add_(axis[self.size :], alpha=min(max(value, 0.0), 1.0))
        return point

    def project(self, point: torch.Tensor) -> tuple[tuple[float, ...], float]:
        """The coordinates of the nearest place on the plane, and how far from it the point lies, as a share of its way from the origin."""
        import torch

        way = (point - self.origin)[: self.size].double()
        across = torch.stack([axis[: self.size] for axis in self.axes], 1).double()
        found = torch.linalg.lstsq(across.cpu(), way[:, None].cpu()).solution[:, 0]
        length = float(way.norm())
        left = float((way.cpu() - across.cpu() @ found).norm()) / length if length else 0.0
        return tuple(found.tolist()), left


def random_plane(ground: Ground, count: int, seed: int, *, filters: bool = True) -> Plane:
    """`count` random directions from here. `filters`: each filter is as long as that of the network, and biases and the scales of
    normalisations stay (Li et al., Visualizing the loss landscape of neural nets, 2018, section 4); else the whole is as long as
    all weights.

    Raises `TrainingError` where no filter could move.
    """
    import torch

    random = torch.Generator().manual_seed(seed)
    axes = []
    for _ in range(count):
        drawn = torch.randn(ground.size, generator=random).to(ground.here.device)
        axis = filter_normalised(ground, drawn) if filters else drawn * (ground.here[: ground.size].norm() / drawn.norm())
        axes.append(torch.cat((axis, torch.zeros_like(ground.here[ground.size :]))))
    if not all(bool(axis.any()) for axis in axes):
        raise TrainingError(
            "All weights that could move are 0, or are biases and scales.",
            remedy="Choose plain random directions, or train the network first.",
        )
    kind = "filter-normalised" if filters else "random"
    return Plane(ground.here, tuple(axes), tuple(f"{kind} direction {number + 1}" for number in range(count)), ground.size)


def filter_normalised(ground: Ground, direction: torch.Tensor) -> torch.Tensor:
    """A direction (size,) with every filter d brought to the length of the network's own w: d·‖w‖/‖d‖; weights of one axis get 0."""
    import torch

    parts, start = [], 0
    for _, weight in ground.weights:
        own = ground.here[start : start + weight.numel()].view(weight.shape)
        part = direction[start : start + weight.numel()].view(weight.shape)
        start += weight.numel()
        if weight.dim() < 2:
            parts.append(torch.zeros(weight.numel(), device=direction.device))
            continue
        lengths, wanted = part.flatten(1).norm(dim=1), own.flatten(1).norm(dim=1)
        scale = torch.where(lengths > 0, wanted / lengths.clamp_min(1e-30), 0.0)
        parts.append((part.flatten(1) * scale[:, None]).flatten())
    return torch.cat(parts)


def eigen_plane(ground: Ground, curvature: Curvature, count: int) -> Plane:
    """The directions in which the loss curves most, each of length 1."""
    import torch

    still = torch.zeros_like(ground.here[ground.size :])
    chosen = list(zip(curvature.vectors, curvature.largest, strict=False))[:count]
    axes = tuple(torch.cat((vector.to(ground.here), still)) for vector, _ in chosen)
    return Plane(ground.here, axes, tuple(f"eigenvector {n + 1} (λ = {value:.3g})" for n, (_, value) in enumerate(chosen)), ground.size)


def line(ground: Ground, begin: torch.Tensor, end: torch.Tensor, titles: tuple[str, str] = ("0", "1")) -> Plane:
    """The straight line from one point to another, 0 to 1 and a quarter beyond both (Goodfellow et al., Qualitatively characterizing
    neural network optimization problems, 2015); raises `TrainingError` when they are the same."""
    if bool((begin == end).all()):
        raise TrainingError(f"“{titles[0]}” and “{titles[1]}” are the same weights.", remedy="Choose two different ones.")
    return Plane(begin, (end - begin,), (f"α from {titles[0]} (0) to {titles[1]} (1)",), ground.size, ((-0.25, 1.25),))


def path_plane(ground: Ground, points: Sequence[torch.Tensor], count: int) -> Plane:
    """The plane in which most of the way through these points lies, seen from here: their principal components, each of length 1.

    Raises `TrainingError` when the points span fewer directions. Source: Li et al., 2018, section 7.
    """
    import torch

    ways = torch.stack([(point - ground.here)[: ground.size] for point in points]) if points else torch.zeros(0, ground.size)
    ways = ways[ways.norm(dim=1) > 0].double()
    values, rows = torch.linalg.eigh(ways @ ways.T) if len(ways) else (torch.zeros(0), torch.zeros(0, 0))
    rank = int((values > 1e-9 * values.max()).sum()) if len(values) else 0
    if rank < count:
        raise TrainingError(
            f"The training's path has {rank + 1} known point{'s' if rank else ''}, too few for {'a plane' if count == 2 else 'a line'}.",
            remedy="Set “keep every” in the recipe to 1, so that each epoch leaves a checkpoint, and train; or draw it in 1-D.",
        )
    total, still = float(values.sum()), torch.zeros_like(ground.here[ground.size :])
    axes, titles, window = [], [], []
    for number in range(1, count + 1):
        axis = (rows[:, -number] @ ways).float()
        axis = axis / axis.norm()
        places = [0.0, *((ways.float() @ axis).tolist())]
        room = 0.25 * (max(places) - min(places))
        axes.append(torch.cat((axis, still)))
        titles.append(f"principal direction {number} of the path ({math.floor(100 * float(values[-number]) / total)} %)")
        window.append((min(places) - room, max(places) + room))
    return Plane(ground.here, tuple(axes), tuple(titles), ground.size, tuple(window))
