"""Small files of every kind, good and bad."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

Idx = Callable[..., Path]


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETBUILDER_HOME", str(tmp_path_factory.mktemp("home")))


def idx_bytes(array: np.ndarray, code: int = 8) -> bytes:
    return bytes([0, 0, code, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.astype(np.uint8).tobytes()


@pytest.fixture
def idx_folder(tmp_path: Path) -> Idx:
    """Writes the four files: 40 training and 10 test images of 4 × 4, three classes."""

    def write(packed: bool = True) -> Path:
        for prefix, count in (("train", 40), ("t10k", 10)):
            images = np.arange(count * 16).reshape(count, 4, 4) % 251
            for name, array in ((f"{prefix}-images-idx3-ubyte", images), (f"{prefix}-labels-idx1-ubyte", np.arange(count) % 3)):
                data = idx_bytes(array)
                path = tmp_path / (name + (".gz" if packed else ""))
                path.write_bytes(gzip.compress(data) if packed else data)
        return tmp_path

    return write
