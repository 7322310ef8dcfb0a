"""Windows by hand give what torch gives; the matrix of a convolution is the convolution."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F  # noqa: N812

from netbuilder.probe.sliding import Sliding, Window, example, window_of

pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))


def torch_of(sliding: Sliding) -> np.ndarray:
    window, image = sliding.window, torch.from_numpy(sliding.values)[None, None]
    size, stride, padding, dilation = window.kernel_size, window.stride, window.padding, window.dilation
    match window.operation:
        case "convolution":
            weights = torch.from_numpy(sliding.weights)[None, None]
            found = F.conv2d(image, weights, torch.tensor([sliding.bias], dtype=torch.float64), stride, padding, dilation)
        case "maximum":
            found = F.max_pool2d(image, size, stride, padding, dilation)
        case "average":
            found = F.avg_pool2d(image, size, stride, padding)
        case _:
            found = F.avg_pool2d(image, size, stride, padding, divisor_override=1)
    return found[0, 0].numpy()


@given(st.sampled_from(["convolution", "maximum", "average", "sum"]), pairs, pairs, pairs, st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_every_window_is_torchs(operation, size, stride, dilation, seed) -> None:
    gaps = dilation if operation in ("convolution", "maximum") else (1, 1)
    window = Window(operation, size, stride, (size[0] // 2, size[1] // 2), gaps)
    shape = tuple(max(n, r) for n, r in zip(window.example(), window.reach, strict=True))
    made = example(window, shape, seed)
    sliding = Sliding(window, made.values, made.weights, bias=0.5 if operation == "convolution" else 0.0)
    assert sliding.output == pytest.approx(torch_of(sliding))
    if operation != "maximum":
        flat = sliding.matrix() @ sliding.values.ravel() + sliding.bias
        assert flat.reshape(sliding.shape) == pytest.approx(sliding.output)


def test_four_by_four_and_three_by_three_give_two_by_two() -> None:
    window = window_of("conv2d", {"kernel_size": 3, "stride": 1, "padding": 0, "dilation": 1})
    assert window is not None
    assert window.output((4, 4)) == (2, 2)
    sliding = Sliding(window, np.arange(16.0).reshape(4, 4), np.eye(3), 1.0)
    assert sliding.written(0) == "0·1 + 1·0 + 2·0 + 4·0 + 5·1 + 6·0 + 8·0 + 9·0 + 10·1 + 1 = 16"
    assert sliding.cells(3)[0] == (1, 1)
    assert sliding.output.tolist() == [[16, 19], [28, 31]]


def test_five_to_five_dense_has_25_weights_and_a_convolution_of_width_three_has_3() -> None:
    window = window_of("conv1d", {"kernel_size": 3, "stride": 1, "padding": 1, "dilation": 1})
    assert window is not None
    sliding = example(window, (1, 5))
    shares = sliding.shares()
    assert shares.size == 25
    assert set(shares[shares > 0]) == {1, 2, 3}
    assert shares.tolist() == [[2, 3, 0, 0, 0], [1, 2, 3, 0, 0], [0, 1, 2, 3, 0], [0, 0, 1, 2, 3], [0, 0, 0, 1, 2]]


def test_windows_of_pooling_step_by_their_size() -> None:
    window = window_of("maxpool2d", {"kernel_size": 2, "stride": None, "padding": 0, "dilation": 1})
    assert window is not None
    assert (window.stride, window.operation) == ((2, 2), "maximum")
    sliding = Sliding(window, np.array([[1.0, 2.0], [4.0, 3.0]]), np.zeros((2, 2)))
    assert sliding.written(0) == "max(1, 2, 4, 3) = 4"
    average = window_of("avgpool1d", {"kernel_size": 2, "stride": None, "padding": 0})
    assert average is not None
    assert Sliding(average, np.array([[1.0, 4.0]]), np.zeros((1, 2))).written(0) == "(1 + 4) / 2 = 2.5"


def test_same_padding_and_volumes() -> None:
    same = window_of("conv2d", {"kernel_size": (3, 5), "stride": 1, "padding": "same", "dilation": (2, 1)})
    assert same is not None
    assert same.padding == (2, 2)
    volume = window_of("conv3d", {"kernel_size": (1, 3, 5), "stride": 2, "padding": 0, "dilation": 1})
    assert volume is not None
    assert volume.kernel_size == (3, 5)
    assert window_of("linear", {}) is None
    assert window_of("adaptiveavgpool2d", {"output_size": 1}) is None


def test_causal_padding_is_all_in_front() -> None:
    window = window_of("conv1d", {"kernel_size": 3, "stride": 1, "padding": "causal", "dilation": 2})
    assert window is not None
    assert window.margins == ((0, 0), (4, 0))
    assert window.output((1, 9)) == (1, 9)
    sliding = Sliding(window, np.arange(1.0, 10.0)[None], np.array([[1.0, 10.0, 100.0]]))
    assert sliding.output[0, :6].tolist() == [100, 200, 310, 420, 531, 642]
    assert (sliding.matrix() @ sliding.values.ravel()).tolist() == sliding.output[0].tolist()


def test_an_even_kernel_pads_one_more_behind() -> None:
    window = window_of("conv2d", {"kernel_size": 4, "stride": 1, "padding": "same", "dilation": 1})
    assert window is not None
    assert window.margins == ((1, 2), (1, 2))
    assert window.output((6, 7)) == (6, 7)
    given = example(window, (6, 7))
    image, kernel = (torch.from_numpy(each)[None, None] for each in (given.values, given.weights))
    assert given.output == pytest.approx(F.conv2d(F.pad(image, (1, 2, 1, 2)), kernel)[0, 0].numpy())
