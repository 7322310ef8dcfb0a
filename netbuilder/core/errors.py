"""The base of every error that a user may read, and the errors of this package."""

from __future__ import annotations


class NetbuilderError(Exception):
    """An error told in a sentence that a person can act on.

    `place` says where (a node id, a file, a field), so that a view can point at it.
    `remedy` says what to do about it; it is part of the error's text.
    """

    def __init__(self, message: str, *, place: str | None = None, remedy: str | None = None) -> None:
        self.message = message
        self.place = place
        self.remedy = remedy
        super().__init__(f"{message} {remedy}" if remedy else message)


class GraphError(NetbuilderError):
    """An edit that the graph refuses; the graph is unchanged. `place` is a node id."""


class FileError(NetbuilderError):
    """A file that cannot be read or written. `place` is its path."""
