"""A snippet of PyTorch as layers: `nn.Sequential(...)`, a list of modules, or what printing them shows. Read, never executed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from inspect import Parameter, signature
from typing import Any

from msgspec import Struct

from netbuilder.core.errors import GraphError
from netbuilder.core.graph import Value
from netbuilder.core.names import check_name
from netbuilder.layers.declare import Layer, LayerError, find
from netbuilder.layers.settings import read

_LONGEST = 200_000
_MOST = 2000
_LARGEST = 10**9
_WRAPPERS = {"Sequential", "ModuleList", "OrderedDict", "list", "tuple"}
_INFERRED = {
    "in_channels", "in_features", "in1_features", "in2_features", "num_features", "num_channels", "normalized_shape", "input_size",
    "inplace", "device", "dtype", "track_running_stats", "batch_first", "_weight", "_freeze",
}  # fmt: skip
"""Arguments that Netbuilder infers from the inputs, or that do not change what is computed."""
_LISTS = {"normalized_shape", "unflattened_size"}
"""Arguments whose numbers are no repetition of one number, even where they are the same."""
_PRINTED = re.compile(r"^(\s*)\((\w+)\):\s*", re.MULTILINE)
_AROUND = re.compile(r"^```.*$|^(?:>>>|\.\.\.) ?", re.MULTILINE)
"""What stands around code in a chat or a session: fences and prompts."""


class Snippet(Struct, frozen=True):
    """What was read: layers as `core.build.chain` takes them, and sentences about what was left out."""

    layers: tuple[tuple[str, Mapping[str, Value], str], ...]
    notes: tuple[str, ...] = ()


def looks_like_source(text: str) -> bool:
    """Whether it is worth trying: it calls some name with a capital letter, as modules have."""
    return len(text) <= _LONGEST and re.search(r"\b[A-Z]\w*\s*\(", text) is not None


def read_snippet(text: str) -> Snippet:
    """Read a snippet; raises `GraphError` with the line and what is not understood."""
    reader = _Reader()
    layers = tuple(reader.modules(reader.found(_AROUND.sub("", text))))
    if not layers:
        raise GraphError("There is no module such as nn.Linear(120, 84) in this text.", remedy="Copy an nn.Sequential(...), then paste.")
    return Snippet(layers, tuple(dict.fromkeys(reader.notes)))


def _outermost(tree: ast.AST) -> Iterator[ast.Call]:
    """Every Sequential that is not inside another one, from top to bottom."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call) and _name(node.func) == "Sequential":
            yield node
        else:
            yield from _outermost(node)


def _unprinted(text: str) -> str:
    """What `print(model)` shows as Python: `(0): ReLU()` becomes `_0=ReLU(),`."""
    named = _PRINTED.sub(r"\1_\2=", text)
    return re.sub(r"\)\s*$", "),", named, flags=re.MULTILINE).strip().rstrip(",")


def _name(function: ast.expr) -> str:
    """The last part of what is called: `Conv2d` for `torch.nn.Conv2d`."""
    return function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""


class _Reader:
    """Walks through an expression; `notes` collects what was left out."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self._count = 0
        self._names: set[str] = set()

    def found(self, text: str) -> ast.expr:
        """The expression that holds the modules: the first Sequential, or all that stands there, or the right side of an assignment."""
        readable = False
        for candidate in (text, f"(\n{text}\n)", f"[\n{text}\n]", _unprinted(text)):
            try:
                tree = ast.parse(candidate.strip())
                rows = list(_outermost(tree))
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
            if len(rows) > 1:
                self.notes.append(f"This text holds {len(rows)} rows of layers; this is the first. Copy each to paste it.")
            if rows:
                return rows[0]
            last = tree.body[-1] if tree.body else None
            if isinstance(last, ast.Expr | ast.Assign | ast.AnnAssign | ast.Return) and last.value is not None:
                return last.value
            readable = True
        what = "This Python holds no nn.Sequential(...)" if readable else "The text on the clipboard is no Python that can be read"
        raise GraphError(f"{what}.", remedy="Copy a whole nn.Sequential(...), then paste.")

    def modules(self, node: ast.expr, name: str = "") -> Iterator[tuple[str, Mapping[str, Value], str]]:
        """The layers of a module, a container of modules, or a row of them, in order."""
        if isinstance(node, ast.Starred):
            yield from self.modules(node.value)
        elif isinstance(node, ast.List | ast.Tuple):
            for item in node.elts:
                yield from self._entry(item)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                yield from self.modules(value, str(key.value) if isinstance(key, ast.Constant) else "")
        elif isinstance(node, ast.Call) and _name(node.func) in _WRAPPERS:
            for item in node.args:
                yield from self._entry(item)
            for keyword in node.keywords:
                yield from self.modules(keyword.value, (keyword.arg or "").removeprefix("_"))
        elif isinstance(node, ast.Call) and _name(node.func) == "requires_grad_" and isinstance(node.func, ast.Attribute):
            yield from self.modules(node.func.value, name)
        elif isinstance(node, ast.Call):
            self._count += 1
            if self._count > _MOST:
                raise GraphError(f"A snippet may hold at most {_MOST:,} modules.", remedy="Paste it in parts.")
            yield self._layer(node, name)
        else:
            raise GraphError(f"“{_short(node)}” in line {node.lineno} is no module.", remedy="Write each as nn.Name(...).")

    def _entry(self, item: ast.expr) -> Iterator[tuple[str, Mapping[str, Value], str]]:
        """A module, or a pair of a name and a module as in an OrderedDict."""
        if isinstance(item, ast.Tuple) and len(item.elts) == 2 and isinstance(item.elts[0], ast.Constant):
            yield from self.modules(item.elts[1], str(item.elts[0].value))
        else:
            yield from self.modules(item)

    def _layer(self, call: ast.Call, name: str) -> tuple[str, Mapping[str, Value], str]:
        title = _name(call.func).removeprefix("Lazy")
        kind = find(title.lower())
        if kind is None:
            raise GraphError(
                f"“{_name(call.func) or _short(call)}” in line {call.lineno} is no layer that Netbuilder knows.",
                remedy="Leave it out, or replace it by layers of the palette.",
            )
        if kind.about.inputs != ("in",) or not kind.about.outputs:
            raise GraphError(
                f"{title} in line {call.lineno} cannot stand in a row: it takes several inputs.", remedy="Add it from the palette."
            )
        settings = self._settings(kind, title, call)
        try:
            read(kind, settings)
        except LayerError as error:
            raise GraphError(f"{title} in line {call.lineno}: {error.message}", remedy=error.remedy) from None
        return kind.about.name, settings, self._free(name)

    def _settings(self, kind: type[Layer], title: str, call: ast.Call) -> dict[str, Value]:
        """Arguments by name; what is the default anyway, or follows from the input, is left out."""
        arguments: dict[str, Value] = {}
        names = argument_names(title) or list(kind.__struct_encode_fields__)
        for number, given in enumerate(call.args):
            if number >= len(names):
                raise GraphError(f"{title} in line {call.lineno} takes at most {len(names)} arguments, not {len(call.args)}.")
            arguments[names[number]] = self._value(given, title, names[number])
        for keyword in call.keywords:
            arguments[keyword.arg or "**"] = self._value(keyword.value, title, keyword.arg or "**")
        settings: dict[str, Value] = {}
        for argument, value in arguments.items():
            if argument in kind.__struct_encode_fields__:
                value = value if argument in _LISTS else plain(value)
                if value != kind.defaults().get(argument, _MISSING):
                    settings[argument] = value
            elif argument not in _INFERRED:
                self.notes.append(f"{title} has no setting “{argument}” here; it was left out.")
        return settings

    def _value(self, node: ast.expr, title: str, argument: str) -> Value:
        try:
            return _evaluate(node)
        except (ValueError, ArithmeticError, TypeError):
            if argument in _INFERRED:
                return None
            raise GraphError(
                f"{argument} of {title} in line {node.lineno} is “{_short(node)}”, which is no plain value.",
                remedy="Write numbers instead of variables.",
            ) from None

    def _free(self, name: str) -> str:
        """A name that a node may have; a number or a name that is taken is none."""
        try:
            check_name(name)
        except GraphError:
            return ""
        if name.isdigit() or name in self._names:
            return ""
        self._names.add(name)
        return name


_MISSING = object()


def argument_names(title: str) -> list[str]:
    """The arguments of a torch module in their order; empty for a layer that torch does not have."""
    import torch

    module = getattr(torch.nn, title, None)
    if not isinstance(module, type):
        return []
    plain = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    return [name for name, parameter in signature(module).parameters.items() if parameter.kind in plain]


def plain(value: Value) -> Value:
    """Lists as tuples; one number where all are the same."""
    if isinstance(value, list | tuple):
        items = tuple(value)
        return items[0] if len(items) in (2, 3) and len(set(items)) == 1 and isinstance(items[0], int) else items
    return value


def _evaluate(node: ast.expr) -> Any:
    """A literal, or arithmetic with numbers; raises `ValueError` for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float | str | bool | None):
        return node.value
    if isinstance(node, ast.Tuple | ast.List):
        return tuple(_evaluate(item) for item in node.elts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        value = _number(_evaluate(node.operand))
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp):
        return _arithmetic(node.op, _number(_evaluate(node.left)), _number(_evaluate(node.right)))
    raise ValueError("not a plain value")


def _arithmetic(op: ast.operator, left: float, right: float) -> float:
    if isinstance(op, ast.Add):
        return _number(left + right)
    if isinstance(op, ast.Sub):
        return _number(left - right)
    if isinstance(op, ast.Mult):
        return _number(left * right)
    if isinstance(op, ast.Div):
        return _number(left / right)
    if isinstance(op, ast.FloorDiv):
        return _number(left // right)
    if isinstance(op, ast.Pow) and abs(right) <= 64 and abs(left) <= 4096:
        return _number(left**right)
    raise ValueError("not plain arithmetic")


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -_LARGEST <= value <= _LARGEST:
        raise ValueError("not a number")
    return value


def _short(node: ast.AST) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 40 else f"{text[:39]}…"
