"""The arithmetic that is shown must be true: it is worked out here, line by line, as a reader would."""

from __future__ import annotations

import re
from typing import Any

import pytest
from drawing import inputs_for, settings_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netbuilder.layers.declare import LayerError, TensorSpec, catalogue, find, show
from netbuilder.layers.settings import read

WINDOWED = [name for name in catalogue() if re.fullmatch(r"(conv|convtranspose|maxpool|avgpool)\dd|upsample|pixel(un)?shuffle", name)]
PADDED = [name for name in catalogue() if re.fullmatch(r".*pad\dd", name)]
ARITHMETIC = re.compile(r"^(?:\w+: )?([⌊⌈(\d][^=→]*) = ([\d,]+)$")
ROUNDING = {"⌊": "math.floor(", "⌈": "math.ceil(", "⌋": ")", "⌉": ")", "·": "*", "−": "-", ",": ""}


def worked_out(line: str) -> tuple[float, int] | None:
    """Both sides of a line of arithmetic, or nothing for a line of words."""
    found = ARITHMETIC.match(line)
    if found is None:
        return None
    left, right = found.groups()
    for sign, code in ROUNDING.items():
        left = left.replace(sign, code)
    assert re.fullmatch(r"[\d\s+\-*/().]|(?:[\d\s+\-*/().]|math\.floor|math\.ceil)*", left), left
    return eval(left, {"math": __import__("math")}), int(right.replace(",", ""))


@pytest.mark.parametrize("name", [*WINDOWED, *PADDED])
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
def test_sizes(name: str, data: st.DataObject) -> None:
    kind = catalogue()[name]
    layer = read(kind, data.draw(settings_of(kind)))
    inputs: tuple[TensorSpec, ...] = data.draw(inputs_for(kind))
    try:
        shaped = layer.shape(*inputs)
    except LayerError:
        return
    lines = shaped.why().splitlines()
    result = shaped.outputs[0].shape
    assert f"{show(inputs[0].shape)} → {show(result)}" in lines
    sums = [both for both in map(worked_out, lines) if both is not None]
    assert sums or getattr(layer, "size", None) is not None
    for left, right in sums:
        assert left == right
        assert right in result


@pytest.mark.parametrize("name", sorted(catalogue()))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
def test_parameters(name: str, data: st.DataObject) -> None:
    kind = catalogue()[name]
    if not kind.about.inputs:
        return
    layer = read(kind, data.draw(settings_of(kind)))
    inputs = data.draw(inputs_for(kind))
    try:
        cost = layer.cost(inputs, layer.shape(*inputs).outputs)
    except LayerError:
        return
    both = worked_out(cost.why()) if cost.why else None
    assert both is None or both == (cost.parameters, cost.parameters)
    assert bool(cost.why) == bool(cost.parameters)


def summary(name: str, **settings: Any) -> str:
    kind = find(name)
    assert kind is not None
    return read(kind, settings).summary()


def test_second_lines_of_nodes() -> None:
    assert summary("conv2d", out_channels=6, kernel_size=5, padding=2) == "6 · 5×5 · pad 2"
    assert summary("conv2d", stride=2, padding="same", groups=4, bias=False) == "16 · 3×3 · stride 2 · pad same · groups 4 · no bias"
    assert summary("avgpool2d") == "2×2"
    assert summary("maxpool2d", kernel_size=3, stride=2, ceil_mode=True) == "3×3 · stride 2 · ceil"
    assert summary("linear", out_features=120) == "120"
    assert summary("dropout") == "p 0.5"
    assert summary("relu") == ""
    assert summary("leakyrelu") == ""
    assert summary("leakyrelu", negative_slope=0.1) == "negative_slope 0.1"
    assert summary("input") == "28×28 grey"
    assert summary("input", shape=(3, 32, 32)) == "32×32 colour"
    assert summary("output") == "softmax · cross-entropy"


def test_headings() -> None:
    image, vector, classes = find("input"), find("input"), find("output")
    assert image is not None
    assert vector is not None
    assert classes is not None
    assert read(image, {}).heading() == "Image"
    assert read(vector, {"shape": [2]}).heading() == "Input"
    assert read(classes, {}).heading() == "Classes"


def test_rounding_up_says_when_a_window_is_left_out() -> None:
    kind = find("maxpool1d")
    assert kind is not None
    shaped = read(kind, {"kernel_size": 2, "stride": 3, "padding": 1, "ceil_mode": True}).shape(TensorSpec((None, 1, 5)))
    assert shaped.why().splitlines()[:2] == [
        "⌈(5 + 2·1 − 2) / 3⌉ + 1 − 1 = 2",
        "The last window would start in the border, so it is left out.",
    ]
