"""What a template lets its user choose, as a declaration from which a form is made."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from netbuilder.templates import Template


def options_struct(template: Template) -> type[msgspec.Struct]:
    """The template's options as a declaration, for a form."""
    fields: list[tuple[str, Any, Any]] = []
    for name, option in template.choices.items():
        meta = msgspec.Meta(description=option.tip)
        if option.choices and not isinstance(option.default, bool):
            kind: Any = Literal[option.choices]
        elif isinstance(option.default, bool):
            kind = bool
        else:
            kind = type(option.default)
        fields.append((name, Annotated[kind, meta], option.default))
    return msgspec.defstruct("Options", fields, frozen=True)
