"""Structs with abstract methods, as `abc.ABC` gives them to ordinary classes."""

from __future__ import annotations

from abc import ABCMeta

import msgspec


class Abstract(msgspec.StructMeta, ABCMeta):
    """The metaclass of a Struct that cannot be instantiated until a subclass defines its abstract methods."""
