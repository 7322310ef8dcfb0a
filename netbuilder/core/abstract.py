"""Structs that are declarations to be filled in: with abstract methods, as `abc.ABC` has them."""

from __future__ import annotations

from abc import ABCMeta

import msgspec


class Abstract(msgspec.StructMeta, ABCMeta):
    """The metaclass of a Struct that cannot be made until a subclass defines its abstract methods."""
