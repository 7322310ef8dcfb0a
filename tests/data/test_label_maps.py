"""Targets with a class for every pixel: from archives, from folders of masks, and made up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netbuilder.data.errors import DataError
from netbuilder.data.label_maps import is_label_map, numbered, shares
from netbuilder.data.load import load


def test_only_whole_numbers_over_all_pixels_are_label_maps():
    images = np.zeros((3, 1, 4, 5), np.uint8)
    assert is_label_map(np.zeros((3, 4, 5), np.uint8), images)
    assert not is_label_map(np.zeros((3, 4, 5), np.float32), images)
    assert not is_label_map(np.zeros((3, 5, 4), np.uint8), images)
    assert not is_label_map(np.zeros(3, np.int64), images)
    assert not is_label_map(np.arange(3 * 200).reshape(3, 10, 20), np.zeros((3, 1, 10, 20)))


def test_classes_are_numbered_by_their_values():
    maps, names = numbered([np.array([[0, 255]]), np.array([[127, 0]])], "here")
    assert names == ("0", "127", "255")
    assert maps[0].tolist() == [[0, 2]]
    assert maps[1].tolist() == [[1, 0]]
    assert shares(maps[0], 3).tolist() == [0.5, 0.0, 0.5]
    with pytest.raises(DataError, match="300 different values"):
        numbered([np.arange(300)[None]], "here")


def test_an_archive_may_hold_label_maps(tmp_path: Path):
    x = np.random.default_rng(0).integers(0, 255, (20, 6, 8)).astype(np.uint8)
    y = (x > 128).astype(np.uint8) * 255
    path = tmp_path / "some.npz"
    np.savez(path, x=x, y=y)
    data = load({"source": {"name": "npz", "file": str(path)}, "validation": 4})
    assert data.classes == ("0", "255")
    assert data.input_shape == (1, 6, 8)
    assert data.train.targets.dtype == np.int64
    assert np.array_equal(data.train.targets, (data.train.inputs[:, 0] > 128).astype(np.int64))


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "masks").mkdir()
    for number in range(12):
        pixels = np.zeros((10, 12, 3), np.uint8)
        pixels[:, number % 6 :] = 200
        Image.fromarray(pixels).save(tmp_path / "pictures" / f"p{number}.jpg")
        Image.fromarray((pixels[..., 0] > 100).astype(np.uint8) * 3).save(tmp_path / "masks" / f"p{number}.png")
    return tmp_path


def source(folder: Path, **more: object) -> dict[str, object]:
    return {"source": {"name": "masks", "images": str(folder / "pictures"), "masks": str(folder / "masks"), "size": 8, **more}}


def test_pictures_meet_the_masks_of_their_name(folders: Path):
    (folders / "masks" / "p3.png").unlink()
    data = load({**source(folders), "validation": 3})
    assert data.input_shape == (3, 8, 8)
    assert data.classes == ("0", "3")
    assert len(data.train) + len(data.validation) + len(data.test) == 11
    bright = data.train.inputs[:, 0] > 100
    assert (bright == (data.train.targets == 1)).mean() > 0.9


def test_colours_of_masks_are_classes(folders: Path):
    for path in (folders / "masks").glob("*.png"):
        image = np.zeros((10, 12, 3), np.uint8)
        image[:5] = (255, 0, 16)
        Image.fromarray(image).save(path)
    assert load(source(folders, colour="grey")).classes == ("0", "#ff0010")


def test_folders_that_do_not_match_are_refused(folders: Path, tmp_path: Path):
    with pytest.raises(DataError, match="no folder"):
        load({"source": {"name": "masks", "images": str(folders / "pictures"), "masks": str(folders / "gone")}})
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="None of 12 pictures has a mask"):
        load({"source": {"name": "masks", "images": str(folders / "pictures"), "masks": str(tmp_path / "empty")}})


def test_a_mask_that_cannot_be_read_is_skipped_and_told(folders: Path):
    (folders / "masks" / "p0.png").write_bytes(b"nothing")
    data = load(source(folders))
    assert len(data.notes) == 1
    assert "p0" in data.notes[0]


def test_shapes_are_the_same_for_the_same_seed_and_all_classes_come():
    settings = {"source": {"name": "shapes", "size": 24, "classes": 4, "count": 40}}
    one, two = load(settings), load(settings)
    assert np.array_equal(one.train.inputs, two.train.inputs)
    assert one.classes == ("ground", "disc", "square", "triangle")
    assert (shares(one.train.targets, 4) > 0.01).all()
    assert one.train.inputs.shape[1:] == (1, 24, 24)
