"""Announcements: who hears what, in which order, and for how long."""

from __future__ import annotations

import gc
from functools import partial

import pytest

from netbuilder.core.signals import Signal


class Bell:
    rung = Signal()


class Listener:
    def __init__(self) -> None:
        self.heard: list[object] = []

    def hear(self, what: object) -> None:
        self.heard.append(what)


def test_each_object_has_its_own_listeners() -> None:
    first, second, listener = Bell(), Bell(), Listener()
    first.rung.connect(listener.hear)
    second.rung.emit("second")
    first.rung.emit("first")
    assert listener.heard == ["first"]


def test_a_slot_takes_as_many_arguments_as_it_has_room_for() -> None:
    bell, heard = Bell(), []
    bell.rung.connect(lambda: heard.append("none"))
    bell.rung.connect(lambda *all_: heard.append(all_))
    bell.rung.connect(partial(lambda tag, first: heard.append((tag, first)), "tag"))
    bell.rung.emit(1, 2)
    assert heard == ["none", (1, 2), ("tag", 1)]


def test_a_listener_that_is_gone_is_forgotten() -> None:
    bell, listener = Bell(), Listener()
    bell.rung.connect(listener.hear)
    assert len(bell.rung) == 1
    del listener
    gc.collect()
    bell.rung.emit("nobody")
    assert len(bell.rung) == 0


def test_disconnecting() -> None:
    bell, listener = Bell(), Listener()
    bell.rung.connect(listener.hear)
    bell.rung.disconnect(listener.hear)
    bell.rung.emit("unheard")
    assert listener.heard == []
    bell.rung.disconnect(listener.hear, missing_ok=True)
    with pytest.raises(ValueError, match="not connected"):
        bell.rung.disconnect(listener.hear)


def test_an_emission_within_a_slot_is_heard_in_order_by_all() -> None:
    bell, heard = Bell(), []

    def again(number: int) -> None:
        if number < 3:
            bell.rung.emit(number + 1)
        heard.append(("first", number))

    bell.rung.connect(again)
    bell.rung.connect(lambda number: heard.append(("second", number)))
    bell.rung.emit(1)
    assert heard == [(who, number) for number in (1, 2, 3) for who in ("first", "second")]


def test_an_exception_reaches_the_emitter_and_leaves_the_signal_usable() -> None:
    bell, heard = Bell(), []

    def fail(number: int) -> None:
        if number == 1:
            bell.rung.emit(9)
            raise RuntimeError("no")
        heard.append(number)

    bell.rung.connect(fail)
    with pytest.raises(RuntimeError, match="no"):
        bell.rung.emit(1)
    bell.rung.emit(2)
    assert heard == [2]
