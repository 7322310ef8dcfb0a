"""A small dense network neuron by neuron: what each one adds up and what it makes of the sum. Pure NumPy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netbuilder.core.errors import NetbuilderError
from netbuilder.layers.declare import Layer
from netbuilder.net.results import Analysis
from netbuilder.probe.sliding import say

Floats = NDArray[np.float64]
Weights = Mapping[str, Mapping[str, NDArray[Any]]]
MOST_UNITS, MOST_LAYERS = 16, 8
"""Neurons side by side and layers one after the other that can be drawn apart."""
_PASSING = {"flatten", "dropout", "identity", "alphadropout"}
_SUPERSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True)
class NeuronLayer:
    """One Linear layer with the curves behind it. `node` is its id, `name` its name, `after` what its sums go through."""

    node: str
    name: str
    inputs: int
    units: int
    bias: bool
    after: tuple[Layer, ...] = ()

    @property
    def parameters(self) -> int:
        """Weights and biases."""
        return (self.inputs + self.bias) * self.units

    @property
    def heading(self) -> str:
        """`hidden1 · Sigmoid`."""
        return " · ".join((self.name, *(layer.about.title for layer in self.after)))

    def answers(self, sums: Floats) -> Floats:
        """What the curves make of the sums."""
        found = sums
        for layer in self.after:
            if layer.about.name == "softmax":
                found = np.exp(found - found.max())
                found = found / found.sum()
            else:
                values = (layer.curve(float(value)) for value in found)
                found = np.array([np.nan if value is None else value for value in values])
        return found


@dataclass(frozen=True)
class Passed:
    """What went through a layer: what it got, the sums, what it gave."""

    given: Floats
    sums: Floats
    answers: Floats


def neuron_layers(analysis: Analysis) -> tuple[NeuronLayer, ...]:
    """The dense layers of a network from the input on; raises `NetbuilderError` for one that cannot be drawn neuron by neuron."""
    found: list[NeuronLayer] = []
    for id_ in _chain(analysis):
        node, answer = analysis.graph.nodes[id_], analysis.nodes[id_]
        layer, name = answer.layer, node.layer
        if layer is None or not answer.inputs:
            raise _refusal("it has problems")
        if name == "linear":
            found.append(NeuronLayer(id_, node.name, _numbers(answer.inputs[0].shape), _numbers(answer.outputs[0].shape), _bias(layer)))
        elif name == "softmax" or type(layer).curve is not Layer.curve:
            if not found:
                raise _refusal("a curve comes before its first Linear layer")
            last = found.pop()
            found.append(NeuronLayer(last.node, last.name, last.inputs, last.units, last.bias, (*last.after, layer)))
        elif name not in _PASSING:
            raise _refusal(f"“{node.name}” is neither a Linear layer nor a curve")
    if not found or len(found) > MOST_LAYERS or max(max(layer.inputs, layer.units) for layer in found) > MOST_UNITS:
        raise _refusal(f"it has none, or more than {MOST_UNITS} in a row")
    return tuple(found)


def _chain(analysis: Analysis) -> list[str]:
    """The nodes between the only input and the only output, in order."""
    graph = analysis.graph
    ids = [id_ for id_ in graph.order if graph.nodes[id_].layer not in ("input", "output")]
    ends = [sum(node.layer == end for node in graph.nodes.values()) for end in ("input", "output")]
    apart = any(len(graph.outputs_of.get(id_, ())) > 1 or len(graph.inputs_of.get(id_, {})) != 1 for id_ in ids)
    if analysis.errors or ends != [1, 1] or apart or len(graph.order) != len(graph.nodes):
        raise _refusal("it is not one chain from an input to an output")
    return ids


def _numbers(shape: tuple[int | None, ...]) -> int:
    if len(shape) != 2 or shape[1] is None:
        raise _refusal("a Linear layer works on rows of a larger tensor")
    return shape[1]


def _bias(layer: Any) -> bool:
    return bool(layer.bias)


def _refusal(why: str) -> NetbuilderError:
    return NetbuilderError(
        f"The neurons of this network cannot be drawn: {why}.",
        remedy=f"Open a chain of Linear layers with up to {MOST_UNITS} neurons each, such as the template “Perceptron 3–4–2”.",
    )


def passed(layers: Sequence[NeuronLayer], weights: Weights, x: Floats) -> list[Passed]:
    """Each layer's sums and answers for one sample: matrix products and curves in turn."""
    found: list[Passed] = []
    for layer in layers:
        held = weights[layer.node]
        sums = np.asarray(held["weight"], np.float64) @ x
        if layer.bias:
            sums = sums + np.asarray(held["bias"], np.float64)
        answers = layer.answers(sums)
        found.append(Passed(x, sums, answers))
        x = answers
    return found


def counted(layers: Sequence[NeuronLayer]) -> str:
    """The arithmetic of the parameters: `(3 + 1)·4 + (4 + 1)·2 = 16 + 10 = 26`."""
    products = " + ".join(f"({layer.inputs} + 1)·{layer.units}" if layer.bias else f"{layer.inputs}·{layer.units}" for layer in layers)
    parts = " + ".join(f"{layer.parameters:,}" for layer in layers)
    total = sum(layer.parameters for layer in layers)
    return f"{products} = {parts} = {total:,}" if len(layers) > 1 else f"{products} = {total:,}"


def written(layer: NeuronLayer, held: Mapping[str, NDArray[Any]], through: Passed, unit: int) -> str:
    """One neuron's sum with its numbers, and what the curve makes of it, one line each."""
    weights = np.asarray(held["weight"], np.float64)[unit]
    terms = [f"{_bracketed(w)}·{_bracketed(v)}" for w, v in zip(weights, through.given, strict=True)]
    if layer.bias:
        terms.append(_bracketed(float(held["bias"][unit])))
    number = str(unit + 1).translate(_SUPERSCRIPTS)
    lines = [f"z{number} = {' + '.join(terms)} = {say(float(through.sums[unit]))}"]
    if layer.after:
        names = " of ".join(each.about.title for each in reversed(layer.after))
        of = "all z" if any(each.about.name == "softmax" for each in layer.after) else f"z{number}"
        lines.append(f"a{number} = {names}({of}) = {say(float(through.answers[unit]))}")
    return "\n".join(lines)


def _bracketed(value: float) -> str:
    text = say(value)
    return f"({text})" if text.startswith("−") else text
