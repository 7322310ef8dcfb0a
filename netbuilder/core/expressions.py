"""Arithmetic on a block's parameters: `"$channels * 4"`, `"$(width // 2) + 1"`.

A setting inside a block is an expression if it is a text that begins with `$`. Expressions consist of numbers, names of
parameters, `+ - * / // % **` with Python's precedence, and parentheses; nothing else, so a file can neither call nor look up anything.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from math import isfinite
from typing import NamedTuple

from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Value

SIGN = "$"
LONGEST = 256
_DEEPEST = 32
_LARGEST = 2**63
_HIGHEST_POWER = 64

_TOKEN = re.compile(r"\s*(?:((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|([A-Za-z_][A-Za-z0-9_]*)|(\*\*|//|[-+*/%()]))")
_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "//": 2, "%": 2}
_UNARY, _POWER = 3, 4
_REMEDY = "Use numbers, the block's parameters, + - * / // % ** and parentheses."


class ExpressionError(NetbuilderError):
    """An expression that cannot be read or evaluated. `place` is its text from the fault on."""


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


class _Tree(NamedTuple):
    """A number, a name, or an operator with its operands; `at` is the place in the text."""

    head: str | int | float
    at: int
    operands: tuple[_Tree, ...] = ()


def is_expression(value: Value) -> bool:
    """Whether a setting is an expression instead of a plain value."""
    return isinstance(value, str) and value.startswith(SIGN)


def names_in(value: Value) -> frozenset[str]:
    """The parameters that a setting refers to, also from inside tuples and mappings; raises `ExpressionError`."""
    if is_expression(value):
        _parse(value)
        return frozenset(token.text for token in _tokens(value) if token.kind == "name")
    if isinstance(value, tuple | list):
        return frozenset().union(*map(names_in, value))
    return frozenset().union(*map(names_in, value.values())) if isinstance(value, Mapping) else frozenset()


def evaluate(text: str, values: Mapping[str, Value]) -> Value:
    """The value of an expression. A name alone gives its parameter's value, whatever that is; arithmetic needs numbers.

    Whole numbers stay whole where they can: `8 / 2` is 4, `1 / 2` is 0.5. Raises `ExpressionError`.
    """
    tree = _parse(text)
    return _value(text, tree, values) if tree.operands else _leaf(text, tree, values)


def substitute(value: Value, values: Mapping[str, Value]) -> Value:
    """A setting with every expression in it evaluated; raises `ExpressionError`."""
    if is_expression(value):
        return evaluate(value, values)
    if isinstance(value, tuple | list):
        return tuple(substitute(item, values) for item in value)
    return {key: substitute(item, values) for key, item in value.items()} if isinstance(value, Mapping) else value


def rewrite(value: Value, values: Mapping[str, Value]) -> Value:
    """A setting with only these parameters replaced, by values or by expressions; the other names stay. Raises `ExpressionError`."""
    if isinstance(value, tuple | list):
        return tuple(rewrite(item, values) for item in value)
    if isinstance(value, Mapping):
        return {key: rewrite(item, values) for key, item in value.items()}
    if not is_expression(value) or not (used := names_in(value)) & values.keys():
        return value
    if used <= values.keys() and not any(is_expression(values[name]) for name in used):
        return evaluate(value, values)
    tokens = _tokens(value)
    if len(tokens) == 1:
        return values[tokens[0].text]
    words = [_inserted(value, token, values) if token.kind == "name" and token.text in values else token.text for token in tokens]
    return SIGN + " ".join(words).replace("( ", "(").replace(" )", ")")


def _inserted(text: str, token: _Token, values: Mapping[str, Value]) -> str:
    value = values[token.text]
    if is_expression(value):
        inner = _tokens(value)
        return value[1:].strip() if len(inner) == 1 else f"({value[1:].strip()})"
    number = _number(text, token.at, token.text, value)
    return f"({number!r})" if number < 0 else repr(number)


def _refused(text: str, at: int, message: str, remedy: str = _REMEDY) -> ExpressionError:
    return ExpressionError(f"In “{text[:60]}”, {message}.", place=text[at:], remedy=remedy)


@lru_cache(maxsize=1024)
def _tokens(text: str) -> tuple[_Token, ...]:
    if len(text) > LONGEST:
        raise ExpressionError(f"The expression “{text[:20]}…” is too long.", remedy=f"Use at most {LONGEST} characters.")
    tokens: list[_Token] = []
    at, end = len(SIGN), len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None:
            raise _refused(text, at, _call(text, tokens) or _strange(text[at:].lstrip()))
        kind = ("number", "name", "operator")[(found.lastindex or 1) - 1]
        tokens.append(_Token(kind, found[found.lastindex or 1], found.start(found.lastindex or 1)))
        at = found.end()
    return tuple(tokens)


def _call(text: str, tokens: Sequence[_Token]) -> str:
    """What to say when a name is followed by a parenthesis; nothing otherwise."""
    called = next((name for name, after in pairwise(tokens) if name.kind == "name" and after.text == "("), None)
    return f"“{text[called.at :][:12]}” is a call, which an expression cannot have" if called else ""


def _strange(rest: str) -> str:
    if rest.startswith("."):
        return f"“{rest[:12]}” asks for an attribute, which an expression cannot have"
    if rest.startswith(SIGN):
        return f"“{rest[:12]}” has another $; it stands only at the beginning"
    return f"“{rest[:1]}” means nothing"


@lru_cache(maxsize=1024)
def _parse(text: str) -> _Tree:
    tree, at = _operation(text, _tokens(text), 0, 0, 0)
    if at < len(_tokens(text)):
        token = _tokens(text)[at]
        raise _refused(text, token.at, _call(text, _tokens(text)) or f"there is no operator before “{text[token.at :][:12]}”")
    return tree


def _operation(text: str, tokens: tuple[_Token, ...], at: int, least: int, depth: int) -> tuple[_Tree, int]:
    """Precedence climbing: an operand and every operator after it that binds at least as strongly as `least`."""
    left, at = _operand(text, tokens, at, depth)
    while at < len(tokens) and _STRENGTH.get(tokens[at].text, -1) >= least:
        token = tokens[at]
        right, at = _operation(text, tokens, at + 1, _STRENGTH[token.text] + 1, depth + 1)
        left = _Tree(token.text, token.at, (left, right))
    return left, at


def _operand(text: str, tokens: tuple[_Token, ...], at: int, depth: int) -> tuple[_Tree, int]:
    if at >= len(tokens):
        raise _refused(text, len(text), "something is missing at the end")
    if depth > _DEEPEST:
        raise _refused(text, tokens[at].at, "too much is nested", "Write it in a simpler way.")
    token = tokens[at]
    if token.text in ("+", "-"):
        inner, at = _operation(text, tokens, at + 1, _UNARY, depth + 1)
        return _Tree(token.text, token.at, (inner,)), at
    if token.text == "(":
        inner, at = _operation(text, tokens, at + 1, 0, depth + 1)
        if at >= len(tokens) or tokens[at].text != ")":
            where = tokens[at].at if at < len(tokens) else len(text)
            raise _refused(text, where, "a parenthesis is not closed", "Add the missing “)”.")
        base, at = inner, at + 1
    elif token.kind == "operator":
        raise _refused(text, token.at, f"a number or a parameter is missing before “{token.text}”")
    else:
        base, at = _Tree(token.text if token.kind == "name" else _literal(token.text), token.at), at + 1
    if at < len(tokens) and tokens[at].text == "**":
        power, after = _operation(text, tokens, at + 1, _UNARY, depth + 1)
        return _Tree("**", tokens[at].at, (base, power)), after
    return base, at


def _literal(text: str) -> int | float:
    return int(text) if text.isdecimal() else float(text)


def _leaf(text: str, tree: _Tree, values: Mapping[str, Value]) -> Value:
    if not isinstance(tree.head, str):
        return _bounded(text, tree.at, tree.head)
    if tree.head not in values:
        known = ", ".join(values) or "none yet"
        raise _refused(text, tree.at, f"“{tree.head}” is not a parameter of the block", f"Its parameters are: {known}.")
    return values[tree.head]


def _value(text: str, tree: _Tree, values: Mapping[str, Value]) -> int | float:
    if not tree.operands:
        return _number(text, tree.at, str(tree.head), _leaf(text, tree, values))
    operands = [_value(text, operand, values) for operand in tree.operands]
    if len(operands) == 1:
        return -operands[0] if tree.head == "-" else operands[0]
    return _bounded(text, tree.at, _computed(text, tree, *operands))


def _computed(text: str, tree: _Tree, a: int | float, b: int | float) -> int | float | complex:
    if tree.head in ("/", "//", "%") and b == 0:
        raise _refused(text, tree.at, "something is divided by zero", "Choose parameters so that the divisor is not 0.")
    if tree.head == "**" and (abs(b) > _HIGHEST_POWER or (a == 0 and b < 0)):
        raise _refused(text, tree.at, f"the power {a} ** {b} cannot be worked out", f"Use powers up to {_HIGHEST_POWER}.")
    try:
        if tree.head == "/" and isinstance(a, int) and isinstance(b, int) and a % b == 0:
            return a // b
        result: int | float | complex = _OPERATORS[str(tree.head)](a, b)
    except OverflowError:
        raise _refused(text, tree.at, "the number becomes too large", "Use smaller numbers.") from None
    return result


_OPERATORS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
}


def _told(value: Value) -> str:
    return f"the text “{value}”" if isinstance(value, str) else str(value)


def _number(text: str, at: int, name: str, value: Value) -> int | float:
    """A parameter's value as something to compute with."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _refused(text, at, f"“{name}” is {_told(value)}, and only numbers can be computed with", "Use that parameter alone.")
    return _bounded(text, at, value)


def _bounded(text: str, at: int, value: int | float | complex) -> int | float:
    if isinstance(value, complex):
        raise _refused(text, at, "a root of a negative number is taken", "Choose parameters so that it is positive.")
    if not (-_LARGEST <= value < _LARGEST if isinstance(value, int) else isfinite(value)):
        raise _refused(text, at, "the number becomes too large", "Use smaller numbers.")
    return value
