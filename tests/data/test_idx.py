"""IDX files: MNIST, folders of the user's own, and every way in which they are wrong."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from netbuilder.data.errors import DataError
from netbuilder.data.load import load, settings_for
from netbuilder.data.sources.idx import read_file

Idx = Callable[..., Path]


def test_mnist_has_its_published_size_and_statistics() -> None:
    dataset = load({"source": {"name": "mnist"}, "validation": 5000})
    assert (len(dataset.train), len(dataset.validation), len(dataset.test)) == (55_000, 5_000, 10_000)
    assert dataset.input_shape == (1, 28, 28)
    assert dataset.train.inputs.dtype == np.uint8
    assert dataset.classes == tuple("0123456789")
    assert dataset.normalisation.mean[0] == pytest.approx(0.1307, abs=0.0005)
    assert dataset.normalisation.std[0] == pytest.approx(0.3081, abs=0.0005)
    assert "CC BY-SA" in dataset.licence


@pytest.mark.parametrize("packed", [True, False])
def test_folder_of_four_files(idx_folder: Idx, packed: bool) -> None:
    dataset = load({"source": {"name": "idx", "folder": str(idx_folder(packed))}, "validation": 4})
    assert (len(dataset.train), len(dataset.validation), len(dataset.test)) == (36, 4, 10)
    assert dataset.classes == ("0", "1", "2")
    assert np.array_equal(dataset.test.inputs[1, 0], (np.arange(16, 32) % 251).reshape(4, 4))


def test_a_folder_is_recognised_by_its_files(idx_folder: Idx) -> None:
    assert settings_for(str(idx_folder()))["source"]["name"] == "idx"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\x89PNG\r\n\x1a\n", "not an IDX file: it begins with 89 50 4e 47"),
        (b"", "begins with nothing"),
        (b"\0\0\x0d\x03" + b"\0" * 12, "not an IDX file"),
        (b"\0\0\x08\x03\0\0", "cut off inside its header"),
        (struct.pack(">HBBIII", 0, 8, 3, 2, 2, 2) + b"1234", "should hold 8 bytes of data but has 4"),
        (struct.pack(">HBBI", 0, 8, 1, 3) + b"12345", "should hold 3 bytes of data but has more"),
        (struct.pack(">HBBIII", 0, 8, 3, 2**31, 2**31, 2**31), "which its size cannot hold"),
        (struct.pack(">HBBIII", 0, 8, 3, 0, 2, 2), "0 × 2 × 2 values, which is none"),
        (gzip.compress(struct.pack(">HBBI", 0, 8, 1, 4_000_000_000), mtime=0), "which its size cannot hold"),
        (gzip.compress(struct.pack(">HBBI", 0, 8, 1, 999) + np.random.default_rng(0).bytes(999), mtime=0)[:-300], "cannot be read"),
    ],
)
def test_bad_files_are_refused_in_words(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "bad"
    path.write_bytes(data)
    with pytest.raises(DataError, match=r"“.*bad”") as caught:
        read_file(path)
    assert says in str(caught.value)


def test_counts_must_agree(idx_folder: Idx) -> None:
    folder = idx_folder(False)
    (folder / "train-labels-idx1-ubyte").write_bytes(struct.pack(">HBBI", 0, 8, 1, 39) + bytes(39))
    with pytest.raises(DataError, match=r"40 images but .* 39 labels"):
        load({"source": {"name": "idx", "folder": str(folder)}})


def test_missing_files_are_named(idx_folder: Idx) -> None:
    folder = idx_folder(False)
    (folder / "train-labels-idx1-ubyte").unlink()
    with pytest.raises(DataError, match="no file named train-labels"):
        load({"source": {"name": "idx", "folder": str(folder)}})


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There is no folder"):
        load({"source": {"name": "idx", "folder": str(tmp_path / "gone")}})
