"""Signals and slots without Qt: `changed = Signal()` in a class, `thing.changed.connect(slot)`, `thing.changed.emit(what)`."""

from __future__ import annotations

import inspect
import threading
from collections import deque
from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any
from weakref import WeakMethod

Slot = Callable[..., object]


class Signal:
    """Declares a signal of a class; each object gets an `Announcer` of its own on first access."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, thing: object, owner: type | None = None) -> Announcer:
        announcer: Announcer = thing.__dict__.setdefault(self._name, Announcer())
        return announcer


class Announcer:
    """Calls its slots one after another, in the thread that emits.

    What a slot itself emits is delivered after the running emission, so that every slot hears all emissions in the same
    order. Methods are held weakly, functions strongly. A slot gets as many of the arguments as it accepts.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._slots: list[tuple[Callable[[], Slot | None], int | None]] = []
        self._waiting: deque[tuple[Any, ...]] = deque()
        self._emitting = False

    def __len__(self) -> int:
        return sum(refer() is not None for refer, _ in self._slots)

    def connect(self, slot: Slot) -> None:
        """Call `slot` from the next emission on."""
        refer = WeakMethod(slot) if isinstance(slot, MethodType) else lambda: slot
        with self._lock:
            self._slots = [*self._slots, (refer, _room(slot))]

    def disconnect(self, slot: Slot, *, missing_ok: bool = False) -> None:
        """Call `slot` no more. Raises `ValueError` when it is not connected, unless `missing_ok`."""
        with self._lock:
            left = [entry for entry in self._slots if entry[0]() != slot]
            if len(left) == len(self._slots) and not missing_ok:
                raise ValueError(f"{slot} is not connected")
            self._slots = left

    def emit(self, *arguments: Any) -> None:
        """Call every slot; an exception in one ends the emission and reaches the caller."""
        with self._lock:
            self._waiting.append(arguments)
            if self._emitting:
                return
            self._emitting = True
            try:
                while self._waiting:
                    self._deliver(self._waiting.popleft())
            finally:
                self._emitting = False
                self._waiting.clear()

    def _deliver(self, arguments: tuple[Any, ...]) -> None:
        for refer, room in self._slots:
            slot = refer()
            if slot is not None:
                slot(*arguments[:room])
        if any(refer() is None for refer, _ in self._slots):
            self._slots = [entry for entry in self._slots if entry[0]() is not None]


def _room(slot: Slot) -> int | None:
    """How many positional arguments a slot takes; `None` for any number."""
    plain = slot.__func__ if isinstance(slot, MethodType) else slot
    if isinstance(plain, FunctionType):
        if plain.__code__.co_flags & inspect.CO_VARARGS:
            return None
        return plain.__code__.co_argcount - isinstance(slot, MethodType)
    try:
        parameters = inspect.signature(slot).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(each.kind is each.VAR_POSITIONAL for each in parameters):
        return None
    return sum(each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD) for each in parameters)
