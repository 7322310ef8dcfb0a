"""What nodes can be coloured by: the quantity of each layer, how it is written, and how far up its scale it lies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isqrt, log, prod
from typing import NamedTuple

from msgspec import Struct, field

from netbuilder.core import format as say
from netbuilder.net.results import Analysis, NodeAnalysis

STEPS = 20
Values = Mapping[str, float]


class Live(Struct, frozen=True):
    """What a training measured last, by node id: seconds of the forward pass for a sample, norms of gradients, shares of dead and of
    saturated units, mean and standard deviation of the outputs."""

    times: Values = field(default_factory=dict)
    gradients: Values = field(default_factory=dict)
    dead: Values = field(default_factory=dict)
    saturated: Values = field(default_factory=dict)
    outputs: Mapping[str, tuple[float, float]] = field(default_factory=dict)


class Heat(NamedTuple):
    """How hot a node is, 0 to `STEPS`, and its value, of which all have `total` together where that means something."""

    step: int
    value: float = 0.0
    total: float = 0.0
    quantity: Quantity | None = None

    @property
    def text(self) -> str:
        """The value in words, worked out for nodes that are seen."""
        return self.quantity.say(self.value, self.total) if self.quantity is not None else ""


class Quantity(Struct, frozen=True):
    """`live` names what a training measures, and `part` which of two figures it is; without it the value comes from the analysis.
    `shared` ones add up to a whole. What may be negative is as hot as it is far from nothing."""

    name: str
    title: str
    tip: str
    write: Callable[[float], str]
    of: Callable[[NodeAnalysis], float] | None = None
    live: str = ""
    part: int | None = None
    logarithmic: bool = True
    shared: bool = True

    def values(self, analysis: Analysis, live: Live) -> dict[str, float]:
        """The value of every layer that has one."""
        if self.of is not None:
            answers = analysis.nodes if self.name == "receptive_field" else analysis.answers
            return {id_: self.of(answers[id_]) for id_ in answers}
        measured = getattr(live, self.live)
        return {id_: found if self.part is None else found[self.part] for id_, found in measured.items() if id_ in analysis.answers}

    def heats(self, values: Values) -> dict[str, Heat]:
        """How hot each layer is; one with nothing of it is cold and says nothing."""
        low, high = self.range(values)
        total = sum(values.values()) if self.shared else 0.0
        return {id_: Heat(self._step(abs(value), low, high), value, total, self) for id_, value in values.items()}

    def range(self, values: Values) -> tuple[float, float]:
        """The ends of the scale: nothing to the most, or on a logarithmic one the least that is something to the most."""
        some = [abs(value) for value in values.values() if 0 < abs(value) < float("inf")]
        if not some:
            return 0.0, 0.0
        return (min(some) if self.logarithmic else 0.0), max(some)

    def _step(self, value: float, low: float, high: float) -> int:
        if value <= 0:
            return 0
        if value == float("inf"):
            return STEPS
        if not self.logarithmic:
            return max(1, round(STEPS * value / high))
        return STEPS if high <= low else 1 + round((STEPS - 1) * log(value / low) / log(high / low))

    def say(self, value: float, total: float) -> str:
        """A value, and its share of a total; nothing for nothing."""
        if value <= 0:
            return "" if self.logarithmic else self.write(value)
        return self.write(value) + (f" · {_percent(value / total)}" if total else "")


def _percent(share: float) -> str:
    return "<1 %" if 0 < share < 0.01 else f"{100 * share:.0f} %"


def _field(answer: NodeAnalysis) -> float:
    """Positions of the input that one output element sees; infinite for all of them."""
    view = answer.receptive_field
    return float("inf") if view.everything else float(prod(view.size)) if view.size else 0.0


def _extent(area: float) -> str:
    if area == float("inf"):
        return "everything"
    side = isqrt(round(area))
    return f"{side}×{side}" if side * side == round(area) else f"{say.count(round(area))} positions"


def _seconds(value: float) -> str:
    return f"{value * 1e3:.3g} ms" if value >= 1e-3 else f"{value * 1e6:.3g} µs"


def _number(value: float) -> str:
    return f"{value:.2g}".replace("-", "−")


_DEAD = "Share of an activation's units that are zero for every sample of a batch, measured while training."
_SATURATED = (
    "Share of the outputs of tanh, sigmoid and the like that lie where the curve is nearly level (at most 5 % of its steepest slope), "
    "measured while training. Rest on a layer for the mean and the standard deviation of its outputs."
)
_MEAN = "Mean of each layer's outputs over samples, units and places, measured while training; coloured by its distance from 0."
_DEVIATION = "Standard deviation of each layer's outputs over samples, units and places, measured while training."

QUANTITIES = (
    Quantity("parameters", "Parameters", "Trainable numbers of each layer.", say.compact, lambda a: float(a.parameters)),
    Quantity("macs", "Operations", "Multiply–accumulates of each layer for one sample.", say.compact, lambda a: float(a.macs)),
    Quantity("memory", "Activation memory", "Bytes of each layer's output for one sample.", say.size, lambda a: float(a.memory)),
    Quantity("receptive_field", "Receptive field", "How much of the input one output element sees.", _extent, _field, shared=False),
    Quantity("time", "Time", "Forward time of each layer for one sample, measured while training.", _seconds, live="times"),
    Quantity("gradient", "Gradient norm", "Norm of each layer's gradient, while training.", _number, live="gradients", shared=False),
    Quantity("dead", "Dead units", _DEAD, _percent, live="dead", logarithmic=False, shared=False),
    Quantity("saturated", "Saturated units", _SATURATED, _percent, live="saturated", logarithmic=False, shared=False),
    Quantity("mean", "Output mean", _MEAN, _number, live="outputs", part=0, logarithmic=False, shared=False),
    Quantity("deviation", "Output standard deviation", _DEVIATION, _number, live="outputs", part=1, shared=False),
)
"""In the order of the menu."""


def outputs_in_words(mean: float, deviation: float) -> str:
    """What a layer's tooltip says of its outputs."""
    return f"Outputs: mean {_number(mean)}, standard deviation {_number(deviation)}"


def find_quantity(name: str) -> Quantity | None:
    """The quantity called `name`."""
    return next((quantity for quantity in QUANTITIES if quantity.name == name), None)
