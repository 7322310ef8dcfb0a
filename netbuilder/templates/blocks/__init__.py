"""Block definitions of the published networks: one module for each family, one function for each definition.

A definition is a value, made once; `Builder.use` puts it into a network together with those it contains.
Inner nodes carry the names of the reference implementations, so that their weights can be loaded by name.
`library()` lists those that a user can place.
"""

from __future__ import annotations

from netbuilder.templates.blocks.declare import LibraryBlock, library

__all__ = ["LibraryBlock", "library"]
