"""Folders of pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netbuilder.data import decode
from netbuilder.data.errors import DataError
from netbuilder.data.load import load


def _write(folder: Path, count: int = 12, classes: str = "ab", size: tuple[int, int] = (10, 14)) -> Path:
    for number, name in enumerate(classes):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for index in range(count):
            Image.fromarray(np.full((*size, 3), 40 * number + index, np.uint8)).save(folder / name / f"{index:03}.png")
    return folder


def _load(folder: Path, **more: object) -> object:
    return load({"source": {"name": "images", "folder": str(folder), "size": 8, **more}, "validation": 2, "test": 2})


def test_classes_are_the_subfolders(tmp_path: Path) -> None:
    dataset = _load(_write(tmp_path))
    assert dataset.classes == ("a", "b")
    assert dataset.input_shape == (3, 8, 8)
    assert len(dataset.train) + len(dataset.validation) + len(dataset.test) == 24
    level = dataset.train.inputs[dataset.train.targets == 1, 0, 0, 0]
    assert set(level.tolist()) <= set(range(40, 52))


def test_grey_and_a_size_of_its_own_for_each_axis(tmp_path: Path) -> None:
    dataset = load({"source": {"name": "images", "folder": str(_write(tmp_path)), "size": [6, 9], "colour": "grey", "fit": "stretch"}})
    assert dataset.input_shape == (1, 6, 9)


def test_parts_may_be_folders(tmp_path: Path) -> None:
    _write(tmp_path / "train", 8)
    _write(tmp_path / "val", 3)
    _write(tmp_path / "test", 2)
    dataset = _load(tmp_path)
    assert (len(dataset.train), len(dataset.validation), len(dataset.test)) == (16, 6, 4)


def test_one_unreadable_picture_is_skipped_and_named(tmp_path: Path) -> None:
    _write(tmp_path)
    (tmp_path / "a" / "broken.png").write_bytes(b"not a picture")
    for _ in range(2):  # decoded, then from the cache
        dataset = _load(tmp_path)
        assert len(dataset.train) + len(dataset.validation) + len(dataset.test) == 24
        assert dataset.notes == ("“a/broken.png” was skipped: it is no picture of a kind that is known.",)


def test_many_unreadable_pictures_are_an_error(tmp_path: Path) -> None:
    _write(tmp_path)
    for number in range(5):
        (tmp_path / "b" / f"broken{number}.png").write_bytes(b"not a picture")
    with pytest.raises(DataError, match=r"5 of 29 pictures .* cannot be read"):
        _load(tmp_path)


def test_a_disk_without_room_for_the_pictures_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    _write(tmp_path)
    monkeypatch.setattr("os.posix_fallocate", full)
    with pytest.raises(DataError, match=r"cannot be prepared: .*No space left"):
        _load(tmp_path)


def test_a_picture_of_too_many_pixels_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path)
    monkeypatch.setattr(decode, "MAX_PIXELS", 200)
    Image.fromarray(np.zeros((20, 20), np.uint8)).save(tmp_path / "a" / "large.png")
    assert "large.png" in _load(tmp_path).notes[0]


def test_formats_outside_the_list_are_not_even_tried(tmp_path: Path) -> None:
    _write(tmp_path)
    Image.fromarray(np.zeros((9, 9, 3), np.uint8)).save(tmp_path / "a" / "page.png", format="PCX")
    assert "page.png" in _load(tmp_path).notes[0]


def test_worker_processes_give_the_same_as_this_one(tmp_path: Path) -> None:
    _write(tmp_path / "many", 40)
    paths = sorted((tmp_path / "many").rglob("*.png"))
    assert len(paths) > 64
    shape = decode.Shape(3, 8, 8, True)
    told: list[tuple[int, int]] = []
    assert decode.decode(paths, shape, tmp_path / "all.npy", lambda done, total: told.append((done, total))) == {}
    array = np.load(tmp_path / "all.npy")
    assert all(np.array_equal(array[number], decode.picture(path, shape)) for number, path in enumerate(paths))
    assert told[-1] == (80, 80)


def test_edited_pictures_are_decoded_again(tmp_path: Path) -> None:
    _write(tmp_path)
    _load(tmp_path)
    Image.fromarray(np.full((10, 14, 3), 255, np.uint8)).resize((20, 20)).save(tmp_path / "a" / "000.png")
    dataset = _load(tmp_path)
    assert max(int(part.inputs.max()) for part in (dataset.train, dataset.validation, dataset.test)) == 255


@pytest.mark.parametrize("classes", ["", "a"])
def test_a_folder_without_classes_is_refused(tmp_path: Path, classes: str) -> None:
    _write(tmp_path, classes=classes)
    with pytest.raises(DataError, match="at least two subfolders"):
        _load(tmp_path)


def test_an_absurd_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="“size” is 1000000000"):
        _load(_write(tmp_path), size=10**9)


def _shown(tmp_path: Path, picture: Image.Image, **more: object) -> np.ndarray:
    """The first picture of two classes that hold nothing else, as it is learned from."""
    for name in "ab":
        (tmp_path / name).mkdir(exist_ok=True)
        picture.save(tmp_path / name / "0.tiff")
    return load({"source": {"name": "images", "folder": str(tmp_path), "size": 4, **more}}).train.inputs[0]


@pytest.mark.parametrize(
    ("values", "white"), [(np.uint16([0, 32896, 65535]), 255), (np.int32([0, 128, 255]), 255), (np.float32([0, 0.502, 1]), 255)]
)
def test_more_than_eight_bits_keep_their_shades(tmp_path: Path, values: np.ndarray, white: int) -> None:
    seen = _shown(tmp_path, Image.fromarray(np.repeat(np.repeat(values[None], 4, 0), 4, 1)), colour="grey", fit="stretch", size=[4, 12])
    assert seen[0, 0].tolist() == [0] * 4 + [128] * 4 + [white] * 4


def test_numbers_that_are_no_shades_are_refused_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"its values go from -1000 to 2000; put such numbers into an \.npz file"):
        _shown(tmp_path, Image.fromarray(np.float32([[-1000, 2000]] * 4)))


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    ink = np.zeros((4, 4, 4), np.uint8)
    ink[1, 1, 3] = 255
    seen = _shown(tmp_path, Image.fromarray(ink))
    assert seen[:, 1, 1].tolist() == [0, 0, 0]
    assert (seen.sum((1, 2)) == 15 * 255).all()


def test_a_link_to_nowhere_is_skipped(tmp_path: Path) -> None:
    (_write(tmp_path) / "a" / "gone.png").symlink_to(tmp_path / "nowhere.png")
    assert "gone.png” was skipped" in _load(tmp_path).notes[0]
