"""How a refused layer can be made to work, found with the shape rules themselves: whatever is offered has been tried."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from math import isqrt, prod
from typing import Any

from msgspec import Struct
from msgspec.structs import fields

from netbuilder.core.graph import Value
from netbuilder.layers.checks import divisors
from netbuilder.layers.declare import Category, Layer, LayerError, Shape, TensorSpec, find, show
from netbuilder.layers.settings import read
from netbuilder.layers.wording import told
from netbuilder.net.flow import Flow, flow

Specs = tuple[TensorSpec, ...]
_MOST = 4
_ALIKE = 2
_NUMBERS = re.compile(r"[\d×]+")
_MOST_TRIED = 48


class Step(Struct, frozen=True):
    """A layer to put into a wire."""

    layer: str
    settings: Mapping[str, Value]


class Remedy(Struct, frozen=True):
    """One way to make a layer work: steps in front of some of its inputs (by their number), other settings, or another layer.

    `retype` names the element type that the first input should have; it is set where the data comes in, or cast.
    """

    label: str
    steps: tuple[tuple[int, tuple[Step, ...]], ...] = ()
    settings: Mapping[str, Value] | None = None
    layer: str = ""
    retype: str = ""


@lru_cache(maxsize=1024)
def remedies(layer: Layer, inputs: Specs, setting: str | None = None, proposed: bool = False) -> tuple[Remedy, ...]:
    """The most natural ways to make `layer` work with `inputs`; `setting` is the one that its refusal names.

    `proposed` says that the layer itself offers better settings, so that none are searched for. For a layer that works
    but was warned about, these are the ways that end the warning; none for inputs stretched to fit, which may well be meant.
    When no single change is enough, the first change that leaves the layer with another problem.
    """
    answer = flow(layer, inputs)
    if isinstance(answer, Flow) and len(inputs) > 1:
        return ()
    before = _refusal(answer)
    found: dict[str, Remedy] = {}
    steps_on: list[Remedy] = []
    for remedy in _candidates(layer, inputs, setting, proposed):
        if _enough(found, remedy.label) or (remedy.steps and any(remedy.steps == other.steps for other in found.values())):
            continue
        after = _tried(layer, inputs, remedy)
        if after == "":
            found[remedy.label] = remedy
            if len(found) == _MOST:
                break
        elif after is not None and after != before and not proposed and remedy.retype != "int64":
            steps_on.append(remedy)
    return tuple(found.values()) or tuple(steps_on[:1])


def _enough(found: Iterable[str], label: str) -> bool:
    """Whether enough remedies that differ from this one in their numbers only have been found."""
    return label in found or sum(_NUMBERS.sub("", other) == _NUMBERS.sub("", label) for other in found) >= _ALIKE


def through(steps: tuple[Step, ...], spec: TensorSpec) -> TensorSpec | None:
    """What a tensor becomes on its way through layers; nothing when one refuses it."""
    for step in steps:
        kind = find(step.layer)
        answer = flow(read(kind, step.settings), (spec,)) if kind is not None else None
        if not isinstance(answer, Flow):
            return None
        spec = answer.shaped.outputs[0]
    return spec


def _refusal(answer: Flow | LayerError) -> str:
    """The complaint in an answer; empty when there is none."""
    return answer.shaped.warning or "" if isinstance(answer, Flow) else answer.message


def _tried(layer: Layer, inputs: Specs, remedy: Remedy) -> str | None:
    """What the layer would still complain about with the remedy; `None` when the remedy itself cannot work."""
    adapted = list(inputs)
    if remedy.retype:
        adapted[0] = TensorSpec(adapted[0].shape, remedy.retype)
    try:
        for place, steps in remedy.steps:
            changed = through(steps, adapted[place])
            if changed is None:
                return None
            adapted[place] = changed
        if remedy.layer:
            kind = find(remedy.layer)
            if kind is None:
                return None
            layer = read(kind, remedy.settings or {})
        elif remedy.settings is not None:
            layer = read(type(layer), {**layer.changed(), **remedy.settings})
    except LayerError:
        return None
    return _refusal(flow(layer, tuple(adapted)))


def _candidates(layer: Layer, inputs: Specs, setting: str | None, proposed: bool) -> Iterator[Remedy]:
    yield from _types(inputs)
    yield from _siblings(layer, inputs)
    if len(inputs) > 1:
        from netbuilder.net.joining import joins

        yield from joins(layer, inputs)
    if not proposed:
        yield from _settings(layer, inputs, setting)
    yield from _shapes(inputs, patches=layer.about.category is Category.ATTENTION)


def _types(inputs: Specs) -> Iterator[Remedy]:
    """Another element type for the input: whole numbers where decimal ones are wanted, and the other way round."""
    wrong = [place for place, spec in enumerate(inputs) if spec.dtype != "float32"]
    if wrong == [0]:
        yield Remedy("Insert an Embedding", ((0, (Step("embedding", {}),)),))
        yield Remedy("Feed it decimal numbers (float32)", retype="float32")
    if wrong:
        yield Remedy("Cast to float32", tuple((place, (Step("cast", {"dtype": "float32"}),)) for place in wrong))
    if len(inputs) == 1 and inputs[0].dtype == "float32":
        yield Remedy("Feed it whole numbers (int64)", retype="int64")


def _siblings(layer: Layer, inputs: Specs) -> Iterator[Remedy]:
    """Another layer in its place: the same for another number of axes, an adaptive one, or a similar one."""
    name = layer.about.name
    axes = len(inputs[0].shape) - 2
    if name[-2:] in ("1d", "2d", "3d") and 1 <= axes <= 3:
        sibling = find(f"{name[:-2]}{axes}d")
        if sibling is not None and sibling is not type(layer):
            plain = {key: value for key, value in layer.changed().items() if not isinstance(value, tuple | list)}
            yield Remedy(f"Use {sibling.about.title} instead", settings=plain, layer=sibling.about.name)
    adaptive = find(f"adaptive{name}")
    if adaptive is not None:
        yield Remedy(f"Use {adaptive.about.title} instead", settings={"output_size": 1}, layer=adaptive.about.name)
    if layer.about.category is Category.NORMALISATION and name != "layernorm":
        yield Remedy("Use LayerNorm instead", settings={}, layer="layernorm")
    if name == "stack" and any(spec.shape != inputs[0].shape for spec in inputs):
        yield Remedy("Use Concat instead", settings={}, layer="concat")


def _settings(layer: Layer, inputs: Specs, setting: str | None) -> Iterator[Remedy]:
    """Other values for the settings, beginning with the named one, the nearest values first."""
    names = {field.encode_name for field in fields(type(layer))}
    order = [setting] if setting in names else []
    order += [name for name in _SHAPING if name in names and name not in order]
    now = layer.settings()
    for name in order:
        for value in _values(now[name], inputs, type(layer).defaults().get(name)):
            yield Remedy(f"Set {name} to {told(value)}", settings={name: value})


_SHAPING = (
    "padding", "stride", "kernel_size", "dilation", "ceil_mode", "groups", "num_heads", "dim", "start_dim", "start", "stop", "index",
    "indices", "sections", "chunks", "count", "shape", "dims", "output_size", "output_padding", "block", "window_size", "patch_size",
)  # fmt: skip
"""Settings that decide about shapes, the least invasive to change first."""


def _values(now: Value, inputs: Specs, default: Value) -> list[Any]:
    """Other values that a setting could have."""
    sizes = [size for spec in inputs for size in spec.shape[1:] if size]
    values: list[Any] = []
    if isinstance(now, bool):
        values = [not now]
    elif isinstance(now, int):
        numbers = {0, 1, 2, 3, -1, now + 1, now - 1, now + 2, now - 2, *sizes, *(size - 1 for size in sizes)}
        numbers.update(d for size in sizes for d in divisors(size, 3, max(now, 1)))
        values = sorted(numbers - {now}, key=lambda number: (abs(number - now), -number))
    elif isinstance(now, tuple):
        length = len(now)
        values = [tuple(range(length)), *(_halves(size) for size in sizes), (0,), (1,), tuple(range(1, length + 1))]
        values += [tuple(range(1, len(spec.shape))) for spec in inputs] + [tuple(spec.shape[1:]) for spec in inputs]
        values += [0, 1, 2, -1] + [tuple(min(part, size) for part in now) for size in sizes if all(isinstance(p, int) for p in now)]
    values = [default, *values] if default is not None and default != now and not isinstance(now, int) else values
    unlike = [value for place, value in enumerate(values) if value != now and value not in values[:place]]
    return unlike[:_MOST_TRIED]


def _halves(size: int) -> tuple[int, int]:
    return size // 2, size - size // 2


def _shapes(inputs: Specs, *, patches: bool) -> Iterator[Remedy]:
    """Layers in front of one input that give it another shape."""
    for place, spec in enumerate(inputs):
        where = "" if len(inputs) == 1 else f" at input {place + 1}"
        for label, steps in _forms(spec.shape, patches):
            yield Remedy(f"{label}{where}", ((place, steps),))
    if len(inputs) > 1:
        for target in (3, 2, 4, 5):
            ways = [next(iter(_ranked(spec.shape, target)), None) for spec in inputs]
            if all(way is not None for way in ways):
                reshaped = tuple((place, (_reshape(way),)) for place, way in enumerate(ways) if way is not None)
                yield Remedy(f"Reshape all inputs to {target - 1} axes", reshaped)
        yield Remedy("Flatten all inputs", tuple((place, (Step("flatten", {}),)) for place in range(len(inputs))))


def _forms(shape: Shape, patches: bool) -> Iterator[tuple[str, tuple[Step, ...]]]:
    """Layers that give a tensor another shape: flatten, reshape, permute, enlarge, or make sizes even."""
    rank = len(shape)
    if rank > 2:
        yield "Insert Flatten", (Step("flatten", {}),)
    if rank == 4 and patches:
        yield "Insert a PatchEmbedding", (Step("patchembedding", {}),)
    for target in sorted(range(2, 7), key=lambda axes: abs(axes - rank)):
        for sizes in _ranked(shape, target):
            yield f"Reshape to {show((None, *sizes))}", (_reshape(sizes),)
    if rank >= 3:
        yield "Insert a Permute that brings the channels to the end", (Step("permute", {"dims": (0, *range(2, rank), 1)}),)
        yield "Insert a Transpose of the last two axes", (Step("transpose", {"dim0": rank - 2, "dim1": rank - 1}),)
    if 3 <= rank <= 5:
        for factor in (2, 4, 8):
            yield f"Insert an Upsample by {factor}", (Step("upsample", {"scale_factor": float(factor)}),)
        for channels in (2 * (((shape[1] or 1) + 1) // 2), 8, 16, 32, 64):
            step = Step(f"conv{rank - 2}d", {"out_channels": channels, "kernel_size": 1})
            yield f"Insert a 1×1 convolution to {channels} channels", (step,)
    if rank > 1:
        size = shape[-1] or 1
        for out in (2 * ((size + 1) // 2), 4 * ((size + 3) // 4), 12 * ((size + 11) // 12), 64):
            yield f"Insert a Linear layer to {out}", (Step("linear", {"out_features": out}),)


def _reshape(sizes: tuple[int, ...]) -> Step:
    return Step("reshape", {"shape": sizes})


def _ranked(shape: Shape, target: int) -> Iterator[tuple[int, ...]]:
    """The sizes of a sample with the same elements on `target` axes, the batch counted: axes of size 1, a square, or axes joined."""
    sizes = tuple(size or 1 for size in shape[1:])
    missing = target - 1 - len(sizes)
    if missing > 0:
        if len(sizes) == 1 and target >= 4:
            yield from _squares(sizes[0], target - 1)
        yield (1,) * missing + sizes
        yield sizes + (1,) * missing
    elif missing < 0:
        wide = tuple(size for size in sizes if size != 1)
        if len(wide) == target - 1:
            yield wide
        keep = target - 2
        yield (*sizes[:keep], prod(sizes[keep:]))
        rest = len(sizes) - keep
        yield (prod(sizes[:rest]), *sizes[rest:])


def _squares(size: int, axes: int) -> Iterator[tuple[int, ...]]:
    """Channels × height × width of a flattened image."""
    for channels in (1, 3):
        side = isqrt(size // channels)
        if channels * side * side == size and side > 1:
            yield (channels, *(1,) * (axes - 3), side, side)
