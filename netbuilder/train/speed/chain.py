"""A plain chain of known layers, learned link by link instead of through autograd. Imported only together with torch.

Results agree with torch's own to rounding; what is not known (other layers, branches, shared weights, large layers)
is left to autograd.
"""

from __future__ import annotations

from itertools import pairwise
from math import prod
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from netbuilder.net.compiled import in_line
from netbuilder.train.speed.links import ACTIVATIONS, Convolved, Dense, places_of
from netbuilder.train.speed.pooling import window_of

if TYPE_CHECKING:
    from netbuilder.data.feeder import Targets
    from netbuilder.train.objective import Objective

LARGEST = 32 << 20
"""Bytes of one layer's windows up to which copying them pays; beyond, torch's convolutions are better."""
Link = Convolved | Dense


class Chain:
    """The links of a network for batches of one size."""

    def __init__(self, links: list[Link], batch: int) -> None:
        self.batch = batch
        self._links = links
        self._scores, self._slope = (torch.empty(*links[-1].shape, batch) for _ in range(2))
        for link, following in pairwise(links):
            link.connect(following.input, following.slope)
        links[-1].connect(self._scores, self._slope)

    def backward(self, objective: Objective, x: Tensor, target: Tensor | Targets) -> tuple[Tensor, Tensor | None]:
        """Gradients of these samples, freshly in every `grad`; the loss and the right answers."""
        with torch.no_grad():
            self._links[0].input.copy_(x.movedim(0, -1).view_as(self._links[0].input))
            for link in self._links:
                link.forward()
            scores = self._scores.movedim(-1, 0).contiguous().requires_grad_()
        with torch.enable_grad():
            loss, correct = objective(scores, target)
            (slope,) = torch.autograd.grad(loss, scores)
        with torch.no_grad():
            self._slope.copy_(slope.movedim(0, -1))
            for link in reversed(self._links):
                link.backward()
        return loss.detach(), correct


def chain_of(module: nn.Module, shape: tuple[int, ...], batch: int) -> Chain | None:
    """The chain of a network for samples of this shape, or `None` when not all of it is known."""
    layers = in_line(module)
    parameters = [parameter for layer in layers or () for parameter in layer.parameters()]
    if layers is None or len(set(parameters)) < len(parameters) or any(p.dtype != torch.float32 or not p.is_cpu for p in parameters):
        return None
    links: list[Link] = []
    while layers:
        layer = layers.pop(0)
        if type(layer) is nn.Flatten and (layer.start_dim, layer.end_dim) == (1, -1):
            shape = (prod(shape),)
            continue
        activation = ACTIVATIONS[type(layers.pop(0) if layers and type(layers[0]) in ACTIVATIONS else nn.Identity())]
        if type(layer) is nn.Linear and len(shape) == 1:
            link: Link = Dense(layer, activation, batch, first=not links)
        elif type(layer) is nn.Conv2d and len(shape) == 3:
            window = window_of(layers[0]) if layers else None
            if window is not None:
                layers.pop(0)
            if not _suits(layer, window or (1, 1), shape, batch):
                return None
            link = Convolved(layer, activation, window or (1, 1), (shape[1], shape[2]), batch, first=not links)
        else:
            return None
        links.append(link)
        shape = link.shape
    return Chain(links, batch) if links else None


def _suits(layer: nn.Conv2d, window: tuple[int, int], shape: tuple[int, ...], batch: int) -> bool:
    """Whether a convolution is of the kind that links know, and small enough for them."""
    plain = (layer.stride, layer.dilation, layer.groups, layer.padding_mode) == ((1, 1), (1, 1), 1, "zeros")
    if not plain or isinstance(layer.padding, str):
        return False
    places = places_of(layer, (shape[1], shape[2]))
    whole = all(place > 0 and place % size == 0 for place, size in zip(places, window, strict=True))
    return whole and 4 * prod(layer.kernel_size) * layer.in_channels * prod(places) * batch <= LARGEST
