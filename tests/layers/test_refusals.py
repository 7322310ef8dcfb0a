"""What a person reads when a layer cannot work, and the changes that are offered: each must mend it."""

from __future__ import annotations

from typing import Any

import pytest

from netbuilder.core.graph import Node
from netbuilder.layers.declare import LayerError, TensorSpec, find
from netbuilder.layers.settings import read, resolve

HUGE = 10**9


def refusal(name: str, *shapes: tuple[int, ...], dtype: str = "float32", **settings: Any) -> LayerError:
    """The refusal of a layer for these inputs; every change it offers is tried out."""
    kind = find(name)
    assert kind is not None
    inputs = tuple(TensorSpec((None, *shape), dtype) for shape in shapes)
    with pytest.raises(LayerError) as caught:
        read(kind, settings).shape(*inputs)
    for label, change in caught.value.changes:
        assert label
        read(kind, {**settings, **change}).shape(*inputs)
    return caught.value


CASES = [
    ("conv2d", [(1, 3, 3)], {"kernel_size": 5}, "The kernel 5×5 is larger than its 3×3 input.", "kernel_size"),
    ("conv1d", [(1, 3)], {"kernel_size": 5}, "The kernel of 5 is larger than its input of length 3.", "kernel_size"),
    (
        "conv2d",
        [(1, 3, 3)],
        {"kernel_size": 7, "padding": 1},
        "The kernel 7×7 is larger than its 3×3 input, even padded to 5×5.",
        "kernel_size",
    ),
    (
        "conv2d",
        [(1, 5, 5)],
        {"dilation": 4},
        "The kernel 3×3 with dilation 4 spans 9×9, which is larger than its 5×5 input.",
        "kernel_size",
    ),
    ("maxpool2d", [(4, 1, 1)], {}, "The kernel 2×2 is larger than its 1×1 input.", "kernel_size"),
    ("maxpool2d", [(4, 8, 8)], {"padding": 2}, "A padding of 2 is more than half of the 2×2 window.", "padding"),
    ("conv2d", [(6, 9, 9)], {"groups": 4}, "4 groups cannot share 6 input channels evenly.", "groups"),
    ("conv2d", [(8, 9, 9)], {"groups": 8, "out_channels": 12}, "8 groups cannot share 12 output channels evenly.", "groups"),
    ("conv2d", [(1, 9, 9)], {"padding": "same", "stride": 2}, "Padding “same” needs stride 1, but the stride is 2.", "padding"),
    (
        "conv2d",
        [(1, 4, 4)],
        {"padding": 4, "padding_mode": "reflect"},
        "A padding of 4 is too wide to mirror an input of 4×4.",
        "padding_mode",
    ),
    ("conv2d", [(400,)], {}, "Conv2d needs channels × height × width, but its input is 400.", None),
    ("conv1d", [(3, 8, 8)], {}, "Conv1d needs channels × length, but its input is 3×8×8.", None),
    ("convtranspose2d", [(1, 2, 2)], {"padding": 3}, "A padding of 3 cuts away the whole output: its size would be -2×-2.", "padding"),
    ("groupnorm", [(6, 9, 9)], {}, "4 groups cannot share 6 channels evenly.", "num_groups"),
    ("prelu", [(6, 9, 9)], {"num_parameters": 4}, "PReLU has 4 slopes, but its input has 6 channels.", "num_parameters"),
    ("glu", [(6, 5)], {}, "GLU halves axis 2, but its size 5 is odd.", "dim"),
    ("softmax", [(10,)], {"dim": 2}, "Softmax: dim is 2, but axis 2 does not exist.", "dim"),
    ("softmax", [(10,)], {"dim": 0}, "Softmax: dim is 0, but axis 0 is the batch, which stays apart.", "dim"),
    ("reshape", [(16, 5, 5)], {"shape": [20, 30]}, "The input 16×5×5 holds 400 numbers, but 20×30 needs 600.", "shape"),
    ("reshape", [(16, 5, 5)], {"shape": [-1, 30]}, "The input 16×5×5 holds 400 numbers, but ?×30 needs a multiple of 30.", "shape"),
    ("permute", [(5, 7)], {}, "Permute: 0, 2, 3, 1 is no new order of the 3 axes 0, 1, 2.", "dims"),
    (
        "layernorm",
        [(16, 32)],
        {"normalized_shape": 64},
        "LayerNorm is set to normalise over 64, but its input is 16×32.",
        "normalized_shape",
    ),
    ("pixelshuffle", [(6, 4, 4)], {}, "A factor of 2 needs a multiple of 2·2 = 4 channels, but the input has 6.", "upscale_factor"),
    ("upsample", [(3, 8, 8)], {"mode": "linear"}, "The mode “linear” does not work on an input of 3×8×8.", "mode"),
    ("reflectionpad2d", [(3, 4, 4)], {"padding": 4}, "A border of 4 is too wide for an input of 3×4×4.", "padding"),
    ("hardtanh", [(3,)], {"min_val": 2.0}, "The lower limit 2 is not below the upper limit 1.", "min_val"),
    ("instancenorm2d", [(3, 1, 1)], {}, "InstanceNorm2d needs more than one number in each channel, but its input is 3×1×1.", None),
    ("add", [(16, 8, 8), (16, 7, 7)], {}, "Add needs inputs of equal shape, but gets 16×8×8 and 16×7×7 (input 2).", None),
    ("multiply", [(16, 8, 8), (16,)], {}, "Multiply needs inputs with equally many axes, but gets 16×8×8 and 16 (input 2).", None),
    ("concat", [(3, 8, 8), (3, 8, 9)], {}, "Concat along axis 1 needs all other sizes equal, but gets 3×8×8 and 3×8×9 (input 2).", "dim"),
]


@pytest.mark.parametrize(("name", "shapes", "settings", "message", "setting"), CASES, ids=[f"{c[0]}-{n}" for n, c in enumerate(CASES)])
def test_sentences(name: str, shapes: list[tuple[int, ...]], settings: dict[str, Any], message: str, setting: str | None) -> None:
    error = refusal(name, *shapes, **settings)
    assert error.message == message
    assert error.setting == setting
    assert error.remedy or error.changes


def test_a_kernel_too_large_offers_both_ways_out() -> None:
    changes = dict(refusal("conv2d", (1, 3, 3), kernel_size=5).changes)
    assert changes == {"Use a 3×3 kernel": {"kernel_size": 3}, "Use padding 1": {"padding": 1}}


def test_the_sibling_that_fits_is_named() -> None:
    assert "Use Conv2d" in str(refusal("conv1d", (3, 8, 8)))


@pytest.mark.parametrize("name", ["conv2d", "batchnorm2d", "relu", "linear", "softmax", "dropout", "avgpool2d"])
def test_whole_numbers_need_an_embedding(name: str) -> None:
    assert "Embedding" in str(refusal(name, (3, 8, 8), dtype="int64"))


def test_an_embedding_needs_whole_numbers() -> None:
    assert "int64" in str(refusal("embedding", (12,)))


def test_linear_on_an_image_is_legal_but_pointed_out() -> None:
    kind = find("linear")
    assert kind is not None
    shaped = kind().shape(TensorSpec((None, 16, 5, 5)))
    assert shaped.outputs[0].shape == (None, 16, 5, 10)
    assert shaped.warning is not None
    assert "Flatten" in shaped.warning
    assert "400" in shaped.warning


SETTINGS = [
    ("conv2d", {"kernel_size": HUGE}, "Conv2d: kernel_size is 1000000000; it must be a whole number from 1 to 65,536."),
    ("conv2d", {"kernel_size": 10**40}, f"Conv2d: kernel_size is {10**40}; it must be a whole number from 1 to 65,536."),
    ("conv2d", {"kernel_size": 0}, "Conv2d: kernel_size is 0; it must be a whole number from 1 to 65,536."),
    ("conv2d", {"kernel_size": 2.5}, "Conv2d: kernel_size is 2.5; it must be a whole number from 1 to 65,536."),
    (
        "conv2d",
        {"kernel_size": "3"},
        "Conv2d: kernel_size is the text “3”; it must be a whole number from 1 to 65,536, or a list of 2 such numbers.",
    ),
    (
        "conv2d",
        {"kernel_size": [3, 3, 3]},
        "Conv2d: kernel_size is (3, 3, 3); it must be a whole number from 1 to 65,536, or a list of 2 such numbers.",
    ),
    ("conv2d", {"bias": 1}, "Conv2d: bias is 1; it must be on or off."),
    (
        "conv2d",
        {"padding_mode": "mirror"},
        "Conv2d: padding_mode is the text “mirror”; it must be “zeros”, “reflect”, “replicate” or “circular”.",
    ),
    ("dropout", {"p": float("nan")}, "Dropout: p is not a number; it must be a number of at least 0 and below 1."),
    ("dropout", {"p": "0.5"}, "Dropout: p is the text “0.5”; it must be a number of at least 0 and below 1."),
    (
        "leakyrelu",
        {"negative_slope": float("-inf")},
        "LeakyReLU: negative_slope is -infinity; it must be a number from -1,000,000 to 1,000,000.",
    ),
    ("batchnorm2d", {"eps": 0}, "BatchNorm2d: eps is 0; it must be a number above 0 and at most 1,000,000."),
    ("batchnorm2d", {"momentum": "x"}, "BatchNorm2d: momentum is the text “x”; it must be a number from 0 to 1, or empty."),
    ("input", {"shape": []}, "Input: shape is (); it must be a list of 1 to 7 items, each a whole number from 1 to 1,048,576."),
    ("upsample", {"scale_factor": [2, float("nan")]}, None),
]


@pytest.mark.parametrize(("name", "settings", "message"), SETTINGS, ids=range(len(SETTINGS)))
def test_absurd_settings(name: str, settings: dict[str, Any], message: str | None) -> None:
    kind = find(name)
    assert kind is not None
    with pytest.raises(LayerError) as caught:
        read(kind, settings)
    if message:
        assert caught.value.message == message
    assert caught.value.setting == next(iter(settings))
    for _, change in caught.value.changes:
        read(kind, {**settings, **change})
    assert caught.value.changes


def test_unknown_settings_and_layers() -> None:
    with pytest.raises(LayerError, match=r"Conv2d has no setting “kernel”\. Its settings are: out_channels, kernel_size"):
        resolve(Node("n1", "conv2d", "conv2d_1", {"kernel": 3}))
    with pytest.raises(LayerError, match="does not know the layer “conv4d”"):
        resolve(Node("n1", "conv4d", "conv4d_1"))


def test_a_gate_for_each_channel_is_meant_and_other_stretching_pointed_out() -> None:
    kind = find("multiply")
    assert kind is not None
    image, gate, row = (TensorSpec((None, *shape)) for shape in ((6, 5, 5), (6, 1, 1), (6, 1, 5)))
    assert kind().shape(image, gate).warning is None
    assert "stretches" in (kind().shape(image, row).warning or "")
    add = find("add")
    assert add is not None
    assert add().shape(image, gate).warning is not None
