"""The layers of LeNet-5 as published: what they compute, how many numbers they learn, and what is refused."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F  # noqa: N812

import netbuilder as nb
from netbuilder.layers.declare import LayerError, TensorSpec, find
from netbuilder.layers.settings import read
from netbuilder.net.modules.lenet import PartialConv2d, RadialBasis, Subsampling2d

PUBLISHED = [
    ("input", {"shape": (1, 32, 32)}),
    ("conv2d", {"out_channels": 6, "kernel_size": 5}),
    ("subsampling2d", {}),
    ("partialconv2d", {}),
    ("subsampling2d", {}),
    ("conv2d", {"out_channels": 120, "kernel_size": 5}),
    ("flatten", {}),
    ("linear", {"out_features": 84}),
    ("radialbasis", {"negate": True}),
    ("output", {}),
]


def test_sixty_thousand_trainable_numbers() -> None:
    graph = nb.chain(PUBLISHED)
    counts = [node.parameters for node in nb.analyze(graph).nodes.values() if node.parameters]
    assert counts == [156, 12, 1_516, 32, 48_120, 10_164]
    assert sum(p.numel() for p in nb.compile(graph).parameters()) == 60_000


def test_a_map_of_c3_is_a_convolution_of_the_maps_in_its_row() -> None:
    layer = PartialConv2d(3, ((0, 2), (1,)), (3, 3), padding=(1, 1))
    x = torch.randn(2, 3, 6, 7)
    first = F.conv2d(x[:, [0, 2]], layer.weight[None, :2], layer.bias[:1], padding=1)
    second = F.conv2d(x[:, [1]], layer.weight[None, 2:], layer.bias[1:], padding=1)
    torch.testing.assert_close(layer(x), torch.cat([first, second], 1))


def test_subsampling_sums_then_scales_and_shifts() -> None:
    layer = Subsampling2d(2, (2, 2), (2, 2))
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([2.0, 3.0]))
        layer.bias.copy_(torch.tensor([0.5, -1.0]))
    x = torch.arange(8.0).reshape(1, 2, 2, 2)
    assert layer(x).flatten().tolist() == [2 * 6 + 0.5, 3 * 22 - 1]


def test_the_code_of_a_digit_is_nearest_to_itself() -> None:
    layer = RadialBasis(84, 10, negate=True)
    scores = layer(layer.codes)
    assert scores.argmax(1).tolist() == list(range(10))
    assert scores.diagonal().abs().max() == 0
    assert set(layer.codes.unique().tolist()) == {-1.0, 1.0}
    assert not list(layer.parameters())
    assert RadialBasis(84, 10, trainable=True).codes.requires_grad


def test_scattered_codes_differ_from_each_other() -> None:
    codes = RadialBasis(32, 20, codes="scattered").codes
    agreement = (codes @ codes.T) / 32
    assert agreement.fill_diagonal_(0).abs().max() < 0.8


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("0 1,, 2", "needs whole numbers"),
        ("a b", "needs whole numbers"),
        ("0 0", "lists an input map twice"),
        ("0, 7", "asks for input map 7"),
    ],
)
def test_tables_that_are_none(table: str, words: str) -> None:
    kind = find("partialconv2d")
    assert kind is not None
    with pytest.raises(LayerError, match=words):
        read(kind, {"table": table}).shape(TensorSpec((None, 6, 14, 14)))
