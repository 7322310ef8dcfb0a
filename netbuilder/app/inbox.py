"""Events of a training that wait for the window: bounded in number, and never in the way of training."""

from __future__ import annotations

import threading

from netbuilder.train.events import Event, Preview, StepsLogged, Validating

MOST_STEPS = 5_000


class Inbox:
    """Events from the training thread to one reader.

    Of previews and of validation progress only the newest waits; step records thin out when many wait.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: list[Event] = []
        self._steps = 0

    def put(self, event: Event) -> None:
        """Add an event; called by the training thread."""
        with self._lock:
            if isinstance(event, Preview | Validating):
                self._events = [waiting for waiting in self._events if not isinstance(waiting, type(event))]
            elif isinstance(event, StepsLogged):
                self._steps += 1
            self._events.append(event)
            if self._steps > MOST_STEPS:
                self._thin()

    def drain(self) -> list[Event]:
        """Take everything that waits, oldest first."""
        with self._lock:
            events, self._events, self._steps = self._events, [], 0
        return events

    def _thin(self) -> None:
        """Drop every second step record, but never the newest."""
        steps = [event for event in self._events if isinstance(event, StepsLogged)]
        kept = {id(event) for event in steps[::-2]}
        self._events = [event for event in self._events if not isinstance(event, StepsLogged) or id(event) in kept]
        self._steps = len(kept)
