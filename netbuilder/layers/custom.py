"""A layer that its user writes: the Python of one `nn.Module`, kept in the project and run only after somebody has allowed it."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import Annotated

from msgspec import Meta

from netbuilder.layers.declare import Category, Layer, LayerError, Module, Shaped, Target, TensorSpec, declare

EXAMPLE = '''class Scale(nn.Module):
    """Multiplies by one number, which is learned."""

    def __init__(self) -> None:
        super().__init__()
        self.factor = nn.Parameter(torch.ones(1))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.factor'''
PATH = "python:"
"""How the torch target of such a layer begins; its Python follows."""


@declare(
    "python",
    "Python",
    Category.SHAPE,
    "list",
    "A module of your own in Python. It is never run before you have read and allowed it.",
    formula="what its `forward` says",
    keywords=("custom", "code", "own", "module", "script"),
)
class PythonLayer(Layer, frozen=True):
    """`torch`, `nn`, `F`, `Tensor` and `math` are there; the last class is the layer, made without arguments."""

    source: Annotated[str, Meta(min_length=1, max_length=100_000, description="One class derived from nn.Module", examples=[EXAMPLE])] = (
        EXAMPLE
    )

    def shape(self, *inputs: TensorSpec) -> Shaped:
        """Nothing is known of Python that is not run; the analysis runs it where that is allowed."""
        raise not_allowed(class_name(self.source))

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module(PATH + self.source)

    def summary(self) -> str:
        """The name of the class."""
        try:
            return class_name(self.source)
        except LayerError:
            return "not readable"


@lru_cache(maxsize=256)
def class_name(source: str) -> str:
    """The name of the class that is the layer, told without running anything; raises `LayerError`."""
    try:
        classes = [part for part in ast.parse(source).body if isinstance(part, ast.ClassDef)]
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        where = f" in line {line}" if line else ""
        raise LayerError(
            f"This is not Python{where}: {getattr(error, 'msg', None) or str(error) or 'it is nested too deeply'}.", setting="source"
        ) from None
    if not classes:
        raise LayerError("There is no class in this Python.", remedy="Write one that derives from nn.Module.", setting="source")
    return classes[-1].name


def not_allowed(name: str) -> LayerError:
    """Why it is not run."""
    remedy = "Read it in the inspector and allow it there; from a terminal add --allow-python."
    return LayerError(f"The Python of “{name}” has not been allowed, so it is not run.", remedy=remedy, setting="source")
