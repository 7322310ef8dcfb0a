"""How samples go through a network that is being looked into: shifted by whole pixels, in evaluation or in training mode."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    import torch

COMPANY = 32
"""Samples that go through together in training mode, where batch normalisation takes its statistics from the batch."""
SEED = 0
"""Seed of the random numbers in training mode, so that looking again drops the same units."""


class Passing(Struct, frozen=True):
    """Pixels to the right and down by which pictures are moved, and whether layers behave as they do in training."""

    right: int = 0
    down: int = 0
    training: bool = False

    @property
    def samples(self) -> int:
        """How many samples pass together."""
        return COMPANY if self.training else 1

    def moved(self, pictures: Any) -> Any:
        """A batch (N, C, H, W), array or tensor, shifted; pixels that enter repeat the edge. Anything else stays as it is."""
        if pictures.ndim != 4 or not (self.right or self.down):
            return pictures
        import numpy as np

        height, width = pictures.shape[-2:]
        rows = np.clip(np.arange(height) - self.down, 0, height - 1)
        columns = np.clip(np.arange(width) - self.right, 0, width - 1)
        return pictures[..., rows[:, None], columns]

    @contextmanager
    def mode(self, module: torch.nn.Module) -> Iterator[None]:
        """Context in the wanted mode, without gradients; afterwards modes, running statistics and random numbers are as before."""
        import torch

        modes = [(each, each.training) for each in module.modules()]
        kept = [(buffer, buffer.clone()) for buffer in module.buffers()] if self.training else []
        gpus = sorted({each.device.index or 0 for each in module.parameters() if each.device.type == "cuda"})
        with torch.random.fork_rng(gpus, enabled=self.training), torch.no_grad():
            if self.training:
                for generator in (torch.default_generator, *(torch.cuda.default_generators[gpu] for gpu in gpus)):
                    generator.manual_seed(SEED)
            module.train(self.training)
            try:
                yield
            finally:
                for buffer, value in kept:
                    buffer.copy_(value)
                for each, training in modes:
                    each.training = training


PLAIN = Passing()
"""The sample as it is, in evaluation mode."""
