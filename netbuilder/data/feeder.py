"""Feeds a part of a data set in batches: resident on the device as stored, shuffled, gathered and normalised there."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netbuilder.data.dataset import Normalisation, Part
from netbuilder.data.sampling import Sampling, order

if TYPE_CHECKING:
    import torch

Affine = tuple["torch.Tensor", "torch.Tensor"]
RESIDENT_SHARE = 0.5
"""Share of a GPU's free memory that a part may take; a larger one stays on the host and travels batch by batch."""


class Targets(NamedTuple):
    """More than a tensor of targets: how much each sample counts, (N,) and 1 on average over the training part; further targets by name."""

    target: torch.Tensor
    weight: torch.Tensor | None = None
    others: Mapping[str, torch.Tensor] = {}


class Feeder:
    """Batches of one part. `shuffle=False` keeps the stored order, `sampling` is another way of drawing them.

    `single_last="merge"` joins a last batch of one sample to the batch before it, for layers that need statistics.
    `resident` forces or forbids keeping the part on the device; by default it stays there when it fits.
    Inputs come out as float32 (token numbers as int64), targets as stored: int64 classes or float32 values.
    """

    def __init__(
        self,
        part: Part,
        normalisation: Normalisation | None,
        batch_size: int,
        *,
        device: str | torch.device = "cpu",
        seed: int = 0,
        shuffle: bool = True,
        single_last: Literal["keep", "merge"] = "keep",
        channels_last: bool = False,
        resident: bool | None = None,
        sampling: Sampling = "shuffled",
    ) -> None:
        import torch

        self.device = torch.device(device)
        self.count = len(part)
        self.batch_size = batch_size
        self.seed = seed
        self.sampling: Sampling = sampling if shuffle else "as stored"
        self._part = part
        self.single_last = single_last
        self.channels_last = channels_last
        inputs, targets = _tensor(part.inputs), _tensor(part.targets)
        self.resident = _fits(inputs, self.device) if resident is None else resident
        self.inputs = inputs.to(self.device) if self.resident else inputs
        self.targets = targets.to(self.device) if self.resident else targets
        self._others = {name: _tensor(array).to(self.targets.device) for name, array in part.others.items()}
        weighed = part.weights is not None and self.sampling != "weighted"
        self.weights = _tensor(part.weights).to(self.targets.device) if weighed and part.weights is not None else None
        scales = (normalisation, *normalisation.others) if normalisation is not None else (None,) * (1 + len(part.more))
        further = [_tensor(each) for each in part.more]
        self._more = [each.to(self.device) if self.resident else each for each in further]
        self._affines = [_affine(each, stored.dim(), self.device) for each, stored in zip(scales, (inputs, *further), strict=True)]

    @property
    def merged(self) -> bool:
        """Whether the last batch holds one sample more than the others."""
        return self.single_last == "merge" and self.count > self.batch_size and self.count % self.batch_size == 1

    @property
    def steps(self) -> int:
        """Batches in one epoch."""
        return -(-self.count // self.batch_size) - self.merged

    def indices(self, epoch: int) -> list[torch.Tensor]:
        """The sample numbers of every batch of an epoch, on the device."""
        import torch

        numbers = torch.from_numpy(order(self._part, self.sampling, self.seed, epoch))
        batches = list(torch.split(numbers.to(self.inputs.device), self.batch_size))
        if self.merged:
            batches[-2:] = [torch.cat(batches[-2:])]
        return batches

    def gather(self, index: torch.Tensor) -> tuple[Any, torch.Tensor | Targets]:
        """Normalised inputs (a tensor, or a tuple of several) and targets of these samples, on the device."""
        x: Any = self._ready(self.inputs, self._affines[0], index)
        if self._more:
            x = (x, *(self._ready(each, affine, index) for each, affine in zip(self._more, self._affines[1:], strict=True)))
        target = self._taken(self.targets, index)
        if self.weights is None and not self._others:
            return x, target
        weight = None if self.weights is None else self._taken(self.weights, index)
        return x, Targets(target, weight, {name: self._taken(each, index) for name, each in self._others.items()})

    def _taken(self, stored: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
        """The entries of these samples on the device."""
        taken = stored.index_select(0, index)
        return taken if self.resident else taken.to(self.device, non_blocking=True)

    def _ready(self, stored: torch.Tensor, affine: Affine | None, index: torch.Tensor) -> torch.Tensor:
        """One input of these samples as networks take it; adds no copy from host when resident."""
        import torch

        x = self._taken(stored, index)
        if stored.is_floating_point() or stored.dtype == torch.uint8:
            x = x.to(torch.float32)
            x = x if affine is None else torch.addcmul(affine[1], x, affine[0])
        else:
            x = x.to(torch.int64)
        return x.contiguous(memory_format=torch.channels_last) if self.channels_last and x.dim() == 4 else x

    def sample(self, number: int, company: int = 1) -> Any:
        """A batch of one sample, or of so many from it on, the first after the last; `number` is clipped to the part."""
        import torch

        at = min(max(number, 0), self.count - 1)
        return self.gather(torch.arange(at, at + company, device=self.inputs.device) % self.count)[0]

    def epoch(self, number: int) -> Iterator[tuple[Any, torch.Tensor | Targets]]:
        """Every batch of an epoch in order."""
        return (self.gather(index) for index in self.indices(number))


def _tensor(array: NDArray[np.generic]) -> torch.Tensor:
    """The array without a copy where its type allows it; memory maps stay maps."""
    import torch

    plain: NDArray[Any] = np.asarray(array)
    if plain.dtype.kind == "f" and plain.dtype != np.float32:
        plain = plain.astype(np.float32)
    elif plain.dtype.kind in "iub" and plain.dtype not in (np.uint8, np.int64):
        plain = plain.astype(np.int64)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*not writable.*")
        return torch.from_numpy(np.ascontiguousarray(plain))


def _fits(inputs: torch.Tensor, device: torch.device) -> bool:
    import torch

    if device.type != "cuda":
        return True
    free, _ = torch.cuda.mem_get_info(device)
    return inputs.numel() * inputs.element_size() <= free * RESIDENT_SHARE


def _affine(normalisation: Normalisation | None, rank: int, device: torch.device) -> Affine | None:
    """`(stored · scale − mean) / std` as one multiplication and one addition, shaped to broadcast over axis 1."""
    import torch

    if normalisation is None:
        return None
    std = np.asarray(normalisation.std or (1.0,), dtype=np.float64)
    mean = np.asarray(normalisation.mean or (0.0,), dtype=np.float64)
    gain, shift = normalisation.scale / std, -mean / std
    if np.all(gain == 1.0) and np.all(shift == 0.0):
        return None

    def shaped(values: NDArray[np.float64]) -> torch.Tensor:
        tensor = torch.tensor(values, dtype=torch.float32, device=device)
        return tensor.reshape(1) if len(values) == 1 else tensor.reshape(1, -1, *(1,) * (rank - 2))

    return shaped(gain), shaped(shift)
