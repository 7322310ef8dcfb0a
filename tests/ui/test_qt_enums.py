"""Enumerations that are made quickly are what Python's own are, and anything unusual is left to Python."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6 import QtCore, QtGui, QtWidgets

from netbuilder.ui.startup.qt_enums import make_enums_quickly

KINDS = (enum.Enum, enum.IntEnum, enum.Flag, enum.IntFlag)
Make = Callable[..., Any]


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> tuple[Make, Make]:
    """Ways to make an enumeration: Python's own, and the quick one."""
    careful: Any = vars(enum.EnumType)["_create_"]
    monkeypatch.setattr(enum.EnumType, "_create_", careful)
    make_enums_quickly()
    quick: Any = vars(enum.EnumType)["_create_"]

    def with_(make: Any) -> Make:
        def made(kind: Any, members: Any, **more: Any) -> Any:
            vars(enum)["EnumType"]._create_ = make
            return kind("Made", members, **more)

        return made

    return with_(careful), with_(quick)


def _shape(made: Any) -> dict[str, Any]:
    """Everything in an enumeration, its members by what is in them; functions by what they do."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {each: plain(member) for each, member in value.items()}
        if isinstance(value, made):
            return [(key, each if each is not made else "itself") for key, each in vars(value).items()]
        return getattr(value, "__func__", value)

    return {name: plain(value) for name, value in vars(made).items()}


def _behaviour(made: Any) -> list[Any]:
    members = list(made.__members__.items())
    seen: list[Any] = [
        [(name, repr(each), str(each), hash(each), made(each.value) is each) for name, each in members],
        list(map(repr, made)),
    ]
    seen.append((made.__module__, made.__qualname__, made.__name__, len(made), made.__mro__[1:]))
    if issubclass(made, enum.Flag):
        first, last = members[0][1], members[-1][1]
        seen += [repr(each) for each in (first | last, first & last, first ^ last, ~first, made(0), made(1 << 20))]
        seen.append([list(map(repr, each)) for _, each in members])
    return seen


def _qt_enumerations() -> Iterator[Any]:
    for module in (QtCore, QtGui, QtWidgets):
        for owner in list(vars(module).values()):
            yield from (each for each in vars(owner).values() if isinstance(each, enum.EnumType)) if isinstance(owner, type) else ()


def test_qt_s_own_enumerations_are_the_same(both: tuple[Make, Make]) -> None:
    count = 0
    for known in _qt_enumerations():
        kind = next(kind for kind in reversed(KINDS) if issubclass(known, kind))
        members = [(name, each.value) for name, each in known.__members__.items()]
        first, second = (make(kind, members, boundary=enum.KEEP) for make in both)
        assert _shape(first) == _shape(second), known
        count += 1
    assert count > 100


@pytest.mark.parametrize("kind", KINDS)
def test_members_second_names_and_sums_of_bits(both: tuple[Make, Make], kind: Any) -> None:
    members = [("A", 4), ("B", 1), ("C", 5), ("Nothing", 0), ("Again", 4), ("D", 2), ("E", 6)]
    first, second = (make(kind, members, boundary=enum.KEEP) for make in both)
    assert _shape(first) == _shape(second)
    assert _behaviour(first) == _behaviour(second)
    assert second.__module__ == __name__


def test_quick_ones_are_not_made_as_a_class_s_body_is(both: tuple[Make, Make], monkeypatch: pytest.MonkeyPatch) -> None:
    _, quick = both
    for kind in KINDS:
        quick(kind, [("A", 1)])
    monkeypatch.setattr(enum.EnumType, "__prepare__", None)
    assert [quick(kind, [("A", 1), ("B", 2)])(2).name for kind in KINDS] == ["B"] * 4


@pytest.mark.parametrize(
    "members",
    [
        "RED GREEN",
        ["RED", "GREEN"],
        {"RED": 1, "GREEN": 2},
        [("RED", enum.auto()), ("GREEN", enum.auto())],
        [("name", 1), ("value", 2)],
        [("_order_", "RED"), ("RED", 2)],
        [("RED", "red"), ("GREEN", True)],
        [],
    ],
)
def test_the_unusual_is_left_to_python(both: tuple[Make, Make], members: Any) -> None:
    first, second = (make(enum.Enum, members) for make in both)
    assert _behaviour(first) == _behaviour(second)


def test_mistakes_are_told_as_ever(both: tuple[Make, Make]) -> None:
    for members in ([("RED", 1), ("RED", 2)], [("mro", 1)], [("RED", 1, 2)]):
        for make in both:
            with pytest.raises((TypeError, ValueError)):
                make(enum.Enum, members)
