"""Weights remembered at the end of each epoch, in bounded memory, so that they can be scrubbed through."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Weights = Mapping[str, NDArray[np.float32]]


class Snapshots:
    """Weights by epoch. Beyond `limit` bytes every second epoch is dropped, never the first or the newest."""

    def __init__(self, limit: int = 64 * 1024**2) -> None:
        self._limit = limit
        self._kept: dict[int, Weights] = {}

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def bytes(self) -> int:
        """Memory held."""
        return sum(array.nbytes for weights in self._kept.values() for array in weights.values())

    def keep(self, epoch: int, weights: Weights) -> None:
        """Remember a state, replacing that of the same epoch."""
        self._kept[epoch] = {**self._kept.get(epoch, {}), **weights}
        while self.bytes > self._limit and len(self._kept) > 2:
            epochs = sorted(self._kept)
            for middle in epochs[1:-1:2]:
                del self._kept[middle]

    def epochs(self, node: str) -> list[int]:
        """Epochs of which this node's weights are known, in order."""
        return sorted(epoch for epoch, weights in self._kept.items() if node in weights)

    def at(self, epoch: int, node: str) -> NDArray[np.float32] | None:
        """A node's weights after an epoch."""
        return self._kept.get(epoch, {}).get(node)

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
