"""Processes by their numbers, which the system gives to others once they are free."""

from __future__ import annotations

import os
from pathlib import Path

_GONE = "gone"


def alive(pid: int, since: str) -> bool:
    """Whether this process still runs, and not another one that was given its number: `since` is what `born` said of it, if known."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    now = born(pid)
    return now != _GONE and since in ("", now)


def born(pid: int) -> str:
    """When a process began, in the system's own count; empty where that cannot be told, `_GONE` for one that has ended already."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except (OSError, ValueError):
        return ""
    return _GONE if state == "Z" else fields[18]
