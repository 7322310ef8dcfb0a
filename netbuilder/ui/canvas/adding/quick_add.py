"""Adding a layer by typing: the catalogue as a list, the layers that most probably come next first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from netbuilder.core.graph import Graph
from netbuilder.layers.declare import Category, Layer, TensorSpec, catalogue, find, show
from netbuilder.ui.canvas.adding.picker import Entry
from netbuilder.ui.canvas.adding.placeable import blocks_in_stock
from netbuilder.ui.canvas.intents import fits

_C = Category
_AFTER = {
    _C.CONVOLUTION: (_C.ACTIVATION, _C.POOLING, _C.NORMALISATION),
    _C.POOLING: (_C.CONVOLUTION, _C.SHAPE, _C.ACTIVATION),
    _C.DENSE: (_C.ACTIVATION, _C.REGULARISATION, _C.DENSE, _C.SHAPE),
    _C.NORMALISATION: (_C.ACTIVATION, _C.POOLING, _C.CONVOLUTION),
    _C.MERGE: (_C.ACTIVATION, _C.NORMALISATION, _C.CONVOLUTION),
}
"""What usually follows a family, the likeliest first; the other families come behind in palette order."""
_ON_MAPS = (_C.CONVOLUTION, _C.POOLING, _C.NORMALISATION)
_LATELY = 3
_ON_VECTORS = (_C.DENSE, _C.REGULARISATION, _C.NORMALISATION)


def layer_entries(spec: TensorSpec | None = None, *, wired: bool = False, before: bool = False, after: str = "") -> list[Entry]:
    """Every layer of the catalogue, likely ones first; `after` names the layer it will follow.

    With `wired` those that cannot take `spec` (or, `before`, give an output) are faded.
    """
    kind = find(after)
    families = _likely(kind.about.category if kind is not None else None, spec)

    def rank(item: tuple[str, type[Layer]]) -> tuple[bool, int, bool]:
        name, kind = item
        rarer = name.endswith(("1d", "3d")) or (name == "output" and not _flat(spec))
        return not kind.about.main, families.index(kind.about.category), rarer

    found = sorted(catalogue().items(), key=rank)
    return [_entry(name, kind, wired and not fits(kind, spec, before=before)) for name, kind in found]


def block_entries(graph: Graph) -> list[Entry]:
    """Every block of the project and of the library, to be offered behind the layers."""
    abouts = blocks_in_stock(graph)
    return [Entry(each.name, each.title, each.tip, each.glyph, each.category, each.keywords) for each in abouts]


def _likely(family: Category | None, spec: TensorSpec | None) -> list[Category]:
    """All families in the order in which they are offered."""
    flat = _flat(spec)
    first = _AFTER.get(family, _ON_VECTORS if flat else _ON_MAPS) if family is not None else ()
    if family is _C.ACTIVATION and not flat:
        first = (_C.POOLING, _C.CONVOLUTION, _C.NORMALISATION)
    return [*first, *(category for category in Category if category not in first)]


def _flat(spec: TensorSpec | None) -> bool:
    return spec is not None and len(spec.shape) == 2


def _entry(name: str, kind: type[Layer], faded: bool) -> Entry:
    about = kind.about
    return Entry(name, about.title, about.tip, about.glyph, about.category, (name, *about.keywords), faded)


def lately_first(entries: Sequence[Entry], keys: Sequence[str]) -> list[Entry]:
    """The same entries, a few of those added lately in front when they fit."""
    rank = {key: number for number, key in enumerate(keys)}
    found = sorted((each for each in entries if each.key in rank and not each.faded), key=lambda each: rank[str(each.key)])[:_LATELY]
    return [*(replace(each, note="recent") for each in found), *(each for each in entries if each not in found)]


def describe(spec: TensorSpec | None) -> str:
    """What flows here, for the hint below the list."""
    return show(spec.shape) if spec is not None else ""
