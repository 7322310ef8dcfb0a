"""What goes wrong with data, in words."""

from __future__ import annotations

from netbuilder.core.errors import NetbuilderError


class DataError(NetbuilderError):
    """Data that cannot be used. `place` is a file, a folder or the name of a setting."""
