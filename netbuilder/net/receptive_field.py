"""Receptive fields: how much of the network's input one output element sees, worked out only for the node that is asked about."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import TYPE_CHECKING

from msgspec import Struct

from netbuilder.layers.declare import Reach, TensorSpec

if TYPE_CHECKING:
    from netbuilder.net.results import NodeAnalysis


class ReceptiveField(Struct, frozen=True):
    """How much of the network's input one output element sees: size and step per spatial axis, in input elements.

    `everything` when it sees the whole input.
    """

    size: tuple[int, ...] = ()
    step: tuple[float, ...] = ()
    everything: bool = False


EVERYTHING = ReceptiveField(everything=True)


class Views:
    """The receptive field of any node, from the answers about it and those before it; remembered once known."""

    def __init__(self, answers: Mapping[str, NodeAnalysis]) -> None:
        self._answers = answers
        self._found: dict[str, ReceptiveField] = {}

    def __call__(self, id_: str) -> ReceptiveField:
        """What the node `id_` sees; nothing where its shape is unknown."""
        found, waiting = self._found, [id_]
        while waiting:
            answer = self._answers[waiting[-1]]
            before = [feeder for feeder in answer.feeders if feeder not in found]
            if before:
                waiting.extend(before)
            else:
                found[waiting.pop()] = self._through(answer)
        return found[id_]

    def _through(self, answer: NodeAnalysis) -> ReceptiveField:
        if answer.reach is None:
            return ReceptiveField()
        if not answer.feeders:
            return own_view(answer.outputs[0])
        return see(widest([self._found[feeder] for feeder in answer.feeders]), answer.reach)


def own_view(spec: TensorSpec) -> ReceptiveField:
    """What an element of the input sees: itself, with a step of one along each spatial axis."""
    axes = max(len(spec.shape) - 2, 0)
    return ReceptiveField((1,) * axes, (1.0,) * axes)


def see(before: ReceptiveField, reach: Reach) -> ReceptiveField:
    """The field through one more layer: its size grows by (extent − 1) steps, and steps multiply by the stride."""
    if before.everything or reach.everything:
        return EVERYTHING
    if not reach.extent and not reach.stride:
        return before
    axes = max(len(reach.extent), len(reach.stride))
    extent = reach.extent or (1,) * axes
    stride = reach.stride or (1,) * axes
    size = before.size if len(before.size) == axes else (1,) * axes
    step = before.step if len(before.step) == axes else (1.0,) * axes
    return ReceptiveField(
        tuple(ceil(s + (e - 1) * p) for s, e, p in zip(size, extent, step, strict=True)),
        tuple(float(p * q) for p, q in zip(step, stride, strict=True)),
    )


def widest(views: list[ReceptiveField]) -> ReceptiveField:
    """The field where several paths meet: the largest along each axis."""
    first = views[0]
    if all(view is first for view in views):
        return first
    if any(view.everything for view in views):
        return EVERYTHING
    views = [view for view in views if len(view.size) == max(len(v.size) for v in views)]
    return ReceptiveField(
        tuple(max(sizes) for sizes in zip(*(view.size for view in views), strict=True)),
        tuple(max(steps) for steps in zip(*(view.step for view in views), strict=True)),
    )
