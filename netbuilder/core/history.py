"""Undo and redo over snapshots: two lists of finished steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

T = TypeVar("T")


class Step(Struct, Generic[T], frozen=True):
    """A finished edit: its name in the menu and the snapshots on both sides."""

    label: str
    before: T
    after: T
    merge: str | None = None


class History(Generic[T]):
    """Finished steps, the oldest forgotten beyond `limit`; consecutive ones with the same merge key are one."""

    def __init__(self, limit: int = 5_000) -> None:
        self._limit = limit
        self._done: list[Step[T]] = []
        self._undone: list[Step[T]] = []

    @property
    def undo_label(self) -> str | None:
        """What undo would take back."""
        return self._done[-1].label if self._done else None

    @property
    def redo_label(self) -> str | None:
        """What redo would bring back."""
        return self._undone[-1].label if self._undone else None

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of all steps, those that were undone at the end."""
        return tuple(step.label for step in (*self._done, *reversed(self._undone)))

    @property
    def position(self) -> int:
        """How many of them are done."""
        return len(self._done)

    def record(self, step: Step[T]) -> None:
        """Add a step that has happened; what was undone can no longer be redone.

        Merged edits that end where they began leave no step at all.
        """
        last = self._done[-1] if self._done else None
        if last is not None and step.merge is not None and last.merge == step.merge and not self._undone:
            self._done.pop()
            if last.before == step.after:
                return
            step = replace(last, after=step.after)
        self._done.append(step)
        del self._done[: -self._limit]
        self._undone.clear()

    def seal(self) -> None:
        """The next step starts afresh even with the same merge key."""
        if self._done:
            self._done[-1] = replace(self._done[-1], merge=None)

    def rewrite(self, anew: Callable[[T], T]) -> None:
        """Put other snapshots in the place of those of all steps; `anew` is asked twice for one between two steps."""
        for steps in (self._done, self._undone):
            steps[:] = [replace(step, before=anew(step.before), after=anew(step.after)) for step in steps]

    def undo(self) -> Step[T] | None:
        """The step to take back, or nothing."""
        if not self._done:
            return None
        step = replace(self._done.pop(), merge=None)
        self._undone.append(step)
        return step

    def redo(self) -> Step[T] | None:
        """The step to take again, or nothing."""
        if not self._undone:
            return None
        step = self._undone.pop()
        self._done.append(step)
        return step
