"""Strict JSON: no duplicate keys, no NaN; size, depth and numbers are bounded."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

LARGEST = 32 * 1024 * 1024
DEEPEST = 64
_BIGGEST_INTEGER = 2**63


class StrictError(ValueError):
    """What is wrong with a text, as the second half of a sentence, and what to do about it."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


def parse(data: bytes) -> Any:
    """The value that `data` encodes, arrays as tuples; raises `StrictError` for anything doubtful."""
    if len(data) > LARGEST:
        raise StrictError(f"it is larger than {LARGEST // 1024**2} MiB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise StrictError("it is not text in UTF-8") from None
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_float=_number, parse_int=_integer, parse_constant=_constant)
    except json.JSONDecodeError as error:
        raise _explain(text, error) from None
    except RecursionError:
        raise StrictError(f"it is nested more than {DEEPEST} levels deep") from None
    return _settle(value, 1)


def line(value: Any) -> str:
    """`value` on one line; raises `StrictError` when JSON cannot express it."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(", ", ": "))
    except (TypeError, ValueError, RecursionError) as error:
        raise StrictError(f"a value in it cannot be written ({error})") from None


def _object(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise StrictError(f"the name “{key}” occurs twice in one place", "Delete one of the two.")
        result[key] = value
    return result


def _number(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise StrictError(f"the number {text[:20]} is too large")
    return value


def _integer(text: str) -> int:
    if len(text) > 20 or not -_BIGGEST_INTEGER <= (value := int(text)) < _BIGGEST_INTEGER:
        raise StrictError(f"the number {text[:20]} is too large")
    return value


def _constant(text: str) -> Any:
    raise StrictError(f"{text} is not a number that a project can hold", "Write a finite number.")


def _settle(value: Any, depth: int) -> Any:
    """Turn arrays into tuples, and refuse what is nested too deeply or is broken text."""
    if isinstance(value, str):
        _proper(value)
    elif isinstance(value, list | dict):
        if depth > DEEPEST:
            raise StrictError(f"it is nested more than {DEEPEST} levels deep")
        if isinstance(value, list):
            return tuple(_settle(item, depth + 1) if isinstance(item, _CHECKED) else item for item in value)
        for key in value:
            _proper(key)
        return {key: _settle(item, depth + 1) if isinstance(item, _CHECKED) else item for key, item in value.items()}
    return value


_CHECKED = (list, dict, str)


def _proper(text: str) -> None:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise StrictError("it holds a broken character (half of a surrogate pair)") from None


def _explain(text: str, error: json.JSONDecodeError) -> StrictError:
    if not text.strip():
        return StrictError("it is empty")
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return StrictError(f"it breaks off at line {error.lineno}, so part of it is missing")
    return StrictError(f"line {error.lineno}, column {error.colno} is not valid JSON ({error.msg[0].lower()}{error.msg[1:]})")
