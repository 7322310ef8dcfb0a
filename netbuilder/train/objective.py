"""What a run minimises: a loss for every output of the network, added up."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netbuilder.train.errors import TrainingError
from netbuilder.train.losses import Loss, choose

if TYPE_CHECKING:
    import torch

    from netbuilder.data.dataset import Part


@dataclass(frozen=True)
class Objective:
    """One loss for each output in order; correct answers are counted at the first. Every output gets the same targets.

    `classes` says whether answers can be right or wrong.
    """

    losses: tuple[Loss, ...]
    classes: bool = True
    bf16: bool = False

    @classmethod
    def fitting(
        cls, loss: Loss, shapes: Sequence[tuple[int, ...]], parts: Sequence[Part], tasks: Sequence[str] = (), *, bf16: bool = False
    ) -> Objective:
        """The losses for outputs of these shapes (without the batch), checked against all parts; raises `TrainingError`."""
        if not shapes:
            raise TrainingError("The network has no output to learn from.", remedy="Add an Output layer.")
        given = [*tasks, *("classes",) * (len(shapes) - len(tasks))]
        losses = tuple(choose(loss, shape, parts[0], task) for shape, task in zip(shapes, given, strict=False))
        for chosen, shape in zip(losses, shapes, strict=True):
            for part in parts:
                if len(part):
                    chosen.check(shape, part)
        return cls(losses, losses[0].counts(parts[0]), bf16)

    @property
    def title(self) -> str:
        """The losses' names for people."""
        return " + ".join(loss.about.title.lower() for loss in self.losses)

    def precision(self, device: torch.device) -> AbstractContextManager[Any]:
        """The context in which the network runs: autocast to bf16, or nothing."""
        import torch

        return torch.autocast(device.type, dtype=torch.bfloat16) if self.bf16 else nullcontext()

    def __call__(self, outputs: torch.Tensor | tuple[torch.Tensor, ...], target: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor | None]:
        """The loss and how many answers are right, scalars on the device."""
        many = outputs if isinstance(outputs, tuple) else (outputs,)
        many = tuple(output.float() for output in many) if self.bf16 else many
        total = self.losses[0].mean(many[0], target)
        for loss, output in zip(self.losses[1:], many[1:], strict=True):
            total = total + loss.mean(output, target)
        return total, self.losses[0].correct(many[0].detach(), target)
