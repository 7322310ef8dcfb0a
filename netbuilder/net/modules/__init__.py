"""Layers that torch does not have, as plain `nn.Module` classes: compiled networks use them, and generated source contains their text.

So that its text can be copied into another file, a class here is self-contained: it uses `math`, `torch`, `Tensor`, `nn` and
`F` (`torch.nn.functional`) only, and no other class or function of its module. Its name differs from all of torch's.
A declaration names it by its path, `netbuilder.net.modules.FILE.CLASS`. Imported only together with torch.
"""

import importlib
import inspect

from netbuilder.layers.custom import PATH, class_name

HOME = __name__


def is_own(path: str) -> bool:
    """Whether the target `path` is one of these classes, or Python in the project."""
    return path.startswith((f"{HOME}.", PATH))


def name_of(path: str) -> str:
    """The name of the class at `path`."""
    return class_name(path.removeprefix(PATH)) if path.startswith(PATH) else path.rpartition(".")[2]


def text_of(path: str) -> str:
    """The source text of the class at `path`."""
    if path.startswith(PATH):
        return path.removeprefix(PATH).strip()
    home, _, name = path.rpartition(".")
    return inspect.getsource(getattr(importlib.import_module(home), name)).rstrip()
