"""NumPy archives."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from netbuilder.data.errors import DataError
from netbuilder.data.load import load


def _load(path: Path, **more: object) -> object:
    return load({"source": {"name": "npz", "file": str(path), **more}, "validation": 0.1})


def test_a_table_with_text_classes(tmp_path: Path) -> None:
    path = tmp_path / "table.npz"
    np.savez(path, x=np.random.default_rng(0).normal(size=(60, 4)), y=np.array(["cat", "dog", "eel"] * 20))
    dataset = _load(path)
    assert dataset.classes == ("cat", "dog", "eel")
    assert dataset.train.inputs.dtype == np.float32
    assert dataset.train.targets.dtype == np.int64


@pytest.mark.parametrize(("shape", "seen"), [((30, 8, 8), (1, 8, 8)), ((30, 8, 8, 3), (3, 8, 8)), ((30, 3, 8, 8), (3, 8, 8))])
def test_pictures_come_out_channels_first(tmp_path: Path, shape: tuple[int, ...], seen: tuple[int, ...]) -> None:
    path = tmp_path / "pictures.npz"
    np.savez(path, x=np.zeros(shape, np.uint8), y=np.arange(30) % 2)
    dataset = _load(path)
    assert dataset.input_shape == seen
    assert dataset.train.inputs.dtype == np.uint8


def test_values_stay_values(tmp_path: Path) -> None:
    path = tmp_path / "values.npz"
    np.savez(path, a=np.ones((20, 2)), b=np.linspace(0, 1, 20))
    dataset = _load(path, inputs="a", targets="b")
    assert dataset.classes == ()
    assert dataset.train.targets.dtype == np.float32


def test_parts_by_suffix(tmp_path: Path) -> None:
    path = tmp_path / "parts.npz"
    x = np.ones((20, 2))
    np.savez(path, x_train=x, y_train=np.arange(20) % 4, x_test=x[:5], y_test=np.array([0, 1, 2, 4, 0]))
    dataset = _load(path)
    assert len(dataset.test) == 5
    assert dataset.classes == ("0", "1", "2", "3", "4")


def test_objects_inside_are_refused_and_never_unpickled(tmp_path: Path) -> None:
    path, canary = tmp_path / "objects.npz", tmp_path / "canary"

    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (Path.touch, (canary,))  # type: ignore[return-value]

    np.savez(path, x=np.array([Evil()] * 3, dtype=object), y=np.arange(3))
    with pytest.raises(DataError, match="“x” holds Python objects"):
        _load(path)
    assert not canary.exists()


@pytest.mark.parametrize(
    ("arrays", "says"),
    [
        ({"x": np.ones((5, 2)), "y": np.arange(4)}, "5 inputs and 4 targets"),
        ({"x": np.ones((0, 2)), "y": np.arange(0)}, "0 inputs and 0 targets"),
        ({"x": np.array(1.0), "y": np.arange(4)}, "a single number"),
        ({"x": np.array([[np.nan, 1.0]] * 4), "y": np.arange(4)}, "NaN or infinite"),
        ({"x": np.array(["a"] * 4), "y": np.arange(4)}, "expected numbers"),
        ({"z": np.ones((5, 2))}, "has no array “x"),
    ],
)
def test_arrays_that_do_not_fit(tmp_path: Path, arrays: dict[str, np.ndarray], says: str) -> None:
    path = tmp_path / "bad.npz"
    np.savez(path, **arrays)
    with pytest.raises(DataError) as caught:
        _load(path)
    assert says in str(caught.value)


def test_a_truncated_archive(tmp_path: Path) -> None:
    path = tmp_path / "cut.npz"
    np.savez(path, x=np.ones((50, 2)), y=np.arange(50))
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(DataError, match=r"not a readable \.npz archive"):
        _load(path)


def test_a_header_that_promises_too_much(tmp_path: Path) -> None:
    path = tmp_path / "huge.npz"
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (999999999999,), }".ljust(117) + b"\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header)
    with pytest.raises(DataError, match="more than the file can hold"):
        _load(path)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There is no file"):
        _load(tmp_path / "gone.npz")
