"""What a layer says one output element sees, against the gradients of torch's own."""

from __future__ import annotations

from typing import Any

import pytest

from netbuilder.layers.declare import Layer, TensorSpec, find
from netbuilder.layers.settings import read

torch = pytest.importorskip("torch")

from torch_twin import build, call  # noqa: E402

CASES: list[tuple[str, dict[str, Any]]] = [
    ("conv2d", {"kernel_size": [3, 5], "dilation": [2, 1], "stride": 2}),
    ("convtranspose2d", {"kernel_size": 5, "stride": 2}),
    ("maxpool2d", {"kernel_size": [3, 2], "dilation": [2, 1], "stride": 1}),
    ("avgpool2d", {"kernel_size": [2, 4]}),
    ("adaptiveavgpool2d", {"output_size": [5, 4]}),
    ("fractionalmaxpool2d", {"kernel_size": [3, 2], "output_ratio": 0.4}),
    ("upsample", {"mode": "bilinear"}),
    ("pixelunshuffle", {"downscale_factor": 3}),
    ("slice", {"dim": 2, "step": 2}),
    ("repeatinterleave", {"dim": -1, "repeats": 3}),
    ("maxout", {"dim": 3, "pieces": 3}),
    ("glu", {"dim": -1}),
    ("roll", {"dims": 2}),
]
GIVEN = TensorSpec((None, 1, 12, 12))


def layer(name: str, settings: dict[str, Any]) -> Layer:
    kind = find(name)
    assert kind is not None
    return read(kind, settings)


def seen(name: str, settings: dict[str, Any]) -> tuple[list[int], tuple[int, ...]]:
    """How far apart the inputs lie that any place of the output depends on, and the output's size, on each axis.

    A maximum depends on one input at a time, so several inputs are tried, with the same windows where these are random.
    """
    target = layer(name, settings).target((GIVEN,))
    module = build(target, "cpu")
    generator = torch.Generator().manual_seed(2)
    places: dict[int, list[Any]] = {}
    for _ in range(25 if "max" in name else 1):
        given = torch.rand((1, *GIVEN.shape[1:]), generator=generator).requires_grad_()
        torch.manual_seed(7)
        result: Any = call(target, module, [given])
        for number, element in enumerate(result[0].sum(0).flatten()):
            (slope,) = torch.autograd.grad(element, given, retain_graph=True)
            places.setdefault(number, []).append(slope[0, 0].nonzero())
    spans = [together.max(0).values - together.min(0).values + 1 for found in places.values() if len(together := torch.cat(found))]
    return torch.stack(spans).max(0).values.tolist(), tuple(result.shape[2:])


@pytest.mark.parametrize(("name", "settings"), CASES, ids=[case[0] for case in CASES])
def test_one_output_sees_what_the_layer_says(name: str, settings: dict[str, Any]) -> None:
    reach = layer(name, settings).reach((GIVEN,))
    widest, sizes = seen(name, settings)
    assert not reach.everything
    assert list(reach.extent or (1, 1)) == widest
    assert all(abs(12 / size - step) <= step for size, step in zip(sizes, reach.stride or (1, 1), strict=True))


@pytest.mark.parametrize("name", ["softmax", "softmin", "logsoftmax", "cumsum", "l2normalize"])
def test_what_runs_along_an_axis_of_the_image_sees_all_of_it(name: str) -> None:
    assert layer(name, {"dim": 3}).reach((GIVEN,)).everything
    assert not layer(name, {"dim": 1}).reach((GIVEN,)).everything
