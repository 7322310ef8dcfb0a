"""Connecting widgets to signals of objects that outlive them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from netbuilder.core.signals import Announcer


def listen(widget: QObject, announcer: Announcer, slot: Callable[..., object]) -> None:
    """Connect a method of a widget that may be deleted first; the connection ends with the widget."""
    announcer.connect(slot)
    widget.destroyed.connect(lambda: announcer.disconnect(slot, missing_ok=True))
