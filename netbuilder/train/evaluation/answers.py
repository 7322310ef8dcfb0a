"""A network's answers to the samples of a part, kept for tables and curves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from netbuilder.data.feeder import Feeder
from netbuilder.train.evaluation.evaluate import evaluating, output_shapes
from netbuilder.train.heads import Head
from netbuilder.train.losses import Auto, Loss, ignored
from netbuilder.train.losses.base import BinaryCrossEntropy, ValueLoss
from netbuilder.train.objective import Objective

if TYPE_CHECKING:
    import torch

    from netbuilder.data.dataset import Normalisation, Part

Kind = Literal["classes", "labels", "values"]
FEW = 16
"""Samples at a time: few, so that a time budget is kept even where a sample takes long."""
MOST = 64
"""The most positions per sample that are kept, for networks that answer position by position."""


@dataclass(frozen=True)
class Answers:
    """Targets and outputs, sample by sample; `places` are the samples' numbers in a part with `total` samples.

    `classes`: `targets` (n,) class numbers, `outputs` (n, K) probabilities. `labels`: (n, K) 0 or 1, and probabilities.
    `values`: both (n, d). Samples that are answered position by position give several rows, or columns of values.
    """

    kind: Kind
    targets: NDArray[Any]
    outputs: NDArray[np.float64]
    places: NDArray[np.int64]
    total: int

    @property
    def predicted(self) -> NDArray[np.int64]:
        """The likeliest class of each sample; for `labels`, those that are likelier than not."""
        return self.outputs.argmax(1) if self.kind == "classes" else (self.outputs > 0.5).astype(np.int64)

    @property
    def positives(self) -> NDArray[np.bool_]:
        """(n, K): which classes each sample belongs to."""
        classes = np.arange(self.outputs.shape[1])
        found: NDArray[np.bool_] = self.targets[:, None] == classes if self.kind == "classes" else self.targets > 0.5
        return found

    @property
    def said(self) -> NDArray[np.bool_]:
        """(n, K): which classes the network predicts."""
        return self.predicted[:, None] == np.arange(self.outputs.shape[1]) if self.kind == "classes" else self.outputs > 0.5

    def mistakes(self, most: int = 200) -> NDArray[np.int64]:
        """Rows of wrong answers, the most confident first; empty for anything but classes."""
        if self.kind != "classes":
            return np.zeros(0, np.int64)
        wrong = np.flatnonzero(self.predicted != self.targets)
        return wrong[np.argsort(-self.outputs[wrong].max(1), kind="stable")][:most]


def answers(
    module: torch.nn.Module,
    part: Part,
    normalisation: Normalisation | None,
    loss: Loss | None = None,
    *,
    heads: Sequence[Head] = (),
    seconds: float = 20.0,
    stop: Callable[[], bool] = lambda: False,
) -> Answers:
    """Answers of the first output, in evaluation mode on the module's device; raises `TrainingError` when they do not fit.

    Goes through the part in random order until all is seen, `seconds` are over or `stop` is true, so that it sees a fair sample.
    """
    import torch

    device = next((parameter.device for parameter in module.parameters()), torch.device("cpu"))
    feeder = Feeder(part, normalisation, FEW, device=device, shuffle=True, resident=False)
    shapes = output_shapes(module, feeder)
    chosen = Objective.fitting(loss or Auto(), shapes, (part,), heads).losses[0]
    since, outputs, places = perf_counter(), [], []
    with evaluating(module):
        for index in feeder.indices(0):
            found = module(feeder.gather(index)[0])
            outputs.append(_picked(found[0] if isinstance(found, tuple) else found).float().cpu())
            places.append(index.cpu())
            if perf_counter() - since > seconds or stop():
                break
    rows = torch.cat(places).numpy()
    order = np.argsort(rows)
    targets = heads[0].aimed(part).targets if heads else part.targets
    asked = _picked_targets(np.asarray(targets[rows[order]]), shapes[0])
    return _told(chosen, torch.cat(outputs)[order], asked, rows[order], len(part))


def _told(loss: Loss, outputs: torch.Tensor, targets: NDArray[Any], places: NDArray[np.int64], total: int) -> Answers:
    """The answers as classes, labels or values, as loss and targets suggest."""
    if targets.dtype.kind in "iu" and outputs.dim() == targets.ndim + 1 and loss.about.name != "poisson":
        if outputs.dim() > 2:
            places, targets = places.repeat(outputs.shape[2]), targets.reshape(-1)
            outputs = outputs.transpose(1, 2).flatten(0, 1)
        if (silent := ignored(loss)) is not None:
            known = targets != silent
            places, targets, outputs = places[known], targets[known], outputs[known]
        return Answers("classes", targets.astype(np.int64), _shares(loss, outputs), places, total)
    asked, outputs = targets.reshape(len(places), -1), outputs.flatten(1)
    if isinstance(loss, BinaryCrossEntropy):
        return Answers("labels", asked.astype(np.int64), outputs.double().sigmoid().numpy(), places, total)
    return Answers("values", asked.astype(np.float64), outputs.double().numpy(), places, total)


def _picked(output: torch.Tensor) -> torch.Tensor:
    """(B, K) as it is, (B, K, …) as (B, K, picked positions)."""
    return output.flatten(2)[:, :, _spread(output[0, 0].numel())] if output.dim() > 2 else output.reshape(len(output), -1)


def _picked_targets(targets: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """The same positions of the targets of outputs of `shape` (without the batch): (N, positions), or (N, K, positions)."""
    if len(shape) < 2:
        return targets
    positions = int(np.prod(shape[1:]))
    picked = targets.reshape(len(targets), -1, positions)[:, :, _spread(positions)]
    return picked[:, 0] if targets.ndim == len(shape) else picked


def _spread(count: int) -> NDArray[np.int64]:
    """Evenly spaced numbers below `count`, at most `MOST`."""
    return np.unique(np.linspace(0, count - 1, min(count, MOST)).astype(np.int64))


def _shares(loss: Loss, outputs: torch.Tensor) -> NDArray[np.float64]:
    """The outputs as probabilities, as the loss understands them; a single score is that of the second of two classes."""
    import torch

    outputs = outputs.double()
    if isinstance(loss, BinaryCrossEntropy):
        found = outputs.sigmoid()
    elif isinstance(loss, ValueLoss) and (outputs.shape[1] == 1 or bool(((outputs >= 0) & (outputs <= 1)).all())):
        found = outputs.clamp(0, 1)
    else:
        found = outputs.softmax(1)
    if found.shape[1] == 1:
        found = torch.cat((1 - found, found), 1)
    result: NDArray[np.float64] = found.numpy()
    return result
