"""How a template is declared: a function that makes a graph, with words, options and a training recipe beside it."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from netbuilder.core.document import Project
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Graph, Value
from netbuilder.core.plain_values import freeze
from netbuilder.templates.changes import CURVES, PER_CENT, reactivate, widen


class TemplateError(NetbuilderError):
    """There is no such template, or it has no such option or choice."""


class Option(Struct, frozen=True):
    """Something a template lets its user choose: one of `choices`, or a whole number from `least` to `most`.

    With `change` the template's function need not know it: the finished network, the default and what was chosen give the changed one.
    """

    default: Value
    tip: str
    choices: tuple[Value, ...] = ()
    least: int = 1
    most: int = 65_536
    change: Callable[[Graph, Value, Value], Graph] | None = None

    def check(self, template: str, name: str, value: Value) -> None:
        """Raise `TemplateError` unless `value` may be chosen."""
        if self.choices:
            if not any(value == choice and type(value) is type(choice) for choice in self.choices):
                listed = ", ".join(str(choice) for choice in self.choices)
                raise TemplateError(f"The template “{template}” has no {name} “{value}”.", place=name, remedy=f"Choose one of: {listed}.")
        elif type(value) is not int or not self.least <= value <= self.most:
            raise TemplateError(
                f"The template “{template}” cannot have {name} “{value}”.",
                place=name,
                remedy=f"Choose a whole number from {self.least} to {self.most:,}.",
            )


class Template(Struct, frozen=True):
    """One entry of the gallery. `options` are the defaults by name; `choices` says what else may be chosen.

    `data` gives the settings of data that fit the network with these options.
    """

    name: str
    title: str
    summary: str
    build: Callable[..., Graph]
    choices: Mapping[str, Option] = field(default_factory=dict)
    training: Mapping[str, Value] = field(default_factory=dict)
    data: Callable[..., Mapping[str, Value]] = dict
    paper: str = ""
    rank: int = 100

    @property
    def family(self) -> str:
        """What the gallery calls the networks beside it: `FAMILY` of the module that declares it."""
        return str(sys.modules[self.build.__module__].FAMILY)

    @property
    def options(self) -> dict[str, Value]:
        """Option name -> default."""
        return {name: option.default for name, option in self.choices.items()}

    def graph(self, **options: Value) -> Graph:
        """The network with these options; raises `TemplateError` for one that does not exist."""
        for name, value in options.items():
            if name not in self.choices:
                known = ", ".join(self.choices) or "none"
                raise TemplateError(f"The template “{self.name}” has no option “{name}”.", place=name, remedy=f"Its options are: {known}.")
            self.choices[name].check(self.name, name, value)
        chosen = {**self.options, **options}
        later = {name: option.change for name, option in self.choices.items() if option.change}
        graph = self.build(**{name: value for name, value in chosen.items() if name not in later})
        for name, change in later.items():
            if chosen[name] != self.choices[name].default:
                graph = change(graph, self.choices[name].default, chosen[name])
        return graph

    def project(self, **options: Value) -> Project:
        """The network with a training recipe and data that suit it."""
        graph = self.graph(**options)
        return Project(name=self.title, graph=graph, training=self.training, data=freeze(self.data(**{**self.options, **options})))


_declared: dict[str, Template] = {}


def template_of(
    name: str,
    title: str,
    summary: str,
    *,
    options: Mapping[str, Option] | None = None,
    training: Mapping[str, Value] | None = None,
    data: Callable[..., Mapping[str, Value]] = dict,
    paper: str = "",
    rank: int = 100,
) -> Callable[[Callable[..., Graph]], Callable[..., Graph]]:
    """Declare the decorated function as a template; it is called with every option by name.

    `data` is called in the same manner and gives the project's data settings. `rank` orders the gallery, smallest first.
    One function may carry several declarations.
    """

    def declare(build: Callable[..., Graph]) -> Callable[..., Graph]:
        register(Template(name, title, summary, build, options or {}, training or {}, data, paper, rank))
        return build

    return declare


def register(template: Template) -> None:
    """Put a template into the gallery, for modules that make many of one pattern; its name must be free."""
    if template.name in _declared:
        raise ValueError(f"two templates are called {template.name}")
    _declared[template.name] = replace(template, choices=dict(template.choices), training=freeze(template.training))


@cache
def gallery() -> Mapping[str, Template]:
    """Every declared template by name, in the order of the gallery. Imports the families on first use."""
    package = importlib.import_module("netbuilder.templates")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"netbuilder.templates.{module.name}")
    return {each.name: each for each in sorted(_declared.values(), key=lambda each: each.rank)}


def find(name: str) -> Template:
    """The template called `name`; raises `TemplateError` with the names there are."""
    found = _declared.get(name) or gallery().get(name)
    if found is None:
        raise TemplateError(f"There is no template “{name}”.", place=name, remedy=f"There are: {', '.join(gallery())}.")
    return found


WIDTH = Option(100, "Feature maps and hidden neurons, in per cent of the usual number.", PER_CENT, change=widen)
"""How wide a network is, for templates without a first layer whose width says it all."""

ACTIVATION = Option("relu", "The curve after the layers with weights.", tuple(CURVES), change=reactivate)
"""The activation, for templates that use ReLU where nothing else is chosen."""


def image_options(size: int, least: int, *, classes: int = 1000, most: int = 1024) -> dict[str, Option]:
    """The options of a network that tells apart classes of square images: `classes`, `image_size`, `width` and `activation`."""
    return {
        "classes": Option(classes, "How many classes there are.", least=2),
        "image_size": Option(size, "Height and width of the images, in pixels.", least=least, most=most),
        "width": WIDTH,
        "activation": ACTIVATION,
    }


def recipe(rate: float, epochs: int, *, batch: int = 64, decay: float = 0.0, optimizer: str = "sgd", **more: Any) -> dict[str, Value]:
    """Training settings with a cosine schedule and, for plain SGD, momentum 0.9."""
    chosen: dict[str, Value] = {"name": optimizer, "learning_rate": rate}
    if optimizer == "sgd":
        chosen["momentum"] = 0.9
    if decay:
        chosen["weight_decay"] = decay
    return {"optimizer": chosen, "schedule": {"name": "cosine"}, "batch_size": batch, "epochs": epochs, "seed": 0, **more}


def stripes(image_size: int, classes: int, channels: int = 3, **_options: Value) -> Mapping[str, Value]:
    """Data settings for images of any size and number of classes, fewer of large ones."""
    count = max(10, min(2_000, 2**27 // (channels * image_size**2)))
    return {"source": {"name": "gratings", "size": image_size, "channels": channels, "classes": classes, "count": count}}
