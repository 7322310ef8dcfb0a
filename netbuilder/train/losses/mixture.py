"""Several losses of one output, each with its weight; and the choice of the loss that fits an output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from netbuilder.train.declare import convert
from netbuilder.train.errors import RecipeError
from netbuilder.train.losses.base import LOSSES, Auto, BinaryCrossEntropy, CrossEntropy, Loss, MeanSquaredError
from netbuilder.train.losses.targets import has_classes

if TYPE_CHECKING:
    import torch

    from netbuilder.data.dataset import Part

_MOST = 16


class Weight(msgspec.Struct, frozen=True):
    """What each loss of a mixture has beside its own settings."""

    weight: Annotated[float, Meta(ge=0.0, le=1e6, description="How much this loss counts.")] = 1.0


@LOSSES.declare("mixture", "Mixture", "Several losses added up, each times its weight.", formula="L = Σ w_k·L_k")
class Mixture(Loss, frozen=True):
    """A weighted sum. Right answers are counted by the first loss that counts any."""

    losses: Annotated[
        tuple[dict[str, Any], ...],
        Meta(min_length=1, max_length=_MOST, description="The losses with their weights.", extra={"family": "losses"}),
    ] = ({"name": "auto", "weight": 1.0},)

    def __post_init__(self) -> None:
        if not any(weight for weight, _ in self.shares()):
            raise RecipeError("Every loss of the mixture has the weight 0.", place="loss.losses", remedy="Give one a weight above 0.")

    def shares(self) -> tuple[tuple[float, Loss], ...]:
        """The losses with their weights; raises `RecipeError`."""
        return tuple(_share(given) for given in self.losses)

    def each(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        return Sum(self.shares()).each(output, target)


class Sum(Loss, frozen=True):
    """A mixture at work: its losses are read, and fit the output."""

    about = Mixture.about

    shares: tuple[tuple[float, Loss], ...]

    def each(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        first, *rest = (loss.each(output, target) * weight for weight, loss in self.shares)
        return sum(rest, first)

    def mean(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        first, *rest = (loss.mean(output, target) * weight for weight, loss in self.shares)
        return sum(rest, first)

    def correct(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor | None:
        return next((found for _, loss in self.shares if (found := loss.correct(output, target)) is not None), None)

    def counts(self, part: Part) -> bool:
        return any(loss.counts(part) for _, loss in self.shares)

    def check(self, shape: tuple[int, ...], part: Part) -> None:
        for _, loss in self.shares:
            loss.check(shape, part)

    def named(self) -> str:
        return " + ".join(loss.named() if weight == 1 else f"{weight:g} × {loss.named()}" for weight, loss in self.shares)


def choose(loss: Loss, shape: tuple[int, ...], part: Part, task: str = "classes") -> Loss:
    """The loss itself, or for `auto` the one that fits an output's task, its `shape` and the targets of `part`."""
    if isinstance(loss, Mixture):
        return Sum(tuple((weight, choose(each, shape, part, task)) for weight, each in loss.shares()))
    if not isinstance(loss, Auto):
        return loss.fitted(part)
    if task == "labels":
        return BinaryCrossEntropy()
    if task == "values" or not has_classes(part):
        return MeanSquaredError()
    return BinaryCrossEntropy() if shape[:1] == (1,) and int(part.targets.max(initial=0)) <= 1 else CrossEntropy()


def parts_of(loss: Loss) -> tuple[Loss, ...]:
    """The losses of a chosen mixture, or the loss alone."""
    return tuple(each for _, each in loss.shares) if isinstance(loss, Sum) else (loss,)


def ignored(loss: Loss) -> int | None:
    """The number of targets that say nothing, if there is one."""
    return next((each.ignore_index for each in parts_of(loss) if isinstance(each, CrossEntropy) and each.ignore_index is not None), None)


def _share(given: Mapping[str, Any]) -> tuple[float, Loss]:
    weight = convert(Weight, {"weight": given.get("weight", 1.0)}, prefix="loss.losses.").weight
    if given.get("name") == "mixture":
        raise RecipeError("A mixture cannot be a part of a mixture.", place="loss.losses", remedy="List all losses in one.")
    return weight, LOSSES.read({name: value for name, value in given.items() if name != "weight"})
