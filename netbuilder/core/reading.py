"""From parsed JSON to a project: every field checked, every unknown field kept."""

from __future__ import annotations

import re
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from netbuilder.core.document import Project
from netbuilder.core.errors import GraphError
from netbuilder.core.graph import MOST_NODES, MOST_REPEATS, Block, BlockParameter, Direction, Frame, Graph, Node, Port
from netbuilder.core.names import check_name

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_Name = Annotated[str, Meta(min_length=1, max_length=256)]
_Repeat = Annotated[int, Meta(ge=1, le=MOST_REPEATS)]
_Mapping = dict[str, Any]
_Rows = tuple[dict[str, Any], ...]
R = TypeVar("R", bound=msgspec.Struct)


class Misfit(ValueError):  # noqa: N818
    """What does not fit, as the second half of a sentence, and what to do about it."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class _Project(msgspec.Struct, frozen=True):
    name: str = "Untitled"
    graph: _Mapping = {}
    training: _Mapping = {}
    data: _Mapping = {}
    bookmarks: _Mapping = {}


class _Graph(msgspec.Struct, frozen=True):
    nodes: _Rows = ()
    links: tuple[tuple[str, _Name, str, _Name], ...] = ()
    blocks: _Rows = ()
    frames: _Rows = ()
    direction: Direction = "right"


class _Node(msgspec.Struct, frozen=True):
    id: str
    layer: _Name
    name: str
    settings: _Mapping = {}
    position: tuple[float, float] = (0.0, 0.0)
    block: str = ""
    repeat: _Repeat = 1
    linked: bool = False
    training: _Mapping = {}


class _Frame(msgspec.Struct, frozen=True):
    id: str
    text: str
    position: tuple[float, float]
    size: tuple[float, float]
    colour: str = ""
    comment: bool = False


class _Block(msgspec.Struct, frozen=True):
    name: _Name
    graph: _Mapping
    parameters: _Rows = ()


class _Parameter(msgspec.Struct, frozen=True):
    name: _Name
    default: Any
    tip: str = ""


def read_project(raw: dict[str, Any]) -> Project:
    """The project that a document of the present version describes; raises `Misfit`."""
    fields, extra = _read(_Project, raw, "the project")
    graph = _read_graph(fields.graph, "graph", _Budget())
    return Project(fields.name, graph, fields.training, fields.data, fields.bookmarks, extra)


def read_graph(raw: dict[str, Any]) -> Graph:
    """The graph alone, as the clipboard holds it; raises `Misfit`."""
    return _read_graph(raw, "graph", _Budget())


class _Budget:
    """Counts nodes over all blocks, so that a file cannot ask for more than the limit in pieces."""

    def __init__(self) -> None:
        self.left = MOST_NODES

    def spend(self, nodes: int) -> None:
        self.left -= nodes
        if self.left < 0:
            raise Misfit(f"it has more than {MOST_NODES:,} layers", "Split it into several projects.")


def _read_graph(raw: dict[str, Any], place: str, budget: _Budget) -> Graph:
    fields, extra = _read(_Graph, raw, place)
    budget.spend(len(fields.nodes))
    nodes = _nodes(fields.nodes, place)
    blocks: dict[str, Block] = {}
    for index, row in enumerate(fields.blocks):
        block = _read_block(row, f"{place} › block {index + 1}", budget)
        if block.name in blocks:
            raise Misfit(f"{place} has two blocks called “{block.name}”", "Rename one of them.")
        blocks[block.name] = block
    frames: dict[str, Frame] = {}
    for index, row in enumerate(fields.frames):
        frame, more = _read(_Frame, row, f"{place} › frame {index + 1}")
        if frame.id in frames:
            raise Misfit(f"{place} has two frames with the id “{frame.id}”", "Give one of them another id.")
        frames[frame.id] = Frame(frame.id, frame.text, frame.position, frame.size, frame.colour, frame.comment, more)
    return Graph(nodes, _links(fields.links, nodes, place), blocks, frames, extra, fields.direction)


def _nodes(rows: _Rows, place: str) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    names: set[str] = set()
    for index, row in enumerate(rows):
        fields, extra = _read(_Node, row, f"{place} › layer {index + 1}")
        try:
            check_name(fields.name, kept=True)
        except GraphError as error:
            raise Misfit(f"in {place}, {error.message[0].lower()}{error.message[1:].rstrip('.')}", error.remedy or "") from None
        if not _ID.fullmatch(fields.id):
            raise Misfit(f"in {place}, “{fields.id[:40]}” cannot be a layer's id", "Use letters, digits, - and _.")
        if fields.id in nodes or fields.name in names:
            same = f"called “{fields.name}”" if fields.name in names else f"with the id “{fields.id}”"
            raise Misfit(f"in {place}, there are two layers {same}", "Change one of them.")
        names.add(fields.name)
        nodes[fields.id] = Node(**msgspec.structs.asdict(fields), extra=extra)
    return nodes


def _links(rows: tuple[tuple[str, str, str, str], ...], nodes: dict[str, Node], place: str) -> dict[Port, Port]:
    links: dict[Port, Port] = {}
    for source, leaves, target, enters in rows:
        for id_ in (source, target):
            if id_ not in nodes:
                raise Misfit(f"in {place}, a wire is tied to the layer “{id_[:40]}”, which does not exist", "Remove that wire.")
        port = Port(target, enters)
        if port in links:
            raise Misfit(f"in {place}, two wires end at the input “{enters}” of “{nodes[target].name}”", "Remove one of them.")
        links[port] = Port(source, leaves)
    return links


def _read_block(row: dict[str, Any], place: str, budget: _Budget) -> Block:
    fields, extra = _read(_Block, row, place)
    parameters = []
    for index, each in enumerate(fields.parameters):
        parameter, more = _read(_Parameter, each, f"{place} › parameter {index + 1}")
        parameters.append(BlockParameter(parameter.name, parameter.default, parameter.tip, more))
    return Block(fields.name, _read_graph(fields.graph, place, budget), tuple(parameters), extra)


def _read(kind: type[R], raw: dict[str, Any], place: str) -> tuple[R, dict[str, Any]]:
    """The known fields, checked, and the unknown ones as they are."""
    known = kind.__struct_fields__
    try:
        fields = msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise Misfit(f"in {place}, {_words(str(error))}") from None
    return fields, {key: value for key, value in raw.items() if key not in known}


def _words(text: str) -> str:
    """msgspec's message in words: which field, and what it must be."""
    missing = re.search(r"missing required field `(\w+)`", text)
    if missing:
        return f"“{missing[1]}” is missing"
    fault, _, at = text.partition(" - at `$")
    field = at.strip("`").strip(".")
    for code, word in (("`int`", "a whole number"), ("`float`", "a number"), ("`str`", "a text"), ("`object`", "an object {…}")):
        fault = fault.replace(code, word)
    fault = fault.removeprefix("Expected ").replace("`array`", "a list […]").replace(">=", "of at least").replace("<=", "of at most")
    wanted, _, got = fault.partition(", got ")
    return f"“{field}” must be {wanted}" + (f", but it is {got}" if got else "")
