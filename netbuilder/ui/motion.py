"""Whether things move on the screen: never for more than 150 ms, and not at all where people prefer so."""

from __future__ import annotations

LONGEST = 140
"""Milliseconds that an animation takes."""

_reduced = False


def reduce(reduced: bool) -> None:
    """From now on nothing moves, or again."""
    global _reduced
    _reduced = reduced


def reduced() -> bool:
    """Whether changes are to be shown at once."""
    return _reduced
