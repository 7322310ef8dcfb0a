"""Average pooling as a matrix product agrees with torch's own."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from netbuilder.train.speed.allocator import keep_memory
from netbuilder.train.speed.pooling import BandMeans, quicken_pooling

WINDOWS = st.tuples(st.integers(1, 4), st.integers(1, 4))


@settings(max_examples=60, deadline=None)
@given(WINDOWS, st.integers(1, 40), st.integers(1, 40), st.booleans())
def test_band_means_are_the_means_that_torch_computes(window, height, width, channels_last):
    plain = nn.AvgPool2d(window)
    quick = BandMeans(plain)
    x = torch.randn(3, 2, max(height, window[0]), max(width, window[1]))
    x = x.contiguous(memory_format=torch.channels_last) if channels_last else x
    ours, theirs = x.clone().requires_grad_(), x.clone().requires_grad_()
    first, second = quick(ours), plain(theirs)
    torch.testing.assert_close(first, second)
    slope = torch.randn_like(second)
    first.backward(slope)
    second.backward(slope)
    torch.testing.assert_close(ours.grad, theirs.grad)


def test_another_type_goes_the_plain_way():
    x = torch.randn(1, 1, 4, 4, dtype=torch.float64)
    assert torch.equal(BandMeans(nn.AvgPool2d(2))(x), nn.AvgPool2d(2)(x))


@pytest.mark.parametrize("options", [{"padding": 1}, {"stride": 1}, {"ceil_mode": True}, {"divisor_override": 3}])
def test_only_windows_side_by_side_are_replaced(options):
    module = nn.Sequential(nn.Sequential(nn.AvgPool2d(2)), nn.AvgPool2d(3, **options))
    quicken_pooling(module)
    assert type(module[0][0]) is BandMeans
    assert type(module[1]) is nn.AvgPool2d
    assert not module.state_dict()


def test_keeping_memory_is_asked_for_once():
    assert keep_memory() is keep_memory()
