"""Multiply–accumulates against torch's own counter, which counts two operations for each."""

from __future__ import annotations

import pytest
from drawing import inputs_for, settings_of
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from netbuilder.layers.declare import Cost, Layer, LayerError, TensorSpec, catalogue
from netbuilder.layers.settings import read

torch = pytest.importorskip("torch")

from torch.utils.flop_counter import FlopCounterMode  # noqa: E402
from torch_twin import build, call, tensors  # noqa: E402

COUNTED = [
    "linear",
    "conv1d",
    "conv2d",
    "conv3d",
    "convtranspose1d",
    "convtranspose2d",
    "convtranspose3d",
    "matmul",
    "lstm",
    "gru",
    "rnn",
    "patchembedding",
    "multiheadattention",
    "scaleddotproductattention",
    "transformerencoderlayer",
    "windowattention",
]
PARTLY = {"partialconv2d", "bilinear"}
"""Products that torch's counter does not see, or kernels that we do not count because they are filled up with zeros."""


def typical(kind: type[Layer]) -> tuple[TensorSpec, ...]:
    """Four channels of 6 along each axis, at every port."""
    spec = TensorSpec((None, 4, 6, 6, 6)[: 2 + getattr(kind, "rank", 2)], "float32")
    return (spec,) * (2 if kind.about.variadic else len(kind.about.inputs))


@pytest.mark.parametrize("name", COUNTED)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
def test_macs_are_half_of_torchs_operations(name: str, data: st.DataObject) -> None:
    kind = catalogue()[name]
    layer = read(kind, data.draw(settings_of(kind)))
    inputs = data.draw(inputs_for(kind))
    assume(getattr(layer, "padding_mode", "zeros") == "zeros")
    try:
        outputs = layer.shape(*inputs).outputs
    except LayerError:
        return
    target = layer.target(inputs)
    module = build(target)
    with FlopCounterMode(display=False) as counter:
        call(target, module, tensors(inputs, 1))
    assert layer.cost(inputs, outputs).macs * 2 == counter.get_total_flops()


@pytest.mark.parametrize("name", sorted(set(catalogue()) - set(COUNTED) - PARTLY))
def test_nothing_else_counts(name: str) -> None:
    kind = catalogue()[name]
    inputs, layer = typical(kind), read(kind, {})
    try:
        cost = layer.cost(inputs, layer.shape(*inputs).outputs)
    except LayerError:
        return
    assert cost.macs == 0


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_parameters_come_with_their_arithmetic(name: str) -> None:
    kind = catalogue()[name]
    inputs, layer = typical(kind), read(kind, {})
    try:
        cost: Cost = layer.cost(inputs, layer.shape(*inputs).outputs)
    except LayerError:
        return
    if cost.parameters:
        assert cost.why is not None
        assert cost.why().endswith(f"{cost.parameters:,}") or name == "prelu"
    else:
        assert cost.why is None
