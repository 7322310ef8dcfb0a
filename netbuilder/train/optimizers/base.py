"""What every optimizer has: a rate, and a way to become one of torch's."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta

from netbuilder.train.declare import Declared, Family
from netbuilder.train.optimizers.without_compiler import lean

if TYPE_CHECKING:
    import torch

Rate = Annotated[float, Meta(gt=0.0, le=1000.0, description="How far each step goes along the negative gradient.")]
Decay = Annotated[float, Meta(ge=0.0, le=10.0, description="Pulls every weight towards zero, in proportion to its size.")]
Momentum = Annotated[float, Meta(ge=0.0, lt=1.0, description="Share of the previous step that is kept.")]
Beta = Annotated[float, Meta(ge=0.0, lt=1.0, description="How slowly the running average forgets.")]
Tiny = Annotated[float, Meta(gt=0.0, le=1.0, description="Keeps the division away from zero.")]


class Optimizer(Declared, frozen=True):
    """Base of all optimizers; every one has a learning rate."""

    learning_rate: Rate = 0.01

    def build(
        self, parameters: Iterable[torch.nn.Parameter] | Iterable[dict[str, Any]], device: torch.device, *, capturable: bool = False
    ) -> torch.optim.Optimizer:
        """torch's optimizer with these settings, fused where torch can; where it refuses that, the plain one.

        `parameters` may be groups: mappings with `params` and settings of torch's names; a group's `factor` multiplies its
        rate. With `capturable` the rate is a tensor on the device, so that a captured CUDA graph sees changes of it; a plain
        optimizer has a number, and cannot be captured.
        """
        given: list[Any] = list(parameters)
        groups: list[dict[str, Any]] = given if given and isinstance(given[0], dict) else [{"params": given}]
        kind: Any = lean(self.kind())  # type: ignore[arg-type]
        try:
            rated, speed = self._rated(groups, device, capturable), self._speed(device, capturable)
            return kind(rated, lr=self.learning_rate, **self.arguments(), **speed)  # type: ignore[no-any-return]
        except (RuntimeError, TypeError, ValueError):
            return kind(self._rated(groups, device, False), lr=self.learning_rate, **self.arguments())  # type: ignore[no-any-return]

    def _rated(self, groups: list[dict[str, Any]], device: torch.device, capturable: bool) -> list[dict[str, Any]]:
        """The groups, each with a rate of its own."""
        import torch

        rates = [self.learning_rate * group.get("factor", 1.0) for group in groups]
        return [
            {**group, "lr": torch.tensor(rate, device=device) if capturable else rate} for group, rate in zip(groups, rates, strict=True)
        ]

    def kind(self) -> type[torch.optim.Optimizer]:
        """torch's class, or one of ours."""
        import torch

        return getattr(torch.optim, self.torch_name())  # type: ignore[no-any-return]

    @abstractmethod
    def torch_name(self) -> str:
        """Class name in `torch.optim`, or of our own where torch has none."""

    @abstractmethod
    def arguments(self) -> dict[str, Any]:
        """torch's arguments except the rate."""

    def _speed(self, device: torch.device, capturable: bool) -> dict[str, Any]:
        return {"fused": True} | ({"capturable": True} if capturable else {}) if device.type != "mps" else {}


OPTIMIZERS: Family[Optimizer] = Family("optimizer")
