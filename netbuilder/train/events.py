"""What training reports: frozen, plain events for curves, files and terminals. No torch, no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Event(Struct, frozen=True):
    """Anything the engine yields."""


class Started(Event, frozen=True):
    """The engine is ready to step. `notes` are choices made by a short measurement (threads, memory format)."""

    device: str
    steps_per_epoch: int
    epochs: int
    first_epoch: int = 1
    initial_loss: float | None = None
    notes: tuple[str, ...] = ()


class StepsLogged(Event, frozen=True):
    """Means over the steps since the last one; at most 30 a second. `step` counts from the start of the run.

    `penalty` is what large weights add to the loss at the end of these steps; `loss` is without it.
    """

    step: int
    epoch: int
    loss: float
    accuracy: float | None
    learning_rate: float
    images_per_second: float
    memory_bytes: int = 0
    penalty: float = 0.0


class Validating(Event, frozen=True):
    """Validation is in progress: `done` of `total` samples. Short validations do not report it."""

    epoch: int
    done: int
    total: int


class OutputDone(Struct, frozen=True):
    """The results of an epoch for one output among several: its own losses, before their weight in the sum, and accuracies."""

    name: str
    train_loss: float
    train_accuracy: float | None
    validation_loss: float | None = None
    validation_accuracy: float | None = None


class EpochDone(Event, frozen=True):
    """The results of one pass over the training part and of the validation after it; `outputs` is empty for a single output."""

    epoch: int
    step: int
    train_loss: float
    train_accuracy: float | None
    validation_loss: float | None
    validation_accuracy: float | None
    learning_rate: float
    seconds: float
    images_per_second: float
    best: bool
    outputs: tuple[OutputDone, ...] = ()


class Preview(Event, frozen=True):
    """A look inside for the viewers: arrays by node id, copied to the host.

    `filters` are weights as stored (out, in, …); `maps` are the chosen sample's outputs without the batch axis;
    `gradients` are the norms of each layer's gradient; `times` are seconds of each layer's forward pass for one sample;
    `dead` are the shares of each activation's units that are zero for every sample of a batch, `saturated` the shares of its
    outputs in flat parts of its curve; `outputs` are the mean and the standard deviation of each layer's outputs.
    All but filters and maps are of the layers inside the blocks `inside`.
    """

    step: int
    epoch: int
    filters: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)
    maps: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)
    gradients: Mapping[str, float] = field(default_factory=dict)
    sample: int = 0
    times: Mapping[str, float] = field(default_factory=dict)
    dead: Mapping[str, float] = field(default_factory=dict)
    saturated: Mapping[str, float] = field(default_factory=dict)
    outputs: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    inside: tuple[str, ...] = ()


class CheckpointSaved(Event, frozen=True):
    """A checkpoint folder is complete on disk."""

    name: str
    epoch: int
    path: Path


class Warned(Event, frozen=True):
    """Something the user should know; training goes on. `node` is an id; with `news`, there is nothing to fix."""

    message: str
    node: str | None = None
    news: bool = False


class Finished(Event, frozen=True):
    """The last event: `reason` is `done`, `early stopping`, `stopped` or `diverged`; `message` says it in a sentence."""

    reason: str
    message: str
    epochs_done: int
    best_epoch: int | None
    seconds: float
