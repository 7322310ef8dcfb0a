"""Tensors in words."""

from __future__ import annotations

import pytest

from netbuilder.layers.declare import TensorSpec
from netbuilder.net.meaning import bytes_for, meaning


@pytest.mark.parametrize(
    ("shape", "dtype", "source", "target", "words"),
    [
        ((None, 3, 32, 32), "float32", "input", "conv2d", "batch × 3 channels × 32 × 32"),
        ((None, 1, 28, 28), "float32", "input", "conv2d", "batch × 1 channel × 28 × 28"),
        ((None, 6, 28, 28), "float32", "conv2d", "tanh", "batch × 6 feature maps × 28 × 28"),
        ((None, 9216), "float32", "flatten", "linear", "batch × 9,216 features"),
        ((None, 10), "float32", "linear", "output", "batch × 10 scores"),
        ((None, 10), "float32", "softmax", "output", "batch × 10 probabilities"),
        ((None, 20), "int64", "input", "embedding", "batch × 20 tokens"),
        ((None, 20, 64), "float32", "embedding", "lstm", "batch × 20 positions × 64 features"),
        ((None, 8, 100), "float32", "conv1d", "relu", "batch × 8 feature maps × 100"),
        ((None, 4, 8, 16, 16), "float32", "conv3d", "relu", "batch × 4 feature maps × 8 × 16 × 16"),
        ((None,), "float32", "mean", "output", "batch"),
    ],
)
def test_sizes_have_the_names_that_people_use(shape: tuple[int | None, ...], dtype: str, source: str, target: str, words: str) -> None:
    assert meaning(TensorSpec(shape, dtype), source, target) == words


def test_memory_grows_with_the_batch_and_the_element_type() -> None:
    assert bytes_for(TensorSpec((None, 6, 28, 28)), 64) == 64 * 6 * 28 * 28 * 4
    assert bytes_for(TensorSpec((None, 20), "int64"), 1) == 160
