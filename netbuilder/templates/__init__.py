"""The gallery: each template is a function that returns a graph. Imports `core` only.

A family of networks has a module of its own; `@template_of` declares one, and nothing else lists it.
"""

from __future__ import annotations

from netbuilder.core.document import Project
from netbuilder.core.graph import Graph, Value
from netbuilder.templates.declare import Option, Template, TemplateError, find, gallery

__all__ = ["Option", "Template", "TemplateError", "project", "template", "templates"]


def templates() -> list[Template]:
    """Every template: each has `.name .title .summary .options`."""
    return list(gallery().values())


def template(name: str, **options: Value) -> Graph:
    """The network of a template; raises `TemplateError` for an unknown name, option or choice."""
    return find(name).graph(**options)


def project(name: str, **options: Value) -> Project:
    """The network of a template with the recipe and data that suit it."""
    return find(name).project(**options)
