"""Random settings and inputs for any declared layer, drawn from the types of its settings."""

from __future__ import annotations

import math
import types
import typing
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from hypothesis import strategies as st
from msgspec import Meta

from netbuilder.layers.declare import Layer, TensorSpec

LARGEST = 6
"""Numbers are drawn small, so that interesting coincidences happen; extremes are tested by name."""

EQUATIONS = ("ab,ab->ab", "abc,abc->ab", "abc,acd->abd", "abc,abd->acd", "abc->a", "ab,cb->ac", "ab", "abcd,abce->abde", "aa->a", "")


def of_type(kind: Any, metas: tuple[Meta, ...] = ()) -> st.SearchStrategy[Any]:
    """Values of a setting's type, its bounds respected."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return of_type(arguments[0], (*metas, *(m for m in arguments[1:] if isinstance(m, Meta))))
    if origin in (Union, types.UnionType):
        return st.one_of([of_type(part) for part in arguments])
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is dict:
        return st.just({"name": "mse"})
    if origin is tuple:
        low = max((m.min_length for m in metas if m.min_length is not None), default=1)
        high = min((m.max_length for m in metas if m.max_length is not None), default=4)
        return st.lists(of_type(arguments[0]), min_size=low, max_size=min(high, max(low, 4))).map(tuple)
    if kind is type(None):
        return st.none()
    if kind is bool:
        return st.booleans()
    if kind is int:
        low = max((m.ge for m in metas if m.ge is not None), default=-LARGEST)
        return st.integers(int(low), min([LARGEST, *(int(m.le) for m in metas if m.le is not None)]))
    if kind is float:
        return _floats(metas)
    if kind is str:
        return st.sampled_from([example for m in metas for example in m.examples or []] or EQUATIONS)
    raise TypeError(f"no strategy for {kind}")


def _floats(metas: tuple[Meta, ...]) -> st.SearchStrategy[float]:
    low = max([-4.0, *(m.ge for m in metas if m.ge is not None), *(m.gt + 0.125 for m in metas if m.gt is not None)])
    high = min([4.0, *(m.le for m in metas if m.le is not None), *(m.lt - 0.125 for m in metas if m.lt is not None)])
    return st.sampled_from([low + (high - low) * step / 8 for step in range(9)]).filter(math.isfinite)


def settings_of(layer: type[Layer]) -> st.SearchStrategy[dict[str, Any]]:
    """Any subset of a layer's settings with legal types and bounds."""
    hints = typing.get_type_hints(layer, include_extras=True)
    fields = {f.encode_name: of_type(f.type) for f in msgspec.structs.fields(layer)}
    assert hints
    return st.fixed_dictionaries({}, optional=fields)


def shapes(least: int, most: int, largest: int = 9) -> st.SearchStrategy[tuple[int | None, ...]]:
    """Shapes with this many axes after the batch."""
    return st.lists(st.integers(1, largest), min_size=least, max_size=most).map(lambda sizes: (None, *sizes))


def inputs_for(layer: type[Layer]) -> st.SearchStrategy[tuple[TensorSpec, ...]]:
    """Inputs whose rank suits the layer; sizes, channels and agreement between inputs are left to chance."""
    about = layer.about
    rank = getattr(layer, "rank", 0)
    dtype = "int64" if about.name == "embedding" else "float32"
    if about.name.startswith("maxunpool"):
        return shapes(rank + 1, rank + 1).map(lambda shape: (TensorSpec(shape), TensorSpec(shape, "int64")))
    if about.optional:
        return _several(len(about.inputs) - len(about.optional), len(about.inputs))
    if about.variadic or len(about.inputs) > 1:
        return _several(2, 4) if about.variadic else _several(len(about.inputs), len(about.inputs))
    if rank:
        return st.lists(st.sampled_from([1, 2, 3, 4, 6, 8, 9, 12]), min_size=1, max_size=1).flatmap(
            lambda channels: st.lists(st.integers(1, 9), min_size=rank, max_size=rank).map(
                lambda sizes: (TensorSpec((None, *channels, *sizes), dtype),)
            )
        )
    if about.name in ("pixelshuffle", "pixelunshuffle"):
        return st.lists(st.sampled_from([1, 2, 3, 4, 6, 8, 9, 12]), min_size=3, max_size=3).map(lambda s: (TensorSpec((None, *s)),))
    return shapes(1, 4).map(lambda shape: (TensorSpec(shape, dtype),))


def _several(least: int, most: int) -> st.SearchStrategy[tuple[TensorSpec, ...]]:
    def alike(shape: tuple[int | None, ...]) -> st.SearchStrategy[tuple[TensorSpec, ...]]:
        mixed = st.tuples(*[st.sampled_from([size, size, size, 1, 2]) for size in shape[1:]]).map(lambda s: TensorSpec((None, *s)))
        shorter = st.integers(1, len(shape)).map(lambda n: TensorSpec((None, *shape[n:])))
        return st.lists(st.one_of(st.just(TensorSpec(shape)), mixed, shorter), min_size=least, max_size=most).map(tuple)

    return shapes(1, 4, 4).flatmap(alike)
