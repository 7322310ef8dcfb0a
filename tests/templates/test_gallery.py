"""Every template opens, has the published number of parameters, and says what is wrong with its options."""

from __future__ import annotations

import itertools

import pytest
import torch

import netbuilder as nb
from netbuilder.core.document import Project
from netbuilder.core.files import dumps, loads
from netbuilder.data.load import DataSettings, load, read_settings
from netbuilder.data.sources.base import resolve
from netbuilder.net.results import Problem
from netbuilder.templates import TemplateError, project
from netbuilder.templates.declare import Template
from netbuilder.train.fitting import misfits
from netbuilder.train.recipe import Recipe

ALL = pytest.mark.parametrize("template", nb.templates(), ids=lambda template: template.name)
KNOWN_DATA = pytest.mark.parametrize(
    "template",
    [entry for entry in nb.templates() if entry.project().data.keys() <= set(DataSettings.__struct_fields__)],
    ids=lambda template: template.name,
)

PARAMETERS = {
    "mlp-3-4-2": 26,
    "mlp-3-4-4-1": 41,
    "linear-classifier": 30_730,
    "lecture-cnn": 3_522,
    "lenet5": 61_706,
    "lenet5-1998": 60_000,
    "alexnet": 61_100_840,
    "alexnet-2012": 60_965_224,
    "vgg-a": 132_863_336,
    "vgg-a-lrn": 132_863_336,
    "vgg-b": 133_047_848,
    "vgg-c": 133_638_952,
    "vgg-d": 138_357_544,
    "vgg-e": 143_667_240,
    "googlenet": 6_624_904,
    "inception-v3": 23_834_568,
    "resnet18": 11_689_512,
    "resnet34": 21_797_672,
    "resnet50": 25_557_032,
    "resnet101": 44_549_160,
    "resnet152": 60_192_808,
    "resnet20-cifar": 269_722,
    "resnet56-cifar": 853_018,
    "plain20-cifar": 269_722,
    "plain56-cifar": 853_018,
    "densenet121": 7_978_856,
    "chexnet": 6_968_206,
}
"""Trainable numbers as published, or as counted by hand in the lectures."""

GIGA_MACS = {
    "alexnet": "0.714",
    "vgg-a": "7.609",
    "vgg-b": "11.308",
    "vgg-d": "15.470",
    "vgg-e": "19.632",
    "googlenet": "1.498",
    "inception-v3": "5.713",
    "resnet18": "1.814",
    "resnet34": "3.664",
    "resnet50": "4.089",
    "resnet101": "7.801",
    "resnet152": "11.514",
    "densenet121": "2.834",
}
"""Multiply–accumulates as torchvision publishes them, to the last digit."""

PROMISED = """
mlp-3-4-2 mlp-3-4-4-1 linear-classifier lecture-cnn lenet5 lenet5-1998 alexnet alexnet-2012 mini-alexnet zfnet vgg-a vgg-a-lrn vgg-b vgg-c
vgg-d vgg-e googlenet inception-v3 resnet18 resnet34 resnet50 resnet101 resnet152 plain18 plain34 resnet20-cifar resnet32-cifar
resnet44-cifar resnet56-cifar resnet110-cifar plain20-cifar plain56-cifar densenet121 chexnet cnn-1d cnn-3d unet autoencoder playground-2d
"""


@ALL
def test_a_template_analyses_without_a_problem(template: Template) -> None:
    analysis = nb.analyze(template.graph())
    assert analysis.problems == ()
    assert analysis.parameters == PARAMETERS.get(template.name, analysis.parameters)
    macs = f"{analysis.macs / 1e9:.3f}"
    assert macs == GIGA_MACS.get(template.name, macs)


@pytest.mark.parametrize(("name", "parameters"), [("googlenet", 13_004_888), ("inception-v3", 27_161_264)])
def test_auxiliary_heads_are_further_outputs(name: str, parameters: int) -> None:
    graph = nb.template(name, auxiliary=True)
    assert nb.analyze(graph).parameters == parameters
    ends = [node.name for node in graph.nodes.values() if node.layer == "output"]
    assert ends[0] == "output"
    assert len(ends) > 1


def test_the_head_of_inception_v3_needs_large_images() -> None:
    with pytest.raises(TemplateError, match="Choose at least 299"):
        nb.template("inception-v3", image_size=200, auxiliary=True)


def test_lenet_of_1998_has_the_published_numbers() -> None:
    graph = nb.template("lenet5-1998")
    analysis = nb.analyze(graph)
    published = {"C1": 156, "S2": 12, "C3": 1_516, "S4": 32, "C5": 48_120, "F6": 10_164}
    assert {name: analysis.nodes[graph.by_name[name].id].parameters for name in published} == published


@ALL
def test_every_choice_works(template: Template) -> None:
    ways = {name: option.choices or (option.least, option.default) for name, option in template.choices.items() if not option.change}
    for chosen in itertools.product(*ways.values()):
        options = dict(zip(ways, chosen, strict=True))
        if template.name == "inception-v3" and options["auxiliary"] and options["image_size"] < 299:
            continue
        assert nb.analyze(template.graph(**options)).errors == ()


@KNOWN_DATA
def test_a_templates_project_can_be_saved_and_its_recipe_read(template: Template) -> None:
    made = template.project()
    assert loads(dumps(made)) == made
    recipe = Recipe.read(made.training)
    assert recipe.seed == 0
    resolve(read_settings(made.data).source)


def disagreements(made: Project) -> tuple[Problem, ...]:
    """What of shape and number of classes does not agree between a network and a small share of its data."""
    source = dict(made.data["source"])
    dataset = load({**made.data, "source": {**source, "count": 30} if "count" in source else source, "validation": 0.1, "limit": 100})
    return misfits(nb.analyze(made.graph), dataset, Recipe.read(made.training).loss)


@KNOWN_DATA
def test_a_template_comes_with_data_that_fits(template: Template) -> None:
    assert disagreements(template.project()) == ()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("linear-classifier", {"classes": 4, "channels": 1, "image_size": 20}),
        ("lecture-cnn", {"image_size": 12, "classes": 3}),
        ("vgg-a", {"classes": 7, "image_size": 64}),
        ("resnet18", {"classes": 7, "image_size": 32}),
        ("googlenet", {"classes": 7, "image_size": 32}),
        ("chexnet", {"findings": 3, "image_size": 32}),
        ("cnn-1d", {"length": 32}),
        ("cnn-3d", {"depth": 8, "image_size": 16, "classes": 3}),
        ("mlp-3-4-2", {"inputs": 5}),
        *(("playground-2d", {"points": shape}) for shape in ("circle", "xor", "gaussian", "spiral", "moons")),
    ],
)
def test_the_data_follow_the_options(name: str, options: dict[str, int]) -> None:
    assert disagreements(project(name, **options)) == ()


@ALL
def test_a_template_is_the_same_every_time_and_says_what_it_is(template: Template) -> None:
    assert template.graph() == template.graph()
    assert template.summary.endswith(".")
    assert template.title
    assert all(node.settings == {} or node.layer for node in template.graph().nodes.values())
    assert template.options == {name: option.default for name, option in template.choices.items()}


def test_the_gallery_holds_what_is_promised() -> None:
    names = [template.name for template in nb.templates()]
    assert {*PROMISED.split(), *PARAMETERS} <= set(names)
    assert names[0] == "lenet5"


def test_lenet_carries_its_recipe_and_its_names() -> None:
    made: Project = project("lenet5")
    recipe = Recipe.read(made.training)
    assert (recipe.batch_size, recipe.epochs, recipe.optimizer.settings()["learning_rate"]) == (64, 20, 0.05)
    assert recipe.optimizer.settings()["momentum"] == 0.9
    assert recipe.optimizer.settings()["weight_decay"] == 5e-4
    assert recipe.schedule.settings()["name"] == "cosine"
    assert {"C1", "S2", "C3", "S4", "C5", "F6"} <= set(made.graph.by_name)
    assert made.graph.by_name["C3"].position == (0.0, 134.0)
    assert nb.analyze(made.graph).macs == 416_520


def test_options_change_the_network() -> None:
    graph = nb.template("lenet5", activation="relu", pooling="max", classes=26)
    layers = [node.layer for node in graph.nodes.values()]
    assert layers.count("relu") == 4
    assert layers.count("maxpool2d") == 2
    assert graph.by_name["scores"].settings == {"out_features": 26}


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("lenet6", {}, "There is no template “lenet6”"),
        ("lenet5", {"colour": 1}, "no option “colour”"),
        ("lenet5", {"pooling": "min"}, "Choose one of: avg, max"),
        ("lenet5", {"classes": 0}, "from 2 to 1,000"),
        ("lenet5", {"classes": 2.5}, "whole number"),
        ("lenet5", {"classes": True}, "whole number"),
        ("lenet5", {"classes": "ten"}, "whole number"),
    ],
)
def test_wrong_options_are_refused_in_a_sentence(name: str, options: dict[str, object], words: str) -> None:
    with pytest.raises(TemplateError, match=words):
        nb.template(name, **options)


@pytest.mark.slow
@ALL
def test_a_template_learns(template: Template) -> None:
    """A gradient reaches every trainable number, in a small version where there is one."""
    least = {name: option.least for name, option in template.choices.items() if name in ("image_size", "classes") and not option.choices}
    graph = template.graph(**({"image_size": 64, **least} if template.name.startswith("alex") else least))
    module = nb.compile(graph).train()
    sizes = next(node.settings["shape"] for node in graph.nodes.values() if node.layer == "input")
    torch.manual_seed(0)
    results = module(torch.randn(2, *sizes))
    loss = sum(result.square().mean() for result in (results if isinstance(results, tuple) else (results,)))
    loss.backward()  # type: ignore[union-attr]
    assert torch.isfinite(loss)  # type: ignore[arg-type]
    assert all(parameter.grad is not None for parameter in module.parameters())
