"""From a project to the text of its file: fixed key order, defaults left out, one node or wire on a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from netbuilder.core.document import Project
from netbuilder.core.graph import Block, Frame, Graph, Node, Value
from netbuilder.core.strict_json import line

_WIDTH = 110


def write_project(project: Project, form: str, version: int) -> str:
    """The whole file, ending in a line break; raises `StrictError` for values that JSON cannot express."""
    fields: dict[str, str] = {"format": line(form), "version": line(version), "name": line(project.name)}
    fields["graph"] = _graph(project.graph, 1)
    for name in ("training", "data", "bookmarks"):
        settings = getattr(project, name)
        if settings:
            fields[name] = _value(settings, 1)
    return _object(_with_extra(fields, project.extra, 1), 0) + "\n"


def write_graph(graph: Graph) -> str:
    """The graph alone, as the clipboard holds it."""
    return _graph(graph, 0)


def _graph(graph: Graph, depth: int) -> str:
    fields: dict[str, str] = {"nodes": _rows((line(_node(node)) for node in graph.nodes.values()), depth + 1)}
    if graph.links:
        fields["links"] = _rows((line([*source, *target]) for target, source in graph.links.items()), depth + 1)
    if graph.blocks:
        fields["blocks"] = _rows((_block(block, depth + 2) for block in graph.blocks.values()), depth + 1)
    if graph.frames:
        fields["frames"] = _rows((line(_frame(frame)) for frame in graph.frames.values()), depth + 1)
    if graph.direction != "right":
        fields["direction"] = line(graph.direction)
    return _object(_with_extra(fields, graph.extra, depth + 1), depth)


def _node(node: Node) -> dict[str, Value]:
    row: dict[str, Value] = {"id": node.id, "layer": node.layer, "name": node.name}
    if node.settings:
        row["settings"] = node.settings
    row["position"] = [_short(number) for number in node.position]
    if node.block:
        row["block"] = node.block
    if node.repeat != 1:
        row["repeat"] = node.repeat
    if node.linked:
        row["linked"] = True
    if node.training:
        row["training"] = node.training
    return {**row, **{key: value for key, value in node.extra.items() if key not in row}}


def _frame(frame: Frame) -> dict[str, Value]:
    row: dict[str, Value] = {"id": frame.id, "text": frame.text}
    row["position"] = [_short(number) for number in frame.position]
    row["size"] = [_short(number) for number in frame.size]
    if frame.colour:
        row["colour"] = frame.colour
    if frame.comment:
        row["comment"] = True
    return {**row, **{key: value for key, value in frame.extra.items() if key not in row}}


def _block(block: Block, depth: int) -> str:
    fields = {"name": line(block.name)}
    if block.parameters:
        rows = [{"name": p.name, "default": p.default, **({"tip": p.tip} if p.tip else {}), **p.extra} for p in block.parameters]
        fields["parameters"] = _rows((line(row) for row in rows), depth + 1)
    fields["graph"] = _graph(block.graph, depth + 1)
    return _object(_with_extra(fields, block.extra, depth + 1), depth)


def _short(number: float) -> float:
    """A coordinate as people write it: `240`, not `240.0`."""
    return int(number) if float(number).is_integer() and abs(number) < 2**53 else number


def _with_extra(fields: dict[str, str], extra: Mapping[str, Value], depth: int) -> dict[str, str]:
    return {**fields, **{key: _value(value, depth) for key, value in extra.items() if key not in fields}}


def _value(value: Any, depth: int) -> str:
    """A setting: on one line when it is short, otherwise with each entry on a line of its own."""
    flat = line(value)
    if len(flat) <= _WIDTH and not (depth <= 1 and isinstance(value, Mapping)):
        return flat
    if isinstance(value, Mapping):
        return _object({key: _value(item, depth + 1) for key, item in value.items()}, depth)
    if isinstance(value, list | tuple):
        return _rows((_value(item, depth + 1) for item in value), depth)
    return flat


def _object(fields: Mapping[str, str], depth: int) -> str:
    if not fields:
        return "{}"
    pad = "  " * (depth + 1)
    body = ",\n".join(f"{pad}{line(key)}: {text}" for key, text in fields.items())
    return f"{{\n{body}\n{'  ' * depth}}}"


def _rows(rows: Iterable[str], depth: int) -> str:
    pad = "  " * (depth + 1)
    body = ",\n".join(pad + row for row in rows)
    return f"[\n{body}\n{'  ' * depth}]" if body else "[]"
