"""The recipe: every setting of a training run, read from and written to plain mappings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from netbuilder.core.graph import Value
from netbuilder.train.declare import convert
from netbuilder.train.errors import RecipeError
from netbuilder.train.losses import LOSSES, Auto, Loss
from netbuilder.train.optimizers import OPTIMIZERS, SGD, Optimizer
from netbuilder.train.schedules import SCHEDULES, Cosine, Memory, Schedule

Initialisation = Literal[
    "default",
    "zeros",
    "constant",
    "normal",
    "uniform",
    "inverse-root",
    "xavier-uniform",
    "xavier-normal",
    "he-uniform",
    "he-normal",
    "orthogonal",
    "identity",
]
WHOLE = 1_048_576
"""A batch size that takes the whole training part at once; written “all”."""
Precision = Literal["float32", "bf16"]
Monitor = Literal["auto", "loss", "accuracy"]


class Basics(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings that are single values; forms show these fields as they are."""

    batch_size: Annotated[int, Meta(ge=1, le=WHOLE, description="Samples in one step; 1 takes each alone.", extra={"unit": "samples"})] = 64
    epochs: Annotated[int, Meta(ge=1, le=100_000, description="Passes over the training part.", extra={"unit": "epochs"})] = 20
    early_stopping: Annotated[
        int, Meta(ge=0, le=10_000, description="Stop after so many epochs without a better one; 0 never does.", extra={"unit": "epochs"})
    ] = 0
    sampling: Annotated[
        Literal["shuffled", "balanced", "weighted"],
        Meta(description="shuffled: every sample once. balanced: all classes equally often. weighted: drawn by the samples' weights."),
    ] = "shuffled"
    seed: Annotated[int, Meta(ge=0, le=4_294_967_295, description="Fixes initial weights, order of samples and dropout.")] = 0
    device: Annotated[str, Meta(min_length=1, description="Where to compute; auto takes the fastest.")] = "auto"
    precision: Annotated[Precision, Meta(description="bf16 halves the traffic of large networks on recent GPUs.")] = "float32"
    initialisation: Annotated[Initialisation, Meta(description="How weights are drawn; default is each layer's own.")] = "default"
    monitor: Annotated[Monitor, Meta(description="What makes an epoch the best: accuracy for classes, else loss.")] = "auto"
    keep_every: Annotated[
        int, Meta(ge=0, le=10_000, description="Keep a checkpoint every so many epochs, beside best and last.", extra={"unit": "epochs"})
    ] = 0
    warmup: Annotated[
        float, Meta(ge=0.0, le=100_000.0, description="Rise to the schedule's rate in a straight line first.", extra={"unit": "epochs"})
    ] = 0.0
    threads: Annotated[int, Meta(ge=0, le=1024, description="CPU threads; 0 measures what is fastest.")] = 0


class Recipe(Basics, frozen=True, forbid_unknown_fields=True):
    """How to train. Values of the families (loss, optimizer, schedule) carry their own settings."""

    loss: Loss = Auto()
    optimizer: Optimizer = SGD()
    schedule: Schedule = Cosine()

    @classmethod
    def read(cls, mapping: Mapping[str, Value]) -> Recipe:
        """From the `training` mapping of a project; absent keys take defaults. Raises `RecipeError` with a sentence."""
        rest = {**mapping, "batch_size": WHOLE} if mapping.get("batch_size") == "all" else dict(mapping)
        families: dict[str, Any] = {}
        for name, family in (("loss", LOSSES), ("optimizer", OPTIMIZERS), ("schedule", SCHEDULES)):
            if name in rest:
                families[name] = family.read(rest.pop(name))
        unknown = rest.keys() - set(Basics.__struct_fields__)
        if unknown:
            name = min(unknown)
            raise RecipeError(f"There is no setting “{name}”.", place=name, remedy=f"Known ones: {', '.join(cls.__struct_fields__)}.")
        return cls(**msgspec.structs.asdict(convert(Basics, rest)), **families)

    def batch(self, count: int) -> int:
        """Samples in one step of a training part of `count`."""
        return min(self.batch_size, max(count, 1))

    def rate(self, step: int, steps_per_epoch: int, memory: Memory) -> float:
        """The learning rate of step `step`, counted from 0 over the whole run."""
        rising = min(self.warmup, self.epochs) * steps_per_epoch
        share = (step + 1) / (rising + 1) if step < rising else 1.0
        return share * self.optimizer.learning_rate * self.schedule.multiplier(step, steps_per_epoch, self.epochs, memory)

    def settings(self) -> dict[str, Value]:
        """The mapping from which `read` makes an equal recipe."""
        basics = {name: getattr(self, name) for name in Basics.__struct_fields__}
        loss: Value = self.loss.settings()
        return {
            "loss": loss["name"] if len(loss) == 1 else loss,
            "optimizer": self.optimizer.settings(),
            "schedule": self.schedule.settings(),
            **basics,
        }
