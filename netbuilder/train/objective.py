"""What a run minimises: a loss for every output of the network, added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netbuilder.train.errors import TrainingError
from netbuilder.train.heads import Head
from netbuilder.train.losses import Loss, choose

if TYPE_CHECKING:
    import torch

    from netbuilder.data.dataset import Part
    from netbuilder.data.feeder import Targets


@dataclass(frozen=True)
class Objective:
    """One loss for each output in order, each times its weight; correct answers are counted at the first.

    `targets` names those of each output among several; without names every output gets the same.
    `classes` says whether answers can be right or wrong.
    """

    losses: tuple[Loss, ...]
    classes: bool = True
    bf16: bool = False
    weights: tuple[float, ...] = ()
    targets: tuple[str, ...] = ()

    @classmethod
    def fitting(
        cls, loss: Loss, shapes: Sequence[tuple[int, ...]], parts: Sequence[Part], heads: Sequence[Head] = (), *, bf16: bool = False
    ) -> Objective:
        """The losses for outputs of these shapes (without the batch), checked against all parts; raises `TrainingError`."""
        if not shapes:
            raise TrainingError("The network has no output to learn from.", remedy="Add an Output layer.")
        ends = [*heads, *(Head(),) * (len(shapes) - len(heads))]
        own = [[end.aimed(part) for part in parts] for end in ends]
        losses = tuple(choose(end.loss or loss, shape, mine[0], end.task) for shape, end, mine in zip(shapes, ends, own, strict=False))
        for chosen, shape, mine in zip(losses, shapes, own, strict=False):
            for part in mine:
                if len(part):
                    chosen.check(shape, part)
        names = tuple(mine[0].target for mine in own)
        return cls(losses, losses[0].counts(own[0][0]), bf16, tuple(end.weight for end in ends), names)

    @property
    def title(self) -> str:
        """The losses' names for people."""
        weights = self.weights or (1.0,) * len(self.losses)
        return " + ".join(each.named() if w == 1 else f"{w:g} × {each.named()}" for each, w in zip(self.losses, weights, strict=False))

    def precision(self, device: torch.device) -> AbstractContextManager[Any]:
        """The context in which the network runs: autocast to bf16, or nothing."""
        import torch

        return torch.autocast(device.type, dtype=torch.bfloat16) if self.bf16 else nullcontext()

    def __call__(
        self, outputs: torch.Tensor | tuple[torch.Tensor, ...], target: torch.Tensor | Targets
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """The loss and how many answers are right, scalars on the device."""
        many = outputs if isinstance(outputs, tuple) else (outputs,)
        many = tuple(output.float() for output in many) if self.bf16 else many
        wanted, weight, others = target if isinstance(target, tuple) else (target, None, {})
        first = self._own(0, wanted, others)
        total = self._share(0, many[0], first, weight)
        for number, output in enumerate(many[1:], start=1):
            total = total + self._share(number, output, self._own(number, wanted, others), weight)
        return total, self.losses[0].correct(many[0].detach(), first)

    def _own(self, number: int, target: torch.Tensor, others: Mapping[str, torch.Tensor]) -> torch.Tensor:
        """The targets of an output."""
        return others.get(self.targets[number], target) if others and number < len(self.targets) else target

    def _share(self, number: int, output: torch.Tensor, target: torch.Tensor, counts: torch.Tensor | None) -> torch.Tensor:
        """What one output adds to the loss; `counts` is how much each sample does."""
        loss = self.losses[number]
        found = loss.mean(output, target) if counts is None else (loss.each(output, target) * counts).mean()
        weight = self.weights[number] if number < len(self.weights) else 1.0
        return found if weight == 1.0 else found * weight
