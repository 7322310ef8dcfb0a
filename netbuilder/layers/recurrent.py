"""Recurrent layers: a state that is carried along a sequence."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta

from netbuilder.layers.checks import arrow, floating
from netbuilder.layers.declare import Category, Cost, Layer, LayerError, Module, Reach, Shape, Shaped, Target, TensorSpec, declare, show
from netbuilder.layers.settings import Count, Fraction

Layers = Annotated[int, Meta(ge=1, le=64)]


class _Recurrent(Layer, frozen=True):
    """What RNN, LSTM and GRU share; `gates` is how many weighted sums a unit makes at each step."""

    gates: ClassVar[int] = 1

    hidden_size: Annotated[Count, Meta(description="How many units carry the state.")] = 64
    num_layers: Annotated[Layers, Meta(description="How many recurrent layers stand on each other.")] = 1
    bidirectional: Annotated[bool, Meta(description="Read the sequence backwards as well, and give both results side by side.")] = False
    dropout: Annotated[Fraction, Meta(description="Share of numbers set to 0 between the layers while training.")] = 0.0
    bias: Annotated[bool, Meta(description="Add learned numbers to the sums.")] = True
    gives: Annotated[
        Literal["sequence", "last"],
        Meta(description="sequence: the result at every step. last: only the state after the last step, to be classified."),
    ] = "sequence"

    @property
    def directions(self) -> int:
        """1, or 2 when the sequence is read backwards, too."""
        return 2 if self.bidirectional else 1

    def features(self, given: TensorSpec) -> int:
        """How many numbers arrive at each step; refuses what is no batch of sequences."""
        floating(self, given)
        if len(given.shape) != 3:
            remedy = "Put a Reshape before it: steps first, then the numbers of each step."
            raise LayerError(f"{self.about.title} needs steps × features, but its input is {show(given.shape)}.", remedy=remedy)
        return given.shape[2] or 1

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given, dtype = inputs[0]
        self.features(inputs[0])
        width = self.directions * self.hidden_size
        shape: Shape = (given[0], given[1], width) if self.gives == "sequence" else (given[0], width)
        return Shaped((TensorSpec(shape, dtype),), partial(self._why, given, shape))

    def _why(self, given: Shape, shape: Shape) -> str:
        units = f"{self.directions}·{self.hidden_size} = {shape[-1]}"
        which = f"at each of {given[1]} steps" if self.gives == "sequence" else f"after the last of {given[1]} steps"
        return f"{units}\nthe state {which}\n{arrow(given, shape)}"

    def cost(self, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> Cost:
        steps, features = inputs[0].shape[1] or 1, inputs[0].shape[2] or 1
        units, rows = self.hidden_size, self.directions * self.gates * self.hidden_size
        deeper = self.num_layers - 1
        weights = rows * (features + units) + deeper * rows * (self.directions * units + units)
        biases = self.num_layers * rows * 2 if self.bias else 0
        return Cost(weights + biases, steps * weights, partial(self._count, features, weights + biases))

    def _count(self, features: int, total: int) -> str:
        units, both = self.hidden_size, " + 2" if self.bias else ""
        rows = f"{self.directions}·{self.gates}·{units}"
        line = f"{rows}·({features} + {units}{both})"
        if self.num_layers > 1:
            line += f" + {self.num_layers - 1}·{rows}·({self.directions}·{units} + {units}{both})"
        return f"{line} = {total:,}"

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        return Reach(everything=True)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        title, arguments = self.about.title, self.arguments("hidden_size", input_size=self.features(inputs[0]))
        arguments.pop("gives", None)
        if self.num_layers == 1:
            arguments.pop("dropout", None)
        arguments["batch_first"] = True
        if self.gives == "last":
            return Module(f"netbuilder.net.modules.recurrent.LastOf{title}", arguments)
        return Module(f"torch.nn.{title}", arguments, pick=0)

    def summary(self) -> str:
        parts = [str(self.hidden_size)]
        parts += [f"{self.num_layers} layers"] if self.num_layers > 1 else []
        parts += ["both ways"] if self.bidirectional else []
        return " · ".join([*parts, "last"] if self.gives == "last" else parts)


def _recurrent(title: str, tip: str, formula: str, paper: str, *keywords: str) -> Any:
    more = {"formula": formula, "paper": paper, "keywords": ("recurrent", "sequence", "time series", *keywords), "main": title == "LSTM"}
    return declare(title.lower(), title, Category.ATTENTION, "recurrent", tip, **more)


@_recurrent(
    "LSTM",
    "Reads a sequence step by step, with gates that decide what to remember and what to forget.",
    "c = f·c₋₁ + i·g,  h = o·tanh(c);  i, f, o = σ(Wx + Uh₋₁ + b),  g = tanh(Wx + Uh₋₁ + b)",
    "Hochreiter & Schmidhuber: Long short-term memory, 1997",
    "memory",
    "gates",
)
class LSTM(_Recurrent, frozen=True):
    """Long short-term memory over (steps, features)."""

    gates = 4


@_recurrent(
    "GRU",
    "Reads a sequence step by step, with two gates: simpler than LSTM.",
    "h = (1 − z)·n + z·h₋₁;  r, z = σ(Wx + Uh₋₁ + b),  n = tanh(Wx + b + r·(Uh₋₁ + b))",
    "Cho et al.: Learning phrase representations using RNN encoder–decoder, 2014",
    "gates",
)
class GRU(_Recurrent, frozen=True):
    """Gated recurrent unit over (steps, features)."""

    gates = 3


@_recurrent(
    "RNN",
    "Reads a sequence step by step; each step sees the result of the one before.",
    "h = tanh(Wx + Uh₋₁ + b)",
    "Elman: Finding structure in time, 1990",
    "elman",
)
class RNN(_Recurrent, frozen=True):
    """Plain recurrence over (steps, features)."""

    nonlinearity: Annotated[Literal["tanh", "relu"], Meta(description="The activation of the state.")] = "tanh"
