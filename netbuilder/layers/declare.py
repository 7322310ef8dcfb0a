"""The vocabulary of a layer declaration: what it is about, its shape rule, its cost, its torch target."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache
from math import prod
from typing import ClassVar, NamedTuple, TypeVar

from msgspec import NODEFAULT, Struct, field

from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Value
from netbuilder.layers import families

Shape = tuple[int | None, ...]
"""A tensor's sizes, batch first; `None` is the batch, which any number may fill."""


class TensorSpec(NamedTuple):
    """What flows along a wire: sizes and element type (a torch dtype name)."""

    shape: Shape
    dtype: str = "float32"


class Category(Enum):
    """Families of layers in palette order. The value is the heading; themes colour by member name."""

    SHAPE = "Input, output and shape"
    CONVOLUTION = "Convolution"
    POOLING = "Pooling"
    DENSE = "Dense"
    ACTIVATION = "Activation"
    NORMALISATION = "Normalisation"
    REGULARISATION = "Regularisation"
    MERGE = "Merge"
    ATTENTION = "Recurrent and attention"
    ARITHMETIC = "Arithmetic and reduction"

    __hash__ = object.__hash__


class About(Struct, frozen=True):
    """What a person reads about a layer. `formula` is plain text with Unicode; `paper` names author, title, year.

    `main` layers are those that most networks are made of; catalogue and palette show them first.
    `optional` inputs may stay open; a layer's rules are then given fewer inputs.
    """

    name: str
    title: str
    category: Category
    glyph: str
    tip: str
    formula: str = ""
    paper: str = ""
    inputs: tuple[str, ...] = ("in",)
    outputs: tuple[str, ...] = ("out",)
    optional: tuple[str, ...] = ()
    variadic: bool = False
    keywords: tuple[str, ...] = ()
    main: bool = False


class LayerError(NetbuilderError):
    """A layer cannot work with its settings or its inputs. `setting` names the setting to look at.

    `changes` are settings of this layer that would mend it, most natural first: each is a label and the new values.
    `inside` leads to the place inside a block: ids of the nodes to open, and the faulty one last.
    """

    def __init__(
        self,
        message: str,
        *,
        remedy: str | None = None,
        setting: str | None = None,
        changes: tuple[tuple[str, Mapping[str, Value]], ...] = (),
        inside: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.setting = setting
        self.changes = changes
        self.inside = inside


class Shaped(Struct, frozen=True):
    """The answer of a shape rule: what comes out, and on demand the arithmetic that says why.

    The explanation is one line for each step, results after the last `=`: `⌊(14 + 2·0 − 5) / 1⌋ + 1 = 10`.
    `warning` tells of something legal but probably not meant (a stride that does not divide, say).
    """

    outputs: tuple[TensorSpec, ...]
    why: Callable[[], str]
    warning: str | None = None


class Cost(Struct, frozen=True):
    """What one sample costs: trainable numbers, multiply–accumulates, and the arithmetic behind the first."""

    parameters: int = 0
    macs: int = 0
    why: Callable[[], str] | None = None


class Reach(Struct, frozen=True):
    """How far one output element looks along each spatial axis of the input.

    Empty tuples mean element by element; `everything` means the whole input.
    """

    extent: tuple[int, ...] = ()
    stride: tuple[int | float, ...] = ()
    everything: bool = False


class Module(Struct, frozen=True):
    """Torch target with state: `path` is constructed with `arguments` and called with the inputs.

    `pick` selects one element when the module returns a tuple.
    """

    path: str
    arguments: Mapping[str, Value] = field(default_factory=dict)
    pick: int | None = None


class Function(Struct, frozen=True):
    """Torch target without state: `path(*leading, *inputs, **arguments)`; the inputs are one list when packed."""

    path: str
    arguments: Mapping[str, Value] = field(default_factory=dict)
    packed: bool = False
    leading: tuple[Value, ...] = ()


class Method(Struct, frozen=True):
    """Torch target without state: `input.name(*values)`."""

    name: str
    values: tuple[Value, ...] = ()


class Item(Struct, frozen=True):
    """Torch target without state: `input[index]`, one entry for each axis: a place, a list of places, or a slice."""

    index: tuple[int | tuple[int, ...] | slice, ...]


class Operator(Struct, frozen=True):
    """Torch target that folds all inputs with a Python operator: `+`, `*`, `-`, `/`, `@`."""

    symbol: str


class Passthrough(Struct, frozen=True):
    """No computation: input, output and identity nodes."""


Target = Module | Function | Method | Item | Operator | Passthrough


class Layer(Struct, frozen=True, forbid_unknown_fields=True):
    """One layer with all its settings resolved. Subclasses are declarations; instances are hashable values.

    Settings carry torch's argument names. What can be inferred from the inputs (`in_channels`) is no setting.
    """

    about: ClassVar[About]
    drawn: ClassVar[str] = ""
    """What `sketch` draws, where that is not the function of a single number."""

    def shape(self, *inputs: TensorSpec) -> Shaped:
        """Outputs for these inputs; raises `LayerError` when it cannot work. Default: unchanged."""
        return unchanged(inputs[0])

    def cost(self, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> Cost:
        """Cost for one sample. Default: free."""
        return Cost()

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        """What one output element sees. Default: only the element at the same place."""
        return Reach()

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        """How torch computes this layer, with inferred arguments filled in."""
        return Passthrough()

    def output_names(self) -> tuple[str, ...]:
        """The output ports, for layers whose settings decide how many there are. Default: those of the declaration."""
        return self.about.outputs

    def curve(self, x: float) -> float | None:
        """The function itself, for layers that apply one to each number; `None` for all others."""
        return None

    def sketch(self, x: float) -> float | None:
        """The curve that shows what the layer does: the function itself, or what `drawn` says."""
        return self.curve(x)

    def heading(self) -> str:
        """What the node is called on the canvas; nearly always the layer's title."""
        return self.about.title

    def arguments(self, *always: str, **inferred: Value) -> dict[str, Value]:
        """What the torch target is told: inferred arguments, the settings named here, and all that were changed."""
        values = self.settings()
        return inferred | {name: values[name] for name in dict.fromkeys((*always, *self.changed()))}

    def summary(self) -> str:
        """The key settings in a few characters, as the node shows them: `16 · 5×5 · pad 2`."""
        return " · ".join(f"{name} {say(value)}" for name, value in self.changed().items())

    def changed(self) -> dict[str, Value]:
        """Settings that differ from their default."""
        defaults = type(self).defaults()
        return {name: value for name, value in self.settings().items() if value != defaults.get(name, _MISSING)}

    def settings(self) -> dict[str, Value]:
        """Every setting by the name that files and forms use (a field's `encode_name`)."""
        return {name: getattr(self, f) for f, name in zip(self.__struct_fields__, self.__struct_encode_fields__, strict=True)}

    @classmethod
    @cache
    def defaults(cls) -> Mapping[str, Value]:
        """Setting name -> default, for settings that have one; asks for no types, which take long to find out."""
        optional = list(zip(cls.__struct_encode_fields__[::-1], cls.__struct_defaults__[::-1], strict=False))
        return {name: value for name, value in reversed(optional) if value is not NODEFAULT}


_MISSING = object()
L = TypeVar("L", bound=type[Layer])
_declared: dict[str, type[Layer]] = {}


def declare(name: str, title: str, category: Category, glyph: str, tip: str, **more: Value) -> Callable[[L], L]:
    """Register a settings class as a layer; see `About` for the words."""

    def register(cls: L) -> L:
        if name in _declared:
            raise ValueError(f"two layers are called {name}")
        cls.about = About(name, title, category, glyph, tip, **more)
        _declared[name] = cls
        return cls

    return register


@cache
def catalogue() -> Mapping[str, type[Layer]]:
    """Every declared layer by name, in palette order, main ones first. Imports the families on first use."""
    for _family in families.imported():
        continue
    order = list(Category)
    return dict(sorted(_declared.items(), key=lambda item: (order.index(item[1].about.category), not item[1].about.main)))


def find(name: str) -> type[Layer] | None:
    """The declaration called `name`, or nothing for a layer this version does not know."""
    if name not in _declared:
        _look_for(name)
    return _declared.get(name)


@cache
def _look_for(name: str) -> None:
    """Import families until one declares this layer."""
    next((family for family in families.imported() if name in _declared), None)


def unchanged(spec: TensorSpec, how: str = "element by element") -> Shaped:
    """The rule of every layer that gives a number for each number, and `how` it does so."""
    return Shaped((spec,), lambda: f"{how}, so the shape stays {show(spec.shape)}")


def show(shape: Shape) -> str:
    """A shape without its batch, as people write it: `16×10×10`."""
    return "×".join("?" if size is None else str(size) for size in shape[1:]) or "1"


def say(value: Value) -> str:
    """A setting's value as people write it: `5×5`, `on`, `0.5`."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list | tuple):
        return "×".join(say(v) for v in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def count(shape: Shape) -> int:
    """Elements of one sample."""
    return prod(size or 1 for size in shape[1:])


def spread(value: int | tuple[int, ...], rank: int) -> tuple[int, ...]:
    """A size for each axis, from one number for all or one for each."""
    return (value,) * rank if isinstance(value, int) else tuple(value)
