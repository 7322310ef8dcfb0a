"""What a run minimises: a loss for every output of the network, added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from netbuilder.train.errors import TrainingError
from netbuilder.train.evaluation.metrics import Metrics, Sums
from netbuilder.train.events import OutputDone
from netbuilder.train.heads import Head
from netbuilder.train.losses import Loss, choose, ignored

if TYPE_CHECKING:
    import torch

    from netbuilder.data.dataset import Part
    from netbuilder.data.feeder import Targets


@dataclass(frozen=True)
class Objective:
    """One loss for each output in order, each times its weight; correct answers are counted at the first.

    `targets` names those of each output among several; without names every output gets the same.
    `classes` says whether answers can be right or wrong, `tells` the same of each output; `names` are what outputs are called.
    """

    losses: tuple[Loss, ...]
    classes: bool = True
    bf16: bool = False
    weights: tuple[float, ...] = ()
    targets: tuple[str, ...] = ()
    tells: tuple[bool, ...] = ()
    names: tuple[str, ...] = ()

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
        aims = tuple(mine[0].target for mine in own)
        tells = tuple(chosen.counts(mine[0]) for chosen, mine in zip(losses, own, strict=False))
        names = tuple(end.name or f"output {number}" for number, end in enumerate(ends, 1))
        return cls(losses, tells[0], bf16, tuple(end.weight for end in ends), aims, tells, names)

    @property
    def title(self) -> str:
        """The losses' names for people."""
        weights = self.weights or (1.0,) * len(self.losses)
        return " + ".join(each.named() if w == 1 else f"{w:g} × {each.named()}" for each, w in zip(self.losses, weights, strict=False))

    @property
    def couples(self) -> bool:
        """Whether samples count by how many of their positions have a label, so that means of shares are not that of the whole."""
        return any(ignored(loss) is not None for loss in self.losses)

    def precision(self, device: torch.device) -> AbstractContextManager[Any]:
        """The context in which the network runs: autocast to bf16, or nothing."""
        import torch

        return torch.autocast(device.type, dtype=torch.bfloat16) if self.bf16 else nullcontext()

    def __call__(
        self, outputs: torch.Tensor | tuple[torch.Tensor, ...], target: torch.Tensor | Targets
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """The loss and how many answers are right, scalars on the device.

        With several outputs, the latter is followed by sums over the samples for each: all losses, then all right answers.
        """
        many = outputs if isinstance(outputs, tuple) else (outputs,)
        many = tuple(output.float() for output in many) if self.bf16 else many
        wanted, counts, others = target if isinstance(target, tuple) else (target, None, {})
        aims = [self._own(number, wanted, others) for number in range(len(many))]
        own = [self._mean(number, output, aim, counts) for number, (output, aim) in enumerate(zip(many, aims, strict=True))]
        total = self._weighed(0, own[0])
        for number, loss in enumerate(own[1:], start=1):
            total = total + self._weighed(number, loss)
        if len(many) == 1:
            return total, self.losses[0].correct(many[0].detach(), aims[0])
        return total, self._told(own, many, aims)

    def means(self, sums: Sums) -> Metrics:
        """The means of what was added up."""
        return sums.means(self.classes, self.tells)

    def done(self, train: Metrics, validation: Metrics | None) -> tuple[OutputDone, ...]:
        """What an epoch says of each output; nothing for a single one."""
        judged = validation.outputs if validation is not None else ()
        pairs = zip_longest(self.names, train.outputs, judged[: len(train.outputs)])
        told = ((name, own, on) for name, own, on in pairs if own is not None)
        return tuple(
            OutputDone(name, own.loss, own.accuracy, on.loss if on else None, on.accuracy if on else None) for name, own, on in told
        )

    def _told(self, own: Sequence[torch.Tensor], outputs: Sequence[torch.Tensor], aims: Sequence[torch.Tensor]) -> torch.Tensor:
        """Right answers of the first output; losses of all outputs, summed over the samples; right answers of all outputs."""
        import torch

        losses = [loss.detach() * len(output) for loss, output in zip(own, outputs, strict=True)]
        found = (loss.correct(output.detach(), aim) for loss, output, aim in zip(self.losses, outputs, aims, strict=True))
        right = [losses[0].new_zeros(()) if each is None else each.to(losses[0].dtype) for each in found]
        return torch.stack((right[0], *losses, *right))

    def _own(self, number: int, target: torch.Tensor, others: Mapping[str, torch.Tensor]) -> torch.Tensor:
        """The targets of an output."""
        return others.get(self.targets[number], target) if others and number < len(self.targets) else target

    def _mean(self, number: int, output: torch.Tensor, target: torch.Tensor, counts: torch.Tensor | None) -> torch.Tensor:
        """The own loss of one output; `counts` is how much each sample adds."""
        loss = self.losses[number]
        return loss.mean(output, target) if counts is None else (loss.each(output, target) * counts).mean()

    def _weighed(self, number: int, loss: torch.Tensor) -> torch.Tensor:
        """What one output adds to the whole."""
        weight = self.weights[number] if number < len(self.weights) else 1.0
        return loss if weight == 1.0 else loss * weight
