"""Answers that arrive later: results of futures and notices of other threads, delivered in the window's thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot


class Later(QObject):
    """Delivers the newest answer only: when a new question is asked, the old one's answer is dropped.

    `answered` carries the result, `failed` the exception; both arrive in the thread of this object.
    """

    answered = Signal(object)
    failed = Signal(object)
    _done = Signal(int, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._waiting = False
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def waiting(self) -> bool:
        """Whether an answer is still to come."""
        return self._waiting

    def ask(self, future: Future[Any]) -> None:
        """Wait for this future instead of any earlier one."""
        self._number += 1
        self._waiting = True
        number = self._number
        future.add_done_callback(lambda done: self._finish(number, done))

    def forget(self) -> None:
        """Drop whatever is still to come."""
        self._number += 1
        self._waiting = False

    def _finish(self, number: int, future: Future[Any]) -> None:
        try:
            error = future.exception()
        except CancelledError:
            return
        try:
            self._done.emit(number, None if error else future.result(), error)
        except RuntimeError:
            return

    @Slot(int, object, object)
    def _deliver(self, number: int, result: object, error: object) -> None:
        if number != self._number:
            return
        self._waiting = False
        if error is None:
            self.answered.emit(result)
        else:
            self.failed.emit(error)


class Relay(QObject):
    """Carries a notice from any thread into the window's: call `send` anywhere, `arrived` comes here."""

    arrived = Signal()
    _sent = Signal()

    def __init__(self, slot: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sent.connect(self._arrive, Qt.ConnectionType.QueuedConnection)
        self.arrived.connect(slot)

    def send(self) -> None:
        """Announce, from whichever thread."""
        try:
            self._sent.emit()
        except RuntimeError:
            return

    @Slot()
    def _arrive(self) -> None:
        self.arrived.emit()


def in_thread(work: Callable[[], Any], name: str) -> Future[Any]:
    """Run something in a thread of its own that ends with it; never a daemon."""
    future: Future[Any] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, name=name, daemon=False).start()
    return future
