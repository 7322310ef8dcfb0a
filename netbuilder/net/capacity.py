"""The same network in several sizes: wider, deeper, or with another setting, to compare what capacity does to its errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from netbuilder.core.blocks import BLOCK, set_repeat
from netbuilder.core.edits import set_setting
from netbuilder.core.errors import GraphError, NetbuilderError
from netbuilder.core.graph import Graph, Node, Value
from netbuilder.layers.declare import LayerError, Shape, show
from netbuilder.layers.settings import resolve
from netbuilder.net.analysis import analyze
from netbuilder.net.deepening import repeated
from netbuilder.net.results import Analysis, Problem
from netbuilder.net.widening import Widening, shared, widenable

What = Literal["width", "depth", "setting", "option"]
MOST_LEVELS = 24
REPEAT = "repeat"
_FRACTIONS = {0.125: "⅛", 0.25: "¼", 0.5: "½", 0.75: "¾", 1.5: "1½"}
_ONE_SIGN = {sign: value for value, sign in _FRACTIONS.items() if len(sign) == 1}


class CapacityError(NetbuilderError):
    """A network cannot have such a size."""


class Change(Struct, frozen=True):
    """What is varied in a network, and over which `levels`.

    width: factors for the features of `layers`, by default of all that are hidden. depth: numbers of copies of the chain
    `layers`. setting: values of the whole number `setting` of the one layer or block in `layers`.
    option: values of the option `setting` of the template `template`.
    """

    what: What = "width"
    levels: tuple[float, ...] = (0.25, 0.5, 1.0, 2.0, 4.0)
    layers: tuple[str, ...] = ()
    setting: str = ""
    template: str = ""

    def check(self) -> None:
        """Raise `CapacityError` for levels that make no sense."""
        if not 2 <= len(set(self.levels)) <= MOST_LEVELS:
            raise CapacityError(
                f"A sweep needs 2 to {MOST_LEVELS} different sizes, not {len(set(self.levels))}.",
                place="levels",
                remedy="Give more, or fewer.",
            )
        wrong = next((level for level in self.levels if not self._possible(level)), None)
        if wrong is None:
            return
        words = {
            "width": (f"A width cannot be multiplied by {wrong:g}.", "Give factors from 0.01 to 100, such as 0.5 or 2."),
            "depth": (f"There cannot be {wrong:g} copies.", "Give whole numbers from 0 to 1,000; 0 leaves the layers out."),
        }
        message, remedy = words.get(self.what, (f"{self.setting} cannot be {wrong:g}.", "Give whole numbers."))
        raise CapacityError(message, place="levels", remedy=remedy)

    def _possible(self, level: float) -> bool:
        if self.what == "width":
            return 0.01 <= level <= 100.0
        return float(level).is_integer() and abs(level) < 2**31 and (self.what != "depth" or 0 <= level <= 1000)

    @property
    def subject(self) -> str:
        """What is varied, in few words: `width`, `depth`, `C1.kernel_size`."""
        return self.what if self.what in ("width", "depth") else ".".join((*self.layers, self.setting))

    def title(self, level: float) -> str:
        """One level in a few characters: `× ½`, `3 copies`, `kernel_size 5`."""
        if self.what == "width":
            return f"× {_FRACTIONS.get(level) or f'{level:g}'}"
        if self.what == "depth":
            return "left out" if level == 0 else f"{level:g} {'copy' if level == 1 else 'copies'}"
        return f"{self.setting} {level:g}"


def read_levels(text: str) -> tuple[float, ...]:
    """Read numbers separated by commas or blanks, with fractions as `1/4` or `¼`; raises `CapacityError`."""
    try:
        levels = tuple(_level(part) for part in text.replace(",", " ").replace(";", " ").replace("×", " ").split())
    except (ValueError, ZeroDivisionError, OverflowError):
        raise CapacityError(f"“{text}” are no numbers.", place="levels", remedy="Part them by blanks or commas: ¼ 1/2 1 2.") from None
    if not levels:
        raise CapacityError("There are no values to try.", place="levels", remedy="Give some, such as 1 2 4.")
    return levels


def write_levels(levels: Iterable[float]) -> str:
    """The numbers as people type them: `1/4 1/2 1 2 4`."""
    return " ".join(str(exact) if (exact := Fraction(level)).denominator <= 16 else f"{level:g}" for level in levels)


def _level(text: str) -> float:
    last = _ONE_SIGN.get(text[-1])
    if last is None:
        return float(Fraction(text))
    return last + (float(Fraction(text[:-1])) if text[:-1] else 0.0)


class Variant(Struct, frozen=True):
    """The network at one level. `note` says what could not be made exactly as asked."""

    level: float
    title: str
    graph: Graph
    parameters: int
    macs: int
    note: str = ""


def variants(graph: Graph, change: Change) -> tuple[Variant, ...]:
    """The network at every level, the smallest first; levels that give the same network appear once.

    Raises `CapacityError` with the level and a remedy where the shapes do not allow one, and `GraphError`.
    """
    change.check()
    answers = _answers(analyze(graph))
    found: list[Variant] = []
    for level in sorted(set(change.levels)):
        made, analysis, note = _made(graph, change, level)
        if _answers(analysis) != answers and change.what != "option":
            raise CapacityError(
                f"“{change.title(level)}” is not possible. The network would answer {_say(_answers(analysis))} instead of {_say(answers)}.",
                place=next(iter(change.layers), None),
                remedy="Choose layers that do not make the answer.",
            )
        twin = next((number for number, each in enumerate(found) if _same(each.graph, made)), None)
        if twin is None:
            found.append(Variant(level, change.title(level), made, analysis.parameters, analysis.macs, note))
        else:
            found[twin] = _joined(found[twin], change.title(level))
    if len(found) < 2:
        raise CapacityError("All these sizes give the same network.", place="levels", remedy="Give sizes that lie further apart.")
    return tuple(found)


def numbers(graph: Graph, name: str) -> Mapping[str, int]:
    """The whole-number settings of a layer or a block, with their present values, including sizes that are the same for all axes."""
    node = graph.by_name.get(name)
    if node is None:
        raise CapacityError(f"There is no layer “{name}”.", place=name, remedy=f"There are: {', '.join(graph.by_name)}.")
    values: Mapping[str, Value]
    if node.layer == BLOCK:
        block = graph.blocks.get(node.block)
        defaults = {each.name: each.default for each in block.parameters} if block else {}
        values = {**defaults, **node.settings, REPEAT: node.repeat}
    else:
        try:
            values = resolve(node).settings()
        except LayerError:
            return {}
    found = {key: _whole(value) for key, value in values.items()}
    return {key: value for key, value in found.items() if value is not None}


def _made(graph: Graph, change: Change, level: float) -> tuple[Graph, Analysis, str]:
    """The network at a level, its analysis, and a note on what could not be made exactly as asked."""
    if change.what == "width":
        return _widened(graph, change, level)
    try:
        made = _otherwise(graph, change, int(level))
    except GraphError as error:
        raise CapacityError(f"“{change.title(level)}” is not possible. {error.message}", place=error.place, remedy=error.remedy) from None
    analysis = analyze(made)
    if analysis.errors:
        remedy = "Leave out this number of copies, or choose layers whose input and output are alike."
        raise _impossible(change, level, made, analysis.errors[0], remedy if change.what == "depth" else "Leave out this value.")
    return made, analysis, ""


def _otherwise(graph: Graph, change: Change, level: int) -> Graph:
    if change.what == "depth":
        return repeated(graph, change.layers, level)
    if change.what == "option":
        from netbuilder.templates.declare import find

        return find(change.template).graph(**{change.setting: level})
    node = _one(graph, change)
    if node.layer == BLOCK and change.setting == REPEAT:
        return set_repeat(node.id, level)(graph)
    return set_setting(node.id, change.setting, level)(graph)


def _one(graph: Graph, change: Change) -> Node:
    """The layer whose setting is varied."""
    if len(change.layers) != 1:
        raise CapacityError("No layer is chosen whose setting is varied.", place="layers", remedy="Choose one layer or block.")
    known = numbers(graph, change.layers[0])
    if change.setting not in known:
        there = ", ".join(known) or "none"
        raise CapacityError(
            f"“{change.layers[0]}” has no whole number “{change.setting}”.",
            place=change.layers[0],
            remedy=f"Its whole numbers are: {there}.",
        )
    return graph.by_name[change.layers[0]]


def _widened(graph: Graph, change: Change, factor: float) -> tuple[Graph, Analysis, str]:
    """The wider or narrower network, with widths rounded to whole numbers, or to multiples that groups and heads divide."""
    hidden = widenable(graph)
    wrong = next((name for name in change.layers if name not in hidden), None)
    if wrong is not None or not hidden:
        who = f"“{wrong}” is no hidden layer with features" if wrong else "This network has no hidden layer with features"
        raise CapacityError(f"{who}, so it cannot be widened.", place=wrong, remedy=f"There are: {', '.join(hidden) or 'none'}.")
    failed: tuple[Graph, Problem] | None = None
    for multiple in dict.fromkeys((1, shared(graph))):
        work = Widening(graph, factor, frozenset(change.layers), multiple)
        analysis = analyze(work.wide)
        if not analysis.errors:
            return work.wide, analysis, _rounding(work.rounded, multiple)
        failed = failed or (work.wide, analysis.errors[0])
    assert failed is not None
    raise _impossible(change, factor, *failed, "Leave out this factor, or choose which layers are widened.")


def _impossible(change: Change, level: float, made: Graph, problem: Problem, remedy: str) -> CapacityError:
    node = made.nodes.get(problem.node) if problem.node else None
    where = f"“{node.name}”: " if node is not None and node.name not in problem.message else ""
    return CapacityError(f"“{change.title(level)}” is not possible. {where}{problem.message}", place=problem.node, remedy=remedy)


def _rounding(rounded: tuple[str, ...], multiple: int) -> str:
    if not rounded:
        return ""
    many = f" and {len(rounded) - 2} more" if len(rounded) > 3 else ""
    shown = ", ".join(rounded[:2] if many else rounded)
    why = f" to multiples of {multiple}, which its groups or heads share" if multiple > 1 else ""
    return f"rounded{why}: {shown}{many}"


def _joined(variant: Variant, title: str) -> Variant:
    note = f"{title} gives the same network"
    together = f"{variant.note}; {note}" if variant.note else note
    return Variant(variant.level, variant.title, variant.graph, variant.parameters, variant.macs, together)


def _answers(analysis: Analysis) -> tuple[Shape, ...]:
    """The shapes of the network's outputs."""
    ends = (node.id for node in analysis.graph.nodes.values() if node.layer == "output")
    return tuple(shape for id_ in ends if id_ in analysis.answers for shape in analysis.answers[id_].output_shapes)


def _same(one: Graph, other: Graph) -> bool:
    return {n.name: (n.layer, n.block, n.repeat, n.settings) for n in one.nodes.values()} == {
        n.name: (n.layer, n.block, n.repeat, n.settings) for n in other.nodes.values()
    } and one.blocks == other.blocks


def _say(shapes: tuple[Shape, ...]) -> str:
    return ", ".join(map(show, shapes)) or "nothing"


def _whole(value: Value) -> int | None:
    """A whole number, or the one number of a tuple that is the same for all axes."""
    if isinstance(value, tuple | list) and len(set(value)) == 1:
        value = value[0]
    return value if type(value) is int else None
