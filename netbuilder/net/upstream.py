"""Fixing inputs that do not fit each other at their source: other padding, stride or channels of an earlier layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from netbuilder.core.edits import set_settings
from netbuilder.core.graph import Graph, Node, Port, Value
from netbuilder.layers.declare import Layer, LayerError, Shape, TensorSpec
from netbuilder.layers.settings import read
from netbuilder.layers.wording import told
from netbuilder.net.analysis_state import Known, Run
from netbuilder.net.flow import Flow, flow
from netbuilder.net.joining import fits, free_axis
from netbuilder.net.results import Fix

_FAR = 12
_MOST = 2
_SIZES = {"padding": range(9), "stride": range(1, 5)}
_CHANNELS = ("out_channels", "out_features")


def run_before(graph: Graph, known: Mapping[str, Known], source: Port | None) -> Run:
    """The layers that lead to `source`, the nearest first: those with a single wire in, whose result nothing else uses."""
    found: Run = []
    while source is not None and len(found) < _FAR:
        answer, feeds = known.get(source.node), graph.inputs_of.get(source.node, {})
        if answer is None or answer.layer is None or len(answer.outputs) != 1 or len(feeds) != 1:
            break
        if len(graph.outputs_of.get(source.node, ())) != 1:
            break
        found.append((graph.nodes[source.node], answer))
        source = next(iter(feeds.values()))
    return found


def upstream_fixes(layer: Layer, inputs: Sequence[TensorSpec], runs: Sequence[Run]) -> tuple[list[Fix], list[Fix]]:
    """Changes to one earlier layer after which all inputs fit (each has been tried): those of sizes alone, and those of channels."""
    sizes: list[Fix] = []
    channels: list[Fix] = []
    free = free_axis(layer)
    for model in inputs:
        others = [place for place, spec in enumerate(inputs) if not fits(spec.shape, model.shape, free)]
        if len(others) != 1 or len(inputs[others[0]].shape) != len(model.shape):
            continue
        for node, changes in islice(_changes(runs[others[0]], model.shape, free), _MOST):
            fix = Fix(_label(node, changes), set_settings(node.id, changes))
            (channels if changes.keys() & set(_CHANNELS) else sizes).append(fix)
    return sizes[:_MOST], channels[:_MOST]


def _changes(run: Run, model: Shape, free: int | None) -> Iterator[tuple[Node, Mapping[str, Value]]]:
    """The first change of each layer that works, the nearest layer first."""
    for place, (node, answer) in enumerate(run):
        layer = answer.layer
        for changes in _candidates(layer, model) if layer is not None else ():
            shape = _through(layer, changes, answer.inputs, [behind.layer for _, behind in run[:place]])
            if shape is not None and fits(shape, model, free):
                yield node, changes
                break


def _candidates(layer: Layer, model: Shape) -> Iterator[Mapping[str, Value]]:
    """Other sizes, other channels, and both."""
    now = layer.settings()
    sizes = [{name: value} for name, values in _SIZES.items() if name in now for value in values if value != now[name]]
    channels = [{name: model[1]} for name in _CHANNELS if name in now and now[name] != model[1]]
    yield from sizes
    yield from channels
    yield from ({**one, **other} for one in channels for other in sizes)


def _through(
    layer: Layer | None, changes: Mapping[str, Value], inputs: tuple[TensorSpec, ...], behind: Sequence[Layer | None]
) -> Shape | None:
    """The shape at the end of a run in which one layer is changed; `None` when a layer refuses it."""
    if layer is None:
        return None
    try:
        at: Layer | None = read(type(layer), {**layer.changed(), **changes})
    except LayerError:
        return None
    for each in (at, *reversed(behind)):
        answer = flow(each, inputs) if each is not None else None
        if not isinstance(answer, Flow):
            return None
        inputs = answer.shaped.outputs
    return inputs[0].shape


def _label(node: Node, changes: Mapping[str, Value]) -> str:
    (name, value), *more = changes.items()
    rest = "".join(f" and its {other} to {told(to)}" for other, to in more)
    return f"Set {name} of “{node.name}” to {told(value)}{rest}"
