"""Weights and maps as tile images and walls."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netbuilder.probe.feature_maps import feature_maps, map_images
from netbuilder.probe.filters import filter_images, filters, has_filters, order
from netbuilder.probe.png import write_png
from netbuilder.probe.wall import wall

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("weight", "images"),
    [
        ((6, 1, 5, 5), (6, 5, 5)),
        ((8, 3, 11, 11), (8, 11, 11, 3)),
        ((4, 2, 3, 3), (8, 3, 3)),
        ((4, 2, 7), (8, 1, 7)),
        ((4, 2, 3, 5, 6), (24, 5, 6)),
        ((10, 784), (10, 28, 28)),
        ((10, 30), (10, 1, 30)),
    ],
)
def test_a_tile_for_every_filter(weight: tuple[int, ...], images: tuple[int, ...]) -> None:
    found = filter_images(RNG.normal(size=weight))
    assert found.shape == images
    assert found.dtype == np.uint8


def test_dense_weights_take_the_input_shape() -> None:
    assert filter_images(RNG.normal(size=(10, 3 * 32 * 32)), input_shape=(3, 32, 32)).shape == (10, 32, 32, 3)


def test_own_scale_stretches_each_and_shared_compares() -> None:
    weight = np.stack([np.linspace(-1, 1, 9), np.linspace(-0.1, 0.1, 9)]).reshape(2, 1, 3, 3)
    own, shared = filter_images(weight, "own"), filter_images(weight, "shared")
    assert own[1].max() == own[0].max() == 255
    assert np.ptp(shared[1].astype(int)) < 30
    assert own[0, 1, 1] == 128  # zero is mid-grey


def test_sorting_by_norm_puts_the_strongest_first() -> None:
    weight = np.array([1.0, 3.0, 2.0])[:, None, None, None] * np.eye(3)[None, None]
    assert order(weight, "norm").tolist() == [1, 2, 0]
    assert np.array_equal(filter_images(weight, "shared", "norm")[0], filter_images(weight, "shared")[1])


def test_values_that_are_no_numbers_do_not_spoil_the_rest() -> None:
    weight = np.full((1, 1, 2, 2), np.nan)
    weight[0, 0, 0, 0] = 1
    assert filter_images(weight)[0, 0, 0] == 255


@pytest.mark.parametrize(("maps", "images"), [((6, 4, 4), (6, 4, 4)), ((84,), (1, 1, 84)), ((4, 9), (4, 1, 9)), ((2, 3, 4, 5), (6, 4, 5))])
def test_maps_of_every_rank(maps: tuple[int, ...], images: tuple[int, ...]) -> None:
    assert map_images(RNG.normal(size=maps)).shape == images


def test_the_wall_repeats_pixels_and_keeps_its_gaps() -> None:
    images = np.stack([np.full((2, 2), value, np.uint8) for value in (10, 20, 30)])
    made = wall(images, columns=2, zoom=4, background=99)
    assert made.image.shape == (8 * 2 + 3, 8 * 2 + 3)
    assert (made.image[:8, :8] == 10).all()
    assert (made.image[:8, 8:11] == 99).all()
    assert (made.image[11:, :8] == 30).all()
    assert made.caption == "3 images"


def test_the_wall_says_when_it_does_not_show_all() -> None:
    made = wall(np.zeros((96, 5, 5, 3), np.uint8), most=64)
    assert (made.shown, made.total) == (64, 96)
    assert made.caption == "64 of 96 images"


def test_an_empty_wall_is_still_a_picture() -> None:
    assert wall(np.zeros((0, 5, 5), np.uint8)).image.size


def test_a_wall_as_file(tmp_path: Path) -> None:
    path = write_png(tmp_path / "wall.png", wall(RNG.integers(0, 255, (4, 3, 3), dtype=np.uint8), zoom=2).image)
    with Image.open(path) as image:
        assert image.format == "PNG"


def test_looking_into_a_compiled_network_leaves_it_as_it_was() -> None:
    from netbuilder.core.build import chain
    from netbuilder.net.compiler import compile_graph

    steps = [("input", {"shape": (1, 8, 8)}), ("conv2d", {"out_channels": 4, "kernel_size": 3}), "batchnorm2d", "relu", "output"]
    graph = chain(steps)
    module = compile_graph(graph, seed=0)
    module.train()
    before = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    ids = list(graph.nodes)
    found = feature_maps(module, RNG.normal(size=(1, 1, 8, 8)).astype(np.float32), [ids[1], ids[3], "gone"])
    assert {node: array.shape for node, array in found.items()} == {ids[1]: (4, 6, 6), ids[3]: (4, 6, 6)}
    assert (found[ids[3]] >= 0).all()
    assert module.training
    assert all((before[name] == tensor).all() for name, tensor in module.state_dict().items())
    assert filters(module, ids[1]).shape == (4, 1, 3, 3)
    assert not has_filters(module, ids[2])
    with pytest.raises(KeyError):
        filters(module, ids[3])
