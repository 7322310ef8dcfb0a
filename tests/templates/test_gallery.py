"""Every template opens, has the published number of parameters, and says what is wrong with its options."""

from __future__ import annotations

import itertools

import pytest

import netbuilder as nb
from netbuilder.core.document import Project
from netbuilder.core.files import dumps, loads
from netbuilder.data.load import load, read_settings
from netbuilder.data.sources.base import resolve
from netbuilder.net.results import Problem
from netbuilder.templates import TemplateError, project
from netbuilder.templates.declare import Template
from netbuilder.train.fitting import misfits
from netbuilder.train.recipe import Recipe

ALL = pytest.mark.parametrize("template", nb.templates(), ids=lambda template: template.name)

PARAMETERS = {
    "mlp-3-4-2": 26,
    "mlp-3-4-4-1": 41,
    "linear-classifier": 30_730,
    "lecture-cnn": 3_522,
    "lenet5": 61_706,
    "vgg-a": 132_863_336,
    "resnet18": 11_689_512,
}


@ALL
def test_a_template_analyses_without_a_problem(template: Template) -> None:
    analysis = nb.analyze(template.graph())
    assert analysis.problems == ()
    assert analysis.parameters == PARAMETERS.get(template.name, analysis.parameters)


@ALL
def test_every_choice_works(template: Template) -> None:
    ways = [option.choices or (option.least, option.default) for option in template.choices.values()]
    for chosen in itertools.product(*ways):
        assert nb.analyze(template.graph(**dict(zip(template.choices, chosen, strict=True)))).errors == ()


@ALL
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


@ALL
def test_a_template_comes_with_data_that_fits(template: Template) -> None:
    assert disagreements(template.project()) == ()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("linear-classifier", {"classes": 4, "channels": 1, "image_size": 20}),
        ("lecture-cnn", {"image_size": 12, "classes": 3}),
        ("vgg-a", {"classes": 7, "image_size": 64}),
        ("resnet18", {"classes": 7, "image_size": 32}),
        ("mlp-3-4-2", {"inputs": 5}),
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
    assert {*PARAMETERS, "playground-2d"} <= set(names)
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
