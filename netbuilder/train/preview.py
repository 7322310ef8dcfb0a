"""What the viewers look at while a network learns: weights, one sample's feature maps, gradient norms."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from netbuilder.net.passing import PLAIN, Passing
from netbuilder.train.diagnosis import keep_outputs, node_names
from netbuilder.train.evaluation.evaluate import evaluating
from netbuilder.train.events import Preview
from netbuilder.train.inside_blocks import entering, gathered, mean

if TYPE_CHECKING:
    import torch

    from netbuilder.data.feeder import Feeder

SHARE = 0.01
"""Part of the training's time that going through many samples for its viewers may take."""


@dataclass
class Watch:
    """What somebody is looking at; set its fields from any thread at any time. Nothing watched costs nothing.

    `sample` indexes the test part and goes in as `passing` says; `nodes` are ids whose maps are wanted, `filters` ids whose weights are;
    `gradients` asks for every layer's gradient norm, `times` for how long each takes, `dead` for units that are always zero,
    `saturated` for those in flat parts of their curves and every layer's mean output; `rate` is previews per second.
    These figures are those of the layers inside the blocks `inside` (ids, the outermost first), on average over their repeats.
    """

    sample: int = 0
    passing: Passing = PLAIN
    nodes: frozenset[str] = frozenset()
    filters: frozenset[str] = frozenset()
    gradients: bool = False
    times: bool = False
    dead: bool = False
    saturated: bool = False
    rate: float = 2.5
    inside: tuple[str, ...] = ()

    @property
    def idle(self) -> bool:
        """Whether nobody is looking."""
        return not (self.nodes or self.filters or self.gradients or self.times or self.dead or self.saturated)


class Previewer:
    """Makes previews no oftener than the watch asks for."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self._next = self._next_survey = 0.0

    def due(self) -> bool:
        """Whether it is time for one."""
        return not self.watch.idle and perf_counter() >= self._next

    def take(self, module: torch.nn.Module, feeder: Feeder, step: int, epoch: int) -> Preview:
        """Look now; `feeder` holds the part from which the sample comes."""
        watch, inside = self.watch, self.watch.inside
        self._next = perf_counter() + 1.0 / max(watch.rate, 0.01)
        names = node_names(module)
        children = dict(module.named_children())
        sample = min(max(watch.sample, 0), max(feeder.count - 1, 0))
        return Preview(
            step,
            epoch,
            filters={node: weight for node in watch.filters if (weight := _weight(children.get(names.get(node, "")))) is not None},
            maps=feature_maps(module, feeder, sample, watch.nodes, watch.passing) if watch.nodes and feeder.count else {},
            gradients=gathered(module, inside, _gradients) if watch.gradients else {},
            sample=sample,
            inside=inside,
            **self._survey(module, feeder, inside),
        )

    def _survey(self, module: torch.nn.Module, feeder: Feeder, inside: tuple[str, ...]) -> dict[str, Any]:
        """What takes a pass over many samples; the next one waits until this one was a small share of the time since."""
        watch, began = self.watch, perf_counter()
        if not (watch.times or watch.dead or watch.saturated) or not feeder.count or began < self._next_survey:
            return {}
        from netbuilder.train.layer_survey import batch_of, dead_units, layer_times, output_statistics

        with evaluating(module):
            met = entering(module, inside, batch_of(feeder))
            times = mean(layer_times(part, x) for part, x in met) if watch.times else {}
            dead = mean(dead_units(part, x) for part, x in met) if watch.dead else {}
            given = [output_statistics(part, x) for part, x in met] if watch.saturated else []
        outputs, saturated = mean(each[0] for each in given), mean(each[1] for each in given)
        self._next_survey = perf_counter() + (perf_counter() - began) / SHARE
        return {"times": times, "dead": dead, "saturated": saturated, "outputs": outputs}


def feature_maps(
    module: torch.nn.Module, feeder: Feeder, sample: int, nodes: frozenset[str], passing: Passing = PLAIN
) -> dict[str, NDArray[np.float32]]:
    """The outputs of nodes for one sample, without the batch axis; disturbs neither statistics nor random numbers."""
    known = nodes & node_names(module).keys()
    x = feeder.sample(sample, passing.samples)
    x = tuple(map(passing.moved, x)) if isinstance(x, tuple) else passing.moved(x)
    with passing.mode(module):
        _, kept = keep_outputs(module, x, known)
    return {node: _host(tensor[0]) for node, tensor in kept.items()}


def _weight(layer: Any) -> NDArray[np.float32] | None:
    weight = getattr(layer, "weight", None)
    return _host(weight) if weight is not None and weight.dim() >= 2 else None


def _gradients(module: torch.nn.Module) -> dict[str, float]:
    """One transfer for all norms."""
    import torch

    names, children = node_names(module), dict(module.named_children())
    norms: dict[str, torch.Tensor] = {}
    for node, name in names.items():
        found = [p.grad for p in children[name].parameters() if p.grad is not None] if name in children else []
        if found:
            norms[node] = torch.stack(torch._foreach_norm(found)).norm()
    if not norms:
        return {}
    return dict(zip(norms, torch.stack(list(norms.values())).tolist(), strict=True))


def _host(tensor: torch.Tensor) -> NDArray[np.float32]:
    import torch

    plain = tensor.detach().to("cpu", torch.float32, copy=True)
    array: NDArray[np.float32] = plain.contiguous().numpy()
    return array
