"""Striped images: repeatable, of the size asked for, told apart by orientation, and never too many for the memory."""

from __future__ import annotations

import numpy as np
import pytest

from netbuilder.data.errors import DataError
from netbuilder.data.load import load
from netbuilder.data.sources.gratings import Gratings


def silent(done: int, total: int) -> None:
    """No progress wanted."""


def test_images_are_as_asked_for_and_the_same_every_time() -> None:
    source = Gratings(size=9, channels=3, classes=4, count=50, seed=3)
    found = source.read(silent)
    assert (found.train.inputs.shape, found.train.inputs.dtype) == ((50, 3, 9, 9), np.uint8)
    assert np.bincount(found.train.targets).tolist() == [13, 13, 12, 12]
    assert found.classes == ("0°", "45°", "90°", "135°")
    assert np.array_equal(found.train.inputs, source.read(silent).train.inputs)
    assert not np.array_equal(found.train.inputs, Gratings(size=9, channels=3, classes=4, count=50, seed=4).read(silent).train.inputs)


def test_the_class_is_the_orientation() -> None:
    found = Gratings(size=16, classes=2, count=40, noise=0.0).read(silent)
    for image, target in zip(found.train.inputs[:, 0].astype(float), found.train.targets, strict=True):
        along, across = (image.std(0).max(), image.std(1).max()) if target == 0 else (image.std(1).max(), image.std(0).max())
        assert along < 1e-9 < across


def test_more_than_a_gibibyte_is_refused_with_what_would_do() -> None:
    with pytest.raises(DataError, match=r"would take 140\.2 GiB") as refused:
        load({"source": {"name": "gratings", "size": 224, "channels": 3, "count": 1_000_000}})
    assert "at most 7,133" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"), [("size", 0), ("channels", 0), ("classes", 1), ("count", -5), ("noise", 2.0), ("noise", "much")]
)
def test_absurd_settings_name_the_setting(name: str, value: object) -> None:
    with pytest.raises(DataError, match=f"“{name}” is"):
        load({"source": {"name": "gratings", name: value}})
