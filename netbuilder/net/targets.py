"""From the path in a layer's declaration to torch's own class or function."""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

from netbuilder.layers.custom import PATH
from netbuilder.net.modules import is_own
from netbuilder.net.plan import CompileError

HOMES = ("torch.nn.functional", "torch.nn", "torch")
"""The only modules from which a declaration may take its target, beside our own in `netbuilder.net.modules`."""


@cache
def resolve(path: str) -> Any:
    """The object at `path`, such as `torch.nn.Conv2d`; raises `CompileError` for anything outside torch's public names.

    For Python in the project this is its class, if the user has allowed it; otherwise raises `LayerError`.
    """
    if path.startswith(PATH):
        from netbuilder.net.custom import class_of, source_of

        return class_of(source_of(path))
    home, _, name = path.rpartition(".")
    if not (home in HOMES or is_own(path)) or name.startswith("_"):
        raise CompileError(f"A layer asks for {path}, which is not one of torch's layers or functions.")
    found = getattr(importlib.import_module(home), name, None)
    if not callable(found):
        raise CompileError(f"This version of torch has no {path}.", remedy="Install a newer version of torch.")
    return found
