"""Figures from the lectures: output sizes, parameter counts and the arithmetic that explains them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from netbuilder.layers.declare import Cost, Shaped, TensorSpec, find
from netbuilder.layers.settings import read


def look(name: str, given: tuple[int, ...], dtype: str = "float32", **settings: Any) -> tuple[Shaped, Cost]:
    """The answer and the cost of a layer for one input, its shape without the batch."""
    kind = find(name)
    assert kind is not None
    layer = read(kind, settings)
    inputs = (TensorSpec((None, *given), dtype),)
    shaped = layer.shape(*inputs)
    return shaped, layer.cost(inputs, shaped.outputs)


def size(name: str, given: tuple[int, ...], **settings: Any) -> tuple[int | None, ...]:
    return look(name, given, **settings)[0].outputs[0].shape[1:]


def test_lenets_second_convolution_explains_itself() -> None:
    shaped, cost = look("conv2d", (6, 14, 14), out_channels=16, kernel_size=5)
    assert shaped.why() == "⌊(14 + 2·0 − 5) / 1⌋ + 1 = 10\n6×14×14 → 16×10×10"
    assert shaped.warning is None
    assert cost.parameters == 2_416
    assert cost.macs == 240_000
    assert cost.why is not None
    assert cost.why() == "(5·5·6 + 1)·16 = 2,416"


def test_without_bias_the_arithmetic_has_no_one() -> None:
    cost = look("conv2d", (6, 14, 14), out_channels=16, kernel_size=5, bias=False)[1]
    assert cost.why is not None
    assert cost.why() == "5·5·6·16 = 2,400"


def test_axes_that_differ_have_a_line_each() -> None:
    shaped, _ = look("conv2d", (1, 10, 20), out_channels=4, kernel_size=(3, 5), padding=(1, 2))
    assert shaped.why() == "height: ⌊(10 + 2·1 − 3) / 1⌋ + 1 = 10\nwidth: ⌊(20 + 2·2 − 5) / 1⌋ + 1 = 20\n1×10×20 → 4×10×20"


def test_dilation_appears_only_when_there_is_one() -> None:
    shaped, _ = look("conv2d", (6, 14, 14), kernel_size=5, dilation=2)
    assert shaped.why().splitlines()[0] == "⌊(14 + 2·0 − 2·(5 − 1) − 1) / 1⌋ + 1 = 6"


def test_groups_share_the_input_channels() -> None:
    cost = look("conv2d", (32, 8, 8), out_channels=64, kernel_size=3, groups=4)[1]
    assert cost.parameters == 4_672
    assert cost.why is not None
    assert cost.why() == "(3·3·(32/4) + 1)·64 = 4,672"


@pytest.mark.parametrize(("stride", "padding", "expected"), [(1, 0, 5), (2, 0, 3), (2, 1, 4), (1, 1, 7)])
def test_output_size_of_seven_under_a_window_of_three(stride: int, padding: int, expected: int) -> None:
    shaped, _ = look("conv1d", (1, 7), kernel_size=3, stride=stride, padding=padding)
    assert shaped.outputs[0].shape[2] == expected
    assert shaped.warning is None


def test_a_stride_that_does_not_divide_is_pointed_out() -> None:
    shaped, _ = look("conv2d", (1, 7, 7), kernel_size=3, stride=3)
    assert shaped.outputs[0].shape[2:] == (2, 2)
    assert shaped.warning is not None
    assert "(7 + 2·0 − 3) / 3 + 1 = 2.33 is not whole" in shaped.warning
    assert "the last row and the last column" in shaped.warning


def test_padding_left_over_is_a_note_and_no_warning() -> None:
    shaped, _ = look("conv2d", (3, 224, 224), out_channels=64, kernel_size=7, stride=2, padding=3)
    assert shaped.outputs[0].shape == (None, 64, 112, 112)
    assert shaped.warning is None
    assert "1 over" in shaped.why()


@pytest.mark.parametrize(("kernel", "padding"), [(3, 1), (5, 2)])
def test_same_padding_of_a_five_by_five_image(kernel: int, padding: int) -> None:
    assert size("conv2d", (1, 5, 5), out_channels=1, kernel_size=kernel, padding="same") == (1, 5, 5)
    assert size("conv2d", (1, 5, 5), out_channels=1, kernel_size=kernel, padding=padding) == (1, 5, 5)


def test_even_kernels_pad_one_more_behind() -> None:
    shaped, _ = look("conv1d", (1, 14), kernel_size=4, padding="same")
    assert shaped.why().splitlines()[0] == "⌊(14 + 1 + 2 − 4) / 1⌋ + 1 = 14"


def test_strides_above_and_below_one() -> None:
    assert size("conv2d", (1, 6, 6), out_channels=1, kernel_size=3, stride=2, padding=1) == (1, 3, 3)
    assert size("convtranspose2d", (1, 3, 3), out_channels=1, kernel_size=2, stride=2) == (1, 6, 6)
    assert size("upsample", (1, 3, 3)) == (1, 6, 6)


def test_channels() -> None:
    assert look("conv2d", (4, 9, 9), out_channels=6, kernel_size=3)[1].parameters == 216 + 6
    shaped, cost = look("conv2d", (3, 32, 32), out_channels=10, kernel_size=5, padding=2)
    assert (shaped.outputs[0].shape[1:], cost.parameters) == ((10, 32, 32), 760)
    assert size("conv2d", (3, 32, 32), out_channels=6, kernel_size=5) == (6, 28, 28)


def test_four_by_four_under_three_by_three() -> None:
    assert size("conv2d", (1, 4, 4), out_channels=1, kernel_size=3) == (1, 2, 2)


@pytest.mark.parametrize("name", ["maxpool2d", "avgpool2d"])
def test_two_by_two_pooling_halves_each_side(name: str) -> None:
    assert size(name, (6, 28, 28)) == (6, 14, 14)


def test_dense_layers() -> None:
    assert look("linear", (3,), out_features=4)[1].parameters + look("linear", (4,), out_features=2)[1].parameters == 26
    assert look("linear", (3072,), out_features=10)[1].parameters == 30_730
    sizes = [1024, 512, 12, 12]
    total = sum(look("linear", (a,), out_features=b, bias=False)[1].parameters for a, b in pairwise(sizes))
    assert total == 530_576
    cost = look("linear", (400,), out_features=120)[1]
    assert (cost.parameters, cost.macs) == (48_120, 48_000)
    assert cost.why is not None
    assert cost.why() == "(400 + 1)·120 = 48,120"


def test_lecture_network() -> None:
    counts = [
        look("conv2d", (1, 6, 6), out_channels=4, kernel_size=3, padding="same")[1].parameters,
        look("conv2d", (4, 6, 6), out_channels=6, kernel_size=3, stride=2, padding=1)[1].parameters,
        look("linear", (54,), out_features=50)[1].parameters,
        look("linear", (50,), out_features=10)[1].parameters,
    ]
    assert counts == [40, 222, 2_750, 510]


def test_leaky_slope() -> None:
    kind = find("leakyrelu")
    assert kind is not None
    assert read(kind, {"negative_slope": 0.1}).curve(-2.0) == pytest.approx(-0.2)


def test_receptive_fields() -> None:
    kind = find("conv2d")
    assert kind is not None
    given = (TensorSpec((None, 1, 28, 28)),)
    assert read(kind, {"kernel_size": 3, "dilation": 2, "stride": (1, 2)}).reach(given).extent == (5, 5)
    assert read(kind, {"kernel_size": 3, "dilation": 2, "stride": (1, 2)}).reach(given).stride == (1, 2)


def test_a_window_shorter_than_its_stride_is_meant_to_skip() -> None:
    shaped, _ = look("conv2d", (64, 56, 56), out_channels=128, kernel_size=1, stride=2)
    assert shaped.outputs[0].shape == (None, 128, 28, 28)
    assert shaped.warning is None
