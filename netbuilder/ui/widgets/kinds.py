"""What a field of a declaration accepts, and how its values are written and read back. No widgets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import msgspec.inspect as inspection

from netbuilder.core.graph import Value

SHARE = "share"
"""The unit of numbers that are a part of the whole below one, and a count from one on."""
LARGEST = 10**18
"""Whole numbers that a project file holds are smaller."""


@dataclass(frozen=True)
class Kind:
    """Everything a field needs to know: accepted types, choices, length of a tuple, words."""

    bool_: bool = False
    int_: bool = False
    float_: bool = False
    text: bool = False
    none: bool = False
    choices: tuple[Value, ...] = ()
    many: bool = False
    length: int | None = None
    item_float: bool = False
    minimum: float | None = None
    maximum: float | None = None
    tip: str = ""
    unit: str = ""
    family: str = ""
    path: str = ""

    @property
    def only_choices(self) -> bool:
        """Whether nothing but the listed words is accepted."""
        return bool(self.choices) and not (self.int_ or self.float_ or self.text or self.many)

    @property
    def only_bool(self) -> bool:
        """Whether it is on or off."""
        return self.bool_ and not (self.int_ or self.float_ or self.text or self.many or self.choices or self.none)


class UnreadableError(ValueError):
    """Text that means no value of the kind; the message says what is expected."""


def kind_of(annotation: Any) -> Kind:
    """Read a type annotation with its `Meta`."""
    return _kind(inspection.type_info(annotation), {})


def _kind(info: Any, found: dict[str, Any]) -> Kind:
    _collect(info, found)
    return Kind(**found)


def _collect(info: Any, found: dict[str, Any]) -> None:
    if isinstance(info, inspection.Metadata):
        found["tip"] = (info.extra_json_schema or {}).get("description", found.get("tip", ""))
        for word in ("unit", "family", "path"):
            found[word] = str((info.extra or {}).get(word, found.get(word, "")))
        _collect(info.type, found)
    elif isinstance(info, inspection.UnionType):
        for part in info.types:
            _collect(part, found)
    elif isinstance(info, inspection.BoolType):
        found["bool_"] = True
    elif isinstance(info, inspection.IntType | inspection.FloatType):
        found["int_" if isinstance(info, inspection.IntType) else "float_"] = True
        found["minimum"] = info.ge if info.ge is not None else info.gt
        found["maximum"] = info.le if info.le is not None else info.lt
    elif isinstance(info, inspection.StrType):
        found["text"] = True
    elif isinstance(info, inspection.NoneType):
        found["none"] = True
    elif isinstance(info, inspection.LiteralType):
        found["choices"] = found.get("choices", ()) + tuple(info.values)
    elif isinstance(info, inspection.VarTupleType | inspection.ListType):
        _collect_items(info, info.item_type, found)
    elif isinstance(info, inspection.TupleType):
        found.update(many=True, length=len(info.item_types))
        found["item_float"] = any(isinstance(_bare(item), inspection.FloatType) for item in info.item_types)


def _collect_items(info: Any, item: Any, found: dict[str, Any]) -> None:
    found["many"] = True
    if info.min_length is not None and info.min_length == info.max_length:
        found["length"] = info.min_length
    kinds: dict[str, Any] = {}
    _collect(item, kinds)
    found["item_float"] = bool(kinds.get("float_"))
    found.setdefault("minimum", kinds.get("minimum"))
    found.setdefault("maximum", kinds.get("maximum"))


def _bare(info: Any) -> Any:
    return info.type if isinstance(info, inspection.Metadata) else info


def write(kind: Kind, value: Value) -> str:
    """A value as people write it: `5 × 5`, `0.0001`, `8.33 %` of a share, `none`."""
    if value is None:
        return "none" if kind.none else ""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list | tuple):
        return " × ".join(_number(item) for item in value)
    if isinstance(value, int) and kind.many and kind.length:
        return " × ".join([str(value)] * kind.length)
    if kind.unit == SHARE and isinstance(value, float) and 0 < value < 1:
        return f"{100 * value:.3g} %"
    return _number(value)


def _number(value: Value) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


_BETWEEN = re.compile(r"\s*[×x*,;]\s*|\s+")


def read(kind: Kind, text: str) -> Value:
    """The value that the text means; raises `UnreadableError` with what is expected."""
    text = text.strip().strip("()[]").strip()
    if not text or text.lower() == "none":
        if kind.none:
            return None
        if kind.text and not text:
            return ""
        raise UnreadableError(f"Needs {expected(kind)}.")
    for choice in kind.choices:
        if str(choice) == text:
            return choice
    if kind.many and (kind.int_ is False or _BETWEEN.search(text)):
        return _read_many(kind, text)
    if kind.unit == SHARE and text.endswith("%"):
        percent = _read_number(text[:-1].strip(), True)
        if percent is None:
            raise UnreadableError(f"“{text}” is not {expected(kind)}.")
        return percent / 100
    if kind.int_ or kind.float_ or kind.many:
        number = _read_number(text, kind.float_)
        if number is not None:
            return number
        if not kind.text:
            raise UnreadableError(f"“{text}” is not {expected(kind)}.")
    if kind.bool_ and text in ("on", "off"):
        return text == "on"
    if kind.text:
        return text
    raise UnreadableError(f"“{text}” is not {expected(kind)}.")


def _read_many(kind: Kind, text: str) -> Value:
    numbers = [_read_number(part, kind.item_float) for part in _BETWEEN.split(text) if part]
    if any(number is None for number in numbers) or (kind.length is not None and len(numbers) not in (kind.length, 1)):
        raise UnreadableError(f"“{text}” is not {expected(kind)}.")
    if kind.length is not None and kind.int_ and len(set(numbers)) == 1:
        return numbers[0]
    if kind.length is not None and len(numbers) == 1:
        return tuple(numbers * kind.length)
    return tuple(numbers)


def _read_number(text: str, fraction: bool) -> int | float | None:
    try:
        whole = int(text.replace("_", ""))
    except ValueError:
        pass
    else:
        if abs(whole) >= LARGEST:
            raise UnreadableError("Numbers have at most 18 digits.")
        return whole
    if not fraction:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value == value and abs(value) != float("inf") else None


def expected(kind: Kind) -> str:
    """What may be written, in words."""
    if kind.only_choices:
        return "one of " + ", ".join(str(choice) for choice in kind.choices)
    words = []
    if kind.unit == SHARE:
        words.append("a share such as 10 %, or a count")
    elif kind.float_:
        words.append("a number such as 0.01")
    elif kind.int_ and kind.many and kind.length:
        words.append("a whole number, or " + " × ".join(["n"] * kind.length))
    elif kind.int_:
        words.append("a whole number")
    elif kind.many:
        words.append("numbers such as " + " × ".join(["3"] * (kind.length or 2)))
    elif kind.text:
        words.append("a text")
    words += [str(choice) for choice in kind.choices]
    if kind.none:
        words.append("none")
    return " or ".join(words)


def step(kind: Kind, value: Value, by: int) -> Value:
    """The value one up or down for the arrow keys, inside its range; unchanged when it cannot be counted."""
    if isinstance(value, bool) or kind.float_:
        return value
    if isinstance(value, int):
        return int(_clamp(kind, value + by))
    if isinstance(value, tuple) and value and all(isinstance(item, int) for item in value):
        return tuple(int(_clamp(kind, item + by)) for item in value)
    return value


def countable(kind: Kind, value: Value) -> bool:
    """Whether the value is one whole number, or the same one several times, so that arrows beside it make sense."""
    same = not isinstance(value, tuple) or len(set(value)) == 1
    return same and any(step(kind, value, by) != value for by in (1, -1))


def _clamp(kind: Kind, value: float) -> float:
    low = value if kind.minimum is None else max(value, kind.minimum)
    return low if kind.maximum is None else min(low, kind.maximum)
