"""What every declaration must have, found by walking the catalogue."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Callable
from typing import get_args

import msgspec
import pytest
from drawing import settings_of
from hypothesis import given, settings
from hypothesis import strategies as st

from netbuilder.layers.declare import Layer, catalogue, find
from netbuilder.layers.settings import read

LAYERS = catalogue()
PROMISED = """
input output identity flatten reshape permute linear embedding conv1d conv2d conv3d convtranspose1d convtranspose2d
convtranspose3d maxpool1d maxpool2d maxpool3d avgpool1d avgpool2d avgpool3d adaptiveavgpool1d adaptiveavgpool2d adaptiveavgpool3d
adaptivemaxpool1d adaptivemaxpool2d adaptivemaxpool3d globalavgpool globalmaxpool dropout dropout1d dropout2d dropout3d
alphadropout batchnorm1d batchnorm2d batchnorm3d instancenorm1d instancenorm2d instancenorm3d layernorm groupnorm rmsnorm
localresponsenorm relu relu6 leakyrelu prelu elu selu celu gelu silu mish sigmoid logsigmoid tanh hardtanh hardsigmoid hardswish
hardshrink softshrink tanhshrink softplus softsign threshold glu softmax logsoftmax add multiply subtract concat upsample
pixelshuffle zeropad2d reflectionpad2d replicationpad2d constantpad2d
"""


def test_the_catalogue_is_complete() -> None:
    assert set(PROMISED.split()) <= LAYERS.keys()


def test_the_palette_begins_with_the_input() -> None:
    assert list(LAYERS)[:2] == ["input", "output"]


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_says_what_it_is(name: str) -> None:
    about = LAYERS[name].about
    assert about.name == name
    assert about.tip.endswith(".")
    assert "\n" not in about.tip
    assert about.glyph
    assert about.formula
    assert LAYERS[name].__doc__


@pytest.mark.parametrize("name", LAYERS)
def test_every_setting_has_a_tip_and_a_default(name: str) -> None:
    for setting in msgspec.structs.fields(LAYERS[name]):
        assert setting.default is not msgspec.NODEFAULT, setting.name
        assert any(isinstance(a, msgspec.Meta) and a.description for a in get_args(setting.type)), setting.name


@pytest.mark.parametrize("name", LAYERS)
def test_defaults_make_a_layer_in_which_nothing_is_changed(name: str) -> None:
    layer = read(LAYERS[name], {})
    assert layer.changed() == {}
    assert layer == LAYERS[name]()
    assert hash(layer) == hash(LAYERS[name]())


@pytest.mark.parametrize("name", LAYERS)
@settings(max_examples=15, deadline=None, derandomize=True)
@given(data=st.data())
def test_settings_survive_a_file(name: str, data: st.DataObject) -> None:
    chosen = data.draw(settings_of(LAYERS[name]))
    layer = read(LAYERS[name], chosen)
    again = read(LAYERS[name], json.loads(json.dumps(layer.changed())))
    assert again == layer
    assert again.settings() == layer.settings()


@pytest.mark.parametrize("name", LAYERS)
def test_the_schema_names_every_setting(name: str) -> None:
    schema = msgspec.json.schema(LAYERS[name])
    definition = schema["$defs"][LAYERS[name].__name__]
    assert list(definition["properties"]) == list(LAYERS[name].__struct_encode_fields__)
    assert definition["additionalProperties"] is False


def _curved() -> list[str]:
    return [name for name, kind in LAYERS.items() if kind.curve is not Layer.curve]


@pytest.mark.parametrize("name", _curved())
def test_drawn_curves_are_torchs(name: str) -> None:
    torch = pytest.importorskip("torch")
    from torch_twin import build, call

    from netbuilder.layers.declare import TensorSpec

    layer = read(LAYERS[name], {})
    target = layer.target((TensorSpec((None, 5)),))
    module = build(target, "cpu")
    if module is not None:
        module.eval().double()
    points = [step / 4 for step in range(-120, 121)]
    real = call(target, module, [torch.tensor([points], dtype=torch.float64).T])
    assert isinstance(real, torch.Tensor)
    for x, y in zip(points, real.flatten().tolist(), strict=True):
        drawn = layer.curve(x)
        if not math.isfinite(y):
            assert drawn is None
            continue
        assert drawn is not None
        assert math.isclose(drawn, y, rel_tol=1e-6, abs_tol=1e-6), x


def test_every_activation_has_a_curve() -> None:
    activations = {name for name, kind in LAYERS.items() if kind.about.category.name == "ACTIVATION"}
    assert activations - set(_curved()) == set(SKETCHED)
    assert all(LAYERS[name].drawn.endswith((".", "σ(x).")) for name in SKETCHED)


SKETCHED: dict[str, Callable[[float], tuple[float, ...]]] = {
    "softmax": lambda x: (x, 0.0),
    "logsoftmax": lambda x: (x, 0.0),
    "softmin": lambda x: (x, 0.0),
    "softmax2d": lambda x: (x, 0.0),
    "glu": lambda x: (x, x),
    "maxout": lambda x: (-x - 1, x - 1),
}
"""What layers of several numbers are given, so that their first result is the curve that is drawn."""


@pytest.mark.parametrize("name", SKETCHED)
def test_sketches_are_torchs_first_result(name: str) -> None:
    torch = pytest.importorskip("torch")
    from torch_twin import build, call

    from netbuilder.layers.declare import TensorSpec

    layer = read(LAYERS[name], {})
    places = (1, 1) if name == "softmax2d" else ()
    target = layer.target((TensorSpec((None, 2, *places)),))
    points = [step / 4 for step in range(-120, 121)]
    given = torch.tensor([SKETCHED[name](x) for x in points], dtype=torch.float64).reshape(len(points), 2, *places)
    real = call(target, build(target, "cpu"), [given])
    assert [layer.sketch(x) for x in points] == pytest.approx(real.reshape(len(points), -1)[:, 0].tolist(), abs=1e-12)


def test_unknown_names_are_not_found() -> None:
    assert find("conv4d") is None


def test_the_catalogue_needs_neither_torch_nor_qt() -> None:
    code = "import sys, netbuilder.layers.declare as d; d.catalogue(); print({'torch', 'PySide6', 'numpy'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
