"""Enumerations of Qt for Python, made in a quarter of the time.

A class of Qt brings its enumerations along when it is first touched: two hundred, with two thousand members, before the first window is
painted, a sixth of a start. Python prepares each member for whatever the body of a class may hold; those of Qt are plain names and numbers.
"""

from __future__ import annotations

import enum
import sys
from collections.abc import Mapping
from functools import cache, reduce
from operator import or_
from typing import Any

Enumeration = Any
"""A class made from `Enum`, `IntEnum`, `Flag` or `IntFlag`, or one of these; type checkers know them in their own way."""
BOOKS = {"_member_names_", "_member_map_", "_value2member_map_", "_unhashable_values_", "_unhashable_values_map_"}
"""Where Python keeps the members of an enumeration. With a Python that keeps more, nothing is made here."""
_make_with_care: Any = vars(enum.EnumType)["_create_"]


def make_enums_quickly() -> None:
    """From now on `Enum("Name", [(name, number), …])` is quick. Meant for before the first import of Qt."""
    vars(enum)["EnumType"]._create_ = _make


def _make(kind: Enumeration, class_name: str, names: Any, *, module: str | None = None, **more: Any) -> Enumeration:
    """As `EnumType._create_`, which makes all that Qt for Python does not ask for."""
    module = module or sys._getframe(2).f_globals.get("__name__")
    unusual = more.get("qualname") or more.get("type") or kind.__module__ != enum.__name__
    numbers = {} if unusual else _numbers(names)
    model = _model(kind, more.get("boundary")) if numbers else {}
    if not model or any(each.startswith("_") or each in _taken(kind) for each in numbers):
        return _make_with_care(kind, class_name, names, module=module, **more)
    body = {name: type(value)() if name in BOOKS else value for name, value in model.items()}
    body["__module__"] = module
    made: Enumeration = type.__new__(enum.EnumType, class_name, (kind,), body)
    _fill(made, numbers)
    return made


def _numbers(members: Any) -> Mapping[str, int]:
    """The members, when they are a list of different names with a number each; else nothing."""
    if not isinstance(members, list) or {*map(type, members)} != {tuple} or {*map(len, members)} != {2}:
        return {}
    names, numbers = ({*map(type, each)} for each in zip(*members, strict=True))
    found = dict(members) if names == {str} and numbers == {int} else {}
    return found if len(found) == len(members) else {}


@cache
def _taken(kind: Enumeration) -> frozenset[str]:
    """Names that mean something to enumerations of this kind."""
    return frozenset(name for each in (kind, enum.EnumType) for base in type.mro(each) for name in vars(base))


@cache
def _model(kind: Enumeration, boundary: Any) -> Mapping[str, Any]:
    """What is in an enumeration of this kind that has no members, when all of it is known."""
    found = dict(vars(_make_with_care(kind, "Empty", [], module=__name__, boundary=boundary)))
    return found if {name for name, value in found.items() if isinstance(value, list | dict)} <= BOOKS else {}


def _fill(made: Enumeration, numbers: Mapping[str, int]) -> None:
    """Give an empty enumeration its members; a second name for a number is another name of its member."""
    listed, named, valued = made._member_names_, made._member_map_, made._value2member_map_
    is_flag, is_number, new = issubclass(made, enum.Flag), made._use_args_, made._new_member_
    for name, number in numbers.items():
        member = valued.get(number)
        if member is None:
            member = valued[number] = new(made, number) if is_number else new(made)
            member._value_, member._name_, member.__objclass__, member._sort_order_ = number, name, made, len(listed)
            if not is_flag or (number and not number & (number - 1)):
                listed.append(name)
        named[name] = member
        type.__setattr__(made, name, member)
    if is_flag:
        _finish_flag(made, [numbers[name] for name in listed])


def _finish_flag(made: Enumeration, bits: list[int]) -> None:
    """`bits` are the numbers of the members that stand for one bit, in order."""
    made._flag_mask_ = reduce(or_, made._value2member_map_)
    made._singles_mask_, made._all_bits_ = sum(bits), 2 ** made._flag_mask_.bit_length() - 1
    if bits != sorted(bits):
        made._iter_member_ = made._iter_member_by_def_
