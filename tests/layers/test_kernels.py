"""The weight tensor of a layer has torch's sizes and the lectures' counts."""

from __future__ import annotations

import pytest

from netbuilder.core.build import chain
from netbuilder.layers.declare import catalogue
from netbuilder.layers.kernels import Kernel, has_kernel, kernel_of
from netbuilder.net.analysis import analyze
from netbuilder.net.compiler import compile_graph


def kernel(shape: tuple[int, ...], layer: str, **settings: object) -> Kernel:
    graph = chain([("input", {"shape": shape}), (layer, settings, "layer"), "output"])
    answer = analyze(graph).nodes[graph.by_name["layer"].id]
    found = kernel_of(answer.layer, answer.inputs)
    assert found is not None
    module = compile_graph(graph).get_submodule("layer")
    assert tuple(module.weight.shape) == found.shape
    assert len(found.axes) == len(found.shape)
    assert found.weights == module.weight.numel()
    return found


def test_the_lectures_counts() -> None:
    six = kernel((4, 6, 6), "conv2d", out_channels=6, kernel_size=3)
    assert six.weights == 216
    assert six.counted() == "3·3·4·6 weights = 216\nwith 6 biases = 222"
    assert six.axes == ("out", "in", "height", "width")
    ten = kernel((3, 32, 32), "conv2d", out_channels=10, kernel_size=5, padding=2)
    assert ten.counted().endswith("= 760")
    dense = kernel((3,), "linear", out_features=4)
    assert dense.counted() == "3·4 weights = 12\nwith 4 biases = 16"


@pytest.mark.parametrize(
    ("shape", "layer", "settings"),
    [
        ((8, 20), "conv1d", {"out_channels": 6, "kernel_size": 5, "groups": 2}),
        ((4, 8, 8), "convtranspose2d", {"out_channels": 6, "kernel_size": (2, 3), "groups": 2}),
        ((2, 6, 6, 6), "conv3d", {"out_channels": 3, "kernel_size": (3, 2, 1), "bias": False}),
        ((5, 7), "linear", {"out_features": 3, "bias": False}),
    ],
)
def test_every_kind_is_stored_as_told(shape: tuple[int, ...], layer: str, settings: dict[str, object]) -> None:
    found = kernel(shape, layer, **settings)
    assert ("with" in found.counted()) == bool(settings.get("bias", True))


def test_only_layers_with_one_plain_weight_are_drawn() -> None:
    drawn = {name for name, kind in catalogue().items() if has_kernel(kind)}
    assert drawn == {"linear", *(f"conv{way}{n}d" for way in ("", "transpose") for n in (1, 2, 3))}
    assert kernel_of(None, ()) is None
