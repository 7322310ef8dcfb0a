"""Weights of others by name: those of torchvision fit the templates, what does not fit is told, results are equal."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

import netbuilder as nb
from netbuilder.core.build import Builder
from netbuilder.core.errors import FileError
from netbuilder.core.graph import Block, BlockParameter, Graph
from netbuilder.net.state_names import match

OFFICIAL = {
    "alexnet": "alexnet",
    "vgg11": "vgg-a",
    "vgg13": "vgg-b",
    "vgg16": "vgg-d",
    "vgg19": "vgg-e",
    "resnet18": "resnet18",
    "resnet34": "resnet34",
    "resnet50": "resnet50",
    "resnet101": "resnet101",
    "resnet152": "resnet152",
    "densenet121": "densenet121",
    "googlenet": "googlenet",
    "inception_v3": "inception-v3",
}
Shapes = dict[str, tuple[int, ...]]
NORM = {"weight": True, "bias": True, "running_mean": True, "running_var": True, "num_batches_tracked": False}


def states() -> dict[str, Shapes]:
    """The states of torchvision's networks as name -> shape."""
    found: dict[str, Shapes] = {}
    for line in (Path(__file__).parent / "torchvision_states.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            found[line.strip("[]")] = shapes = {}
        elif not line.startswith("#"):
            layer, kind, text = line.split()
            sizes = tuple(map(int, text.split("×")))
            if kind == "norm":
                shapes |= {f"{layer}.{name}": sizes if sized else () for name, sized in NORM.items()}
            else:
                shapes |= {f"{layer}.weight": sizes, **({f"{layer}.bias": sizes[:1]} if kind == "dense" else {})}
    return found


STATES = states()


def shapes_of(graph: Graph) -> Shapes:
    with torch.device("meta"):
        return {name: tuple(value.shape) for name, value in nb.compile(graph).state_dict().items()}


@pytest.mark.parametrize("name", [name for name in OFFICIAL if name not in ("resnet101", "resnet152")])
def test_torchvisions_states_fit_completely(name: str) -> None:
    extras = {"auxiliary": True} if name in ("googlenet", "inception_v3") else {}
    graph = nb.template(OFFICIAL[name], **extras)
    ours = shapes_of(graph)
    found = match(graph, ours, STATES[name])
    assert (found.complete, found.unexpected, len(found.pairs)) == (True, (), len(ours))
    assert found.by_order == (name == "alexnet" or name.startswith("vgg"))
    assert {ours[mine] == STATES[name][theirs] for mine, theirs in found.pairs.items()} == {True}


def test_repeats_count_on_in_deep_networks() -> None:
    graph = nb.template("resnet152")
    found = match(graph, shapes_of(graph), STATES["resnet152"])
    assert found.complete
    assert found.pairs["layer3_1.34.conv2.weight"] == "layer3.35.conv2.weight"


def test_auxiliary_heads_are_left_out_and_said() -> None:
    graph = nb.template("googlenet")
    found = match(graph, shapes_of(graph), STATES["googlenet"])
    assert found.complete
    assert {name.partition(".")[0] for name in found.unexpected} == {"aux1", "aux2"}
    assert "not used: “aux1.conv.conv.weight”" in str(found)


class Unit(nn.Module):
    """A residual unit as torchvision writes it."""

    def __init__(self, inside: int, outside: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inside, outside, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outside)
        self.conv2 = nn.Conv2d(outside, outside, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outside)
        if stride > 1:
            self.downsample = nn.Sequential(nn.Conv2d(inside, outside, 1, stride, bias=False), nn.BatchNorm2d(outside))

    def forward(self, x: Tensor) -> Tensor:
        y = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))
        return (y + (self.downsample(x) if hasattr(self, "downsample") else x)).relu()


class Twin(nn.Module):
    """ResNet-18 or -34 after torchvision, written anew."""

    def __init__(self, units: tuple[int, ...]) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        for stage, many in enumerate(units, 1):
            width = 32 * 2**stage
            first = Unit(64, 64, 1) if stage == 1 else Unit(width // 2, width, 2)
            self.add_module(f"layer{stage}", nn.Sequential(first, *(Unit(width, width, 1) for _ in range(many - 1))))
        self.fc = nn.Linear(512, 1000)

    def forward(self, x: Tensor) -> Tensor:
        y = nn.functional.max_pool2d(self.bn1(self.conv1(x)).relu(), 3, 2, 1)
        y = self.layer4(self.layer3(self.layer2(self.layer1(y))))
        return self.fc(y.mean((2, 3)))


def stirred(module: nn.Module) -> nn.Module:
    """With statistics that matter, in evaluation mode."""
    for layer in module.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.running_mean.normal_(0, 0.1)
            layer.running_var.uniform_(0.5, 1.5)
    return module.eval()


def flat(name: str) -> nn.Module:
    """AlexNet or VGG-11 after torchvision, written anew."""
    sizes = [(64, 11, 4, 2), "P", (192, 5, 1, 2), "P", (384, 3, 1, 1), (256, 3, 1, 1), (256, 3, 1, 1), "P"]
    if name == "vgg-a":
        sizes = [size for width in (64, 128, (256, 256), (512, 512), (512, 512)) for size in stage(width)]
    layers: list[nn.Module] = []
    channels = 3
    for size in sizes:
        if size == "P":
            layers.append(nn.MaxPool2d(3, 2) if name == "alexnet" else nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, *size), nn.ReLU()]
            channels = size[0]
    side = 6 if name == "alexnet" else 7
    dense = [nn.Linear(channels * side**2, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, 1000)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(side), nn.Flatten(), *dense)


def stage(widths: int | tuple[int, ...]) -> list[object]:
    return [*((width, 3, 1, 1) for width in (widths if isinstance(widths, tuple) else (widths,))), "P"]


@pytest.mark.parametrize("name", ["resnet18", "resnet34"])
def test_loaded_residual_networks_compute_the_same(name: str) -> None:
    torch.manual_seed(0)
    twin = stirred(Twin((2, 2, 2, 2) if name == "resnet18" else (3, 4, 6, 3)))
    assert {key: tuple(value.shape) for key, value in twin.state_dict().items()} == STATES[name]
    model = nb.load_state(nb.template(name, image_size=64), twin.state_dict())
    assert_equal(model, twin)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["alexnet", "vgg-a"])
def test_loaded_chains_compute_the_same(name: str) -> None:
    torch.manual_seed(0)
    twin = flat(name).eval()
    assert_equal(nb.load_state(nb.template(name, image_size=64), twin.state_dict()), twin)


def assert_equal(model: nb.Model, twin: nn.Module) -> None:
    x = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        torch.testing.assert_close(model.module()(x), twin(x), rtol=1e-5, atol=1e-5)


def small(classes: int = 10) -> Graph:
    return nb.template("resnet20-cifar", classes=classes)


def state(graph: Graph) -> Mapping[str, Tensor]:
    return nb.compile(graph, seed=7).state_dict()


@pytest.mark.parametrize("suffix", [".pt", ".pth", ".safetensors"])
def test_files_give_the_same_weights(tmp_path: Path, suffix: str) -> None:
    path, given = tmp_path / f"weights{suffix}", state(small())
    if suffix == ".safetensors":
        from safetensors.torch import save_file

        save_file({name: value.contiguous() for name, value in given.items()}, path)
    else:
        torch.save({"state_dict": {f"module.{name}": value for name, value in given.items()}, "epoch": 3}, path)
    model = nb.load_state(small(), path)
    assert all(torch.equal(value, given[name]) for name, value in model.weights.items())
    assert model.note.startswith(f"{len(given)} of {len(given)} weights fit")


def test_another_number_of_classes_is_told_or_left_to_be_learned() -> None:
    given = state(small())
    with pytest.raises(FileError, match=r"“fc.weight” is 10×64 instead of 7×64"):
        nb.load_state(small(7), given)
    model = nb.load_state(small(7), given, strict=False)
    assert torch.equal(model.weights["conv1.weight"], given["conv1.weight"])
    assert model.weights["fc.weight"].shape == (7, 64)
    assert model.module()(torch.zeros(2, 3, 32, 32)).shape == (2, 7)


def test_missing_weights_are_named() -> None:
    given = {name: value for name, value in state(small()).items() if name != "bn1.bias"}
    with pytest.raises(FileError, match=r"missing: “bn1.bias”"):
        nb.load_state(small(), given)


def test_strangers_are_refused() -> None:
    with pytest.raises(FileError, match="do not fit this network: 0 of"):
        nb.load_state(small(), {"a.weight": torch.zeros(3), "b.weight": torch.zeros(4)})


class Rude:
    """What unpickling would call."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, ("raise SystemExit",)


def test_files_that_are_no_weights_are_refused_in_a_sentence(tmp_path: Path) -> None:
    harmful, empty = tmp_path / "harmful.pt", tmp_path / "empty.pt"
    torch.save(Rude(), harmful)
    torch.save({"epoch": 3}, empty)
    (tmp_path / "noise.safetensors").write_bytes(b"nothing of the kind")
    for path, words in (
        (harmful, "cannot be read as weights"),
        (empty, "holds no weights"),
        (tmp_path / "noise.safetensors", "not a safetensors file"),
        (tmp_path / "absent.pt", "there is no such file"),
    ):
        with pytest.raises(FileError, match=words):
            nb.load_state(small(), path)


def test_names_that_only_squash_to_the_same_must_be_unique() -> None:
    unit = Builder()
    unit.add("output", unit.add("linear", unit.add("input", name="x"), name="fc", out_features="$n"), name="y")
    block: Block = unit.block("Unit", BlockParameter("n", 4))
    net = Builder()
    at = net.use(block, net.add("input", shape=(4,)), name="part1", repeat=2)
    net.add("output", at)
    graph = net.graph()
    theirs = {"part.1.fc.weight": (4, 4), "part.1.fc.bias": (4,), "part2fc.weight": (4, 4), "part2fc.bias": (4,)}
    found = match(graph, shapes_of(graph), theirs)
    assert found.pairs["part1.1.fc.weight"] == "part2fc.weight"
    assert found.complete
