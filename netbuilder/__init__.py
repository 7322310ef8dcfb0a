"""Draw a neural network, watch it learn, look inside it, take it away.

    import netbuilder as nb

    graph = nb.template("lenet5")
    print(nb.analyze(graph).parameters)
    run = nb.train(graph, data="mnist", epochs=1, out="runs/first")
    nb.export(run, "lenet5.onnx")

Importing this package is light: torch, NumPy and Qt are loaded when something needs them.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "Document": "netbuilder.core.document:Document",
    "Graph": "netbuilder.core.graph:Graph",
    "Model": "netbuilder.net.model:Model",
    "NetbuilderError": "netbuilder.core.errors:NetbuilderError",
    "Project": "netbuilder.core.document:Project",
    "analyze": "netbuilder.net.analysis:analyze",
    "chain": "netbuilder.core.build:chain",
    "compile": "netbuilder.net.compiler:compile_graph",
    "export": "netbuilder.exchange.export:export",
    "import_module": "netbuilder.exchange.importing.network:import_module",
    "load_state": "netbuilder.exchange.load_state:load_state",
    "open": "netbuilder.core.document:open_document",
    "source": "netbuilder.net.source:source",
    "template": "netbuilder.templates:template",
}
"""Public name -> where it lives."""

_CALLABLE = {
    "netbuilder.templates": "netbuilder.templates:templates",
    "netbuilder.train": "netbuilder.app.scripting:train",
}
"""Packages that are also public functions: `nb.train(…)` trains, `netbuilder.train.engine` is the engine."""

__all__ = [
    "Document",
    "Graph",
    "Model",
    "NetbuilderError",
    "Project",
    "analyze",
    "chain",
    "compile",
    "export",
    "import_module",
    "load_state",
    "open",
    "source",
    "template",
    "templates",
    "train",
]

if TYPE_CHECKING:
    from netbuilder.app.scripting import train
    from netbuilder.core.build import chain
    from netbuilder.core.document import Document, Project
    from netbuilder.core.document import open_document as open
    from netbuilder.core.errors import NetbuilderError
    from netbuilder.core.graph import Graph
    from netbuilder.exchange.export import export
    from netbuilder.exchange.importing.network import import_module
    from netbuilder.exchange.load_state import load_state
    from netbuilder.net.analysis import analyze
    from netbuilder.net.compiler import compile_graph as compile
    from netbuilder.net.model import Model
    from netbuilder.net.source import source
    from netbuilder.templates import template, templates


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        value = _fetch(_HOMES[name])
        globals()[name] = value
        return value
    if f"{__name__}.{name}" in _CALLABLE:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _fetch(home: str) -> Any:
    module, _, attribute = home.partition(":")
    return getattr(importlib.import_module(module), attribute)


class _CallablePackage(ModuleType):
    """A subpackage that is also a function of the same name."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        return _fetch(_CALLABLE[self.__name__])(*args, **options)


class _Package(ModuleType):
    """Makes subpackages callable as they are imported."""

    def __setattr__(self, name: str, value: object) -> None:
        if isinstance(value, ModuleType) and value.__name__ in _CALLABLE:
            value.__class__ = _CallablePackage
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
