"""Snippets of PyTorch become the layers that they say, are never executed, and rubbish is answered in a sentence."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from netbuilder.core.build import chain
from netbuilder.core.errors import GraphError, NetbuilderError
from netbuilder.net.analysis import analyze
from netbuilder.net.compiler import compile_graph
from netbuilder.net.pasted_source import looks_like_source, read_snippet

LENET = """
import torch
from torch import nn
model = nn.Sequential(
    nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2),
    nn.Conv2d(6, 16, kernel_size=(5, 5)), nn.Tanh(), nn.AvgPool2d(kernel_size=2, stride=2),  # pooled
    nn.Flatten(),
    nn.Linear(16 * 5 * 5, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10),
)
"""


def layers(text: str) -> list[tuple[str, dict[str, object]]]:
    return [(layer, dict(settings)) for layer, settings, _ in read_snippet(text).layers]


def test_a_sequential_compiles_to_what_it_says() -> None:
    snippet = read_snippet(LENET)
    graph = chain([("input", {"shape": (1, 28, 28)}), *(layer[:2] for layer in snippet.layers), "output"])
    assert analyze(graph).parameters == 61_706
    module = compile_graph(graph)
    assert module(torch.zeros(2, 1, 28, 28)).shape == (2, 10)
    assert snippet.notes == ()
    assert ("conv2d", {"out_channels": 6, "kernel_size": 5, "padding": 2}) in layers(LENET)


@pytest.mark.parametrize(
    "wrap",
    [
        "nn.Sequential({})", "torch.nn.Sequential({})", "Sequential({})", "self.body = nn.Sequential({})", "[{}]", "{}",
        "return nn.Sequential({})",
        "nn.Sequential(*[{}])", "nn.ModuleList([{}])", "model: nn.Module = nn.Sequential(nn.Sequential({}))", "    {},\n",
    ],
)  # fmt: skip
def test_every_usual_way_of_writing_it(wrap: str) -> None:
    row = "nn.Linear(20, 10, bias=False), nn.ReLU(inplace=True)" if "nn." in wrap or "[" in wrap else "Linear(20, 10, False), ReLU()"
    assert layers(wrap.format(row)) == [("linear", {"bias": False}), ("relu", {})]


def test_names_of_an_ordered_dict_become_names_of_layers() -> None:
    text = 'nn.Sequential(OrderedDict([("conv1", nn.Conv2d(1, 20, 5)), ("act", nn.ReLU()), ("a b", nn.ReLU()), ("2", nn.ReLU())]))'
    assert [name for _, _, name in read_snippet(text).layers] == ["conv1", "act", "", ""]
    assert [layer for layer, _, _ in read_snippet("nn.Sequential(nn.Linear(3, 2).requires_grad_(False), nn.ReLU())").layers] == [
        "linear",
        "relu",
    ]
    assert [name for _, _, name in read_snippet('nn.Sequential(OrderedDict({"fc": nn.Linear(3, 2)}))').layers] == ["fc"]


@pytest.mark.parametrize(
    "make",
    [
        lambda: nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.BatchNorm2d(8), nn.LeakyReLU(0.2), nn.MaxPool2d(2), nn.Dropout(0.25)),
        lambda: nn.Sequential(nn.Sequential(nn.Linear(4, 3), nn.GELU()), nn.LayerNorm(3), nn.Softmax(dim=1)),
        lambda: nn.Sequential(nn.Conv1d(2, 4, 3), nn.AdaptiveAvgPool1d(5), nn.Flatten(), nn.Linear(20, 2)),
        lambda: nn.Sequential(nn.ConvTranspose2d(4, 2, 2, stride=2), nn.ELU(), nn.Upsample(scale_factor=2.0)),
    ],
)
def test_what_print_shows_of_a_model_can_be_pasted(make: Callable[[], nn.Module]) -> None:
    model = make()
    plain = [module for module in model.modules() if not isinstance(module, nn.Sequential)]
    snippet = read_snippet(str(model))
    assert [layer for layer, _, _ in snippet.layers] == [type(module).__name__.lower() for module in plain]
    for module, (_, found, _) in zip(plain, snippet.layers, strict=True):
        for name, value in found.items():
            known = getattr(module, name)
            assert known == value or set(known) == {value}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nn.Sequential(nn.Linear(3, n))", ["out_features of Linear in line 1", "“n”"]),
        ("nn.Sequential(\n  nn.Linear(3, 2),\n  Attention(4))", ["“Attention” in line 3", "no layer that Netbuilder knows"]),
        ("nn.Sequential(nn.Conv2d(3, 8, -1))", ["Conv2d in line 1", "kernel_size"]),
        ("nn.Sequential(nn.ReLU(), 5)", ["“5”", "no module"]),
        ("nn.Sequential(nn.Linear(1, 2, 3, 4, 5, 6, 7))", ["at most", "not 7"]),
        ("nn.Sequential(nn.MultiheadAttention(8, 2))", ["several inputs"]),
        ("nn.Sequential()", ["no module"]),
        ("nn.Sequential(nn.Linear(3, 2)", ["no Python that can be read"]),
        ("nn.Sequential(nn.Linear(3, 10 ** 10 ** 10))", ["out_features"]),
        ("nn.Sequential(" * 300, ["no Python"]),
        ("nn.Sequential(" + "nn.ReLU(), " * 2001 + ")", ["at most 2,000"]),
    ],
)
def test_what_cannot_be_read_is_answered_in_a_sentence(text: str, words: list[str]) -> None:
    assert looks_like_source(text)
    with pytest.raises(GraphError) as error:
        read_snippet(text)
    for word in words:
        assert word in str(error.value)


def test_nothing_is_executed(tmp_path: object) -> None:
    text = f'nn.Sequential(nn.Linear(3, __import__("pathlib").Path("{tmp_path}/evil").write_text("x")))'
    with pytest.raises(GraphError):
        read_snippet(text)
    assert not list(tmp_path.iterdir())  # type: ignore[attr-defined]


def test_arguments_that_are_not_kept_are_told() -> None:
    assert read_snippet("nn.Sequential(nn.Linear(3, 2, device='cpu'), nn.ReLU(True))").notes == ()
    assert "sparkle" in read_snippet("nn.Sequential(nn.Linear(3, 2, sparkle=3))").notes[0]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="nn.SequentialConv2dReLU()[]{}=,: \n0123456789*'\"", max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    answer = ""
    try:
        layers = read_snippet(text).layers
    except NetbuilderError as refused:
        answer = str(refused)
    assert answer.endswith((".", "”")) if answer else layers


def test_sizes_that_are_a_list_stay_one() -> None:
    text = "nn.Sequential(nn.LayerNorm((28, 28)), nn.Conv2d(1, 4, (3, 3)), nn.Flatten(), nn.Linear(2704, 16), nn.Unflatten(1, (4, 4)))"
    assert layers(text)[0] == ("layernorm", {"normalized_shape": (28, 28)})
    assert layers(text)[-1] == ("unflatten", {"unflattened_size": (4, 4)})
    graph = chain([("input", {"shape": (1, 28, 28)}), *layers(text), "output"])
    twin = nn.Sequential(nn.LayerNorm((28, 28)), nn.Conv2d(1, 4, 3), nn.Flatten(), nn.Linear(2704, 16))
    assert analyze(graph).parameters == sum(weight.numel() for weight in twin.parameters())


@pytest.mark.parametrize(
    "text", ["```python\nnn.Sequential(nn.ReLU(),\nnn.Tanh())\n```", ">>> nn.Sequential(nn.ReLU(),\n...     nn.Tanh())"]
)
def test_what_stands_around_code_is_no_part_of_it(text: str) -> None:
    assert layers(text) == [("relu", {}), ("tanh", {})]


def test_of_several_rows_the_first_is_taken_and_said() -> None:
    head = "class Net(nn.Module):\n    def __init__(self):\n"
    text = f"{head}        self.a = nn.Sequential(nn.ReLU())\n        self.b = nn.Sequential(nn.Tanh())\n"
    assert layers(text) == [("relu", {})]
    assert "2 rows of layers" in read_snippet(text).notes[0]
    with pytest.raises(GraphError, match=r"holds no nn\.Sequential"):
        read_snippet(f"{head}        self.a = nn.ReLU()\n")
