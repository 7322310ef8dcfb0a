"""Which layer a torch module is, and with which settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Value
from netbuilder.layers.declare import Layer, LayerError, find
from netbuilder.layers.settings import read
from netbuilder.net.pasted_source import plain

if TYPE_CHECKING:
    from torch import nn


class ImportFailedError(NetbuilderError):
    """A network that has no equal here. `place` is the path of the module that is to blame, where there is one."""


_REMEDY = "Replace it by modules of torch.nn that the palette has, or leave it out."


def layer_of(module: nn.Module, path: str) -> tuple[str, Mapping[str, Value]]:
    """Name and settings of the layer that computes what `module` does; raises `ImportFailedError` when there is none."""
    from torch import nn

    title = type(module).__name__
    kind = find(title.lower())
    if kind is None or getattr(nn, title, None) is not type(module):
        raise ImportFailedError(f"“{path}” is a module of the class {title}, for which there is no layer.", place=path, remedy=_REMEDY)
    return kind.about.name, checked(kind, _settings(kind, module), f"“{path}”")


def checked(kind: type[Layer], settings: Mapping[str, Value], path: str) -> Mapping[str, Value]:
    """Settings that differ from their defaults; raises `ImportFailedError` for such as the layer cannot have."""
    defaults = kind.defaults()
    changed = {name: value for name, value in settings.items() if name not in defaults or value != defaults[name]}
    try:
        read(kind, changed)
    except LayerError as error:
        raise ImportFailedError(f"{path}: {error.message}", place=path, remedy=error.remedy or _REMEDY) from None
    return changed


def _settings(kind: type[Layer], module: nn.Module) -> dict[str, Value]:
    """The attributes of a module that have the names of settings; a stride that is the window's size is left to follow it."""
    found: dict[str, Value] = {}
    for name in kind.__struct_encode_fields__:
        if name == "bias":
            bias = getattr(module, "bias", None)
            found[name] = bias if isinstance(bias, bool) else bias is not None
        elif hasattr(module, name):
            found[name] = plain(getattr(module, name))
    if found.get("stride", 0) == found.get("kernel_size") and kind.defaults().get("stride", 0) is None:
        del found["stride"]
    return found
