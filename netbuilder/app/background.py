"""Work in a background thread, one piece at a time: a generator that yields its progress and returns its result."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator
from typing import Generic, TypeVar

from netbuilder.core.errors import NetbuilderError
from netbuilder.train.failures import unexpected

log = logging.getLogger(__name__)
T = TypeVar("T")
R = TypeVar("R")


class Background(Generic[T, R]):
    """Poll `state` (`idle`, `loading`, `running`, `finished`, `stopped`, `failed`), `ticks`, `outcome` and `error`.

    `stop` ends the work after the step in progress. The thread is never a daemon; `close` joins it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopped = False
        self._ticks: list[T] = []
        self.state = "idle"
        self.outcome: R | None = None
        self.error = ""

    @property
    def active(self) -> bool:
        """Whether work is in progress."""
        return self.state in ("loading", "running")

    def ticks(self) -> list[T]:
        """The progress reported so far."""
        with self._lock:
            return list(self._ticks)

    def stop(self) -> None:
        """End after the step in progress."""
        self._stopped = True

    def join(self) -> None:
        """Wait until the thread has ended."""
        if self._thread is not None:
            self._thread.join()

    def close(self) -> None:
        """Stop and wait."""
        self.stop()
        self.join()

    def carry_out(self, make: Callable[[], Generator[T, None, R]], name: str) -> None:
        """Begin; `make` is called in the thread, so that it may load and compile."""
        self.join()
        self._stopped, self._ticks, self.outcome, self.error, self.state = False, [], None, "", "loading"
        self._thread = threading.Thread(target=self._work, args=(make,), name=name, daemon=False)
        self._thread.start()

    def _work(self, make: Callable[[], Generator[T, None, R]]) -> None:
        try:
            self._follow(make())
            self.state = "stopped" if self._stopped and self.outcome is None else "finished"
        except NetbuilderError as error:
            self.error, self.state = str(error), "failed"
        except Exception as error:
            log.exception("%s failed", threading.current_thread().name)
            self.error, self.state = unexpected(error), "failed"

    def _follow(self, steps: Generator[T, None, R]) -> None:
        self.state = "running"
        try:
            while not self._stopped:
                tick = next(steps)
                with self._lock:
                    self._ticks.append(tick)
        except StopIteration as finished:
            self.outcome = finished.value
        finally:
            steps.close()
