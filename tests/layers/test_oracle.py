"""Every declaration against torch itself: same shapes, same counts, and the same refusals."""

from __future__ import annotations

import pytest
from drawing import inputs_for, settings_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netbuilder.layers.declare import Layer, LayerError, Target, TensorSpec, catalogue
from netbuilder.layers.settings import read

torch = pytest.importorskip("torch")

from torch_twin import twin  # noqa: E402

BATCH = 7
NAMES = [name for name, layer in catalogue().items() if layer.about.inputs and name not in ("output", "python")]
"""Of Python in a project torch itself is the rule."""
ON_CPU = {"batchnorm1d", "batchnorm2d", "batchnorm3d", "maxunpool1d", "maxunpool2d", "maxunpool3d"}
REFUSALS = (RuntimeError, ValueError, AssertionError, NotImplementedError, IndexError, TypeError, ZeroDivisionError)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
def test_the_rule_agrees_with_torch(name: str, data: st.DataObject) -> None:
    layer = catalogue()[name]
    chosen = data.draw(settings_of(layer), label="settings")
    inputs: tuple[TensorSpec, ...] = data.draw(inputs_for(layer), label="inputs")
    declared = read(layer, chosen)
    try:
        shaped = declared.shape(*inputs)
    except LayerError as refusal:
        _torch_refuses_too(declared, inputs, refusal)
        return
    target = declared.target(inputs)
    real = twin(target, inputs, BATCH, "cpu" if name in ON_CPU else "meta")
    expected = tuple((BATCH, *spec.shape[1:]) for spec in shaped.outputs)
    assert real.shapes == expected
    assert real.dtypes == tuple(spec.dtype for spec in shaped.outputs)
    assert real.parameters == declared.cost(inputs, shaped.outputs).parameters
    assert all(spec.shape[0] is None for spec in shaped.outputs)
    assert shaped.why().strip()
    assert isinstance(declared.summary(), str)


def _torch_refuses_too(declared: Layer, inputs: tuple[TensorSpec, ...], refusal: LayerError) -> None:
    if "the batch" in str(refusal) or "equally many axes" in str(refusal):
        return
    try:
        target = declared.target(inputs)
    except LayerError:
        return
    with pytest.raises(REFUSALS):
        _works(target, inputs)


def _works(target: Target, inputs: tuple[TensorSpec, ...]) -> None:
    """Torch can run this and keeps the batch apart; the meta device forgives more than a real one, so both are asked."""
    result = twin(target, inputs, BATCH)
    assert min(min(shape) for shape in result.shapes) >= 1, "torch made something empty"
    assert all(shape[0] == BATCH for shape in result.shapes), "torch mixed the batch into the rest"
    twin(target, inputs, BATCH, "cpu")
