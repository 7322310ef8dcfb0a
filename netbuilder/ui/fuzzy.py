"""How well a few typed letters match a title; pure, shared by every search field."""

from __future__ import annotations

from collections.abc import Iterable


def score(query: str, text: str) -> int | None:
    """Higher is better; `None` when some letter is missing or the match is far-fetched.

    Order of preference: equal, beginning, beginning of a word, inside, letters in order starting with the first.
    """
    wanted, found = query.casefold().strip(), text.casefold()
    if not wanted:
        return 0
    if wanted == found:
        return 1000
    if found.startswith(wanted):
        return 900 - len(found)
    words = found.replace("-", " ").replace("_", " ").split()
    if any(word.startswith(wanted) for word in words):
        return 700 - len(found)
    if wanted in found:
        return 500 - found.index(wanted) - len(found)
    if all(any(word.startswith(part) for word in words) for part in wanted.split()):
        return 400 - len(found)
    return _scattered(wanted.replace(" ", ""), found)


def _scattered(wanted: str, found: str) -> int | None:
    if len(wanted) < 2 or not found or found[0] != wanted[0]:
        return None
    at, gaps = -1, 0
    for letter in wanted:
        place = found.find(letter, at + 1)
        if place < 0:
            return None
        gaps += place - at - 1
        at = place
    return 200 - gaps if gaps <= 2 * len(wanted) + 4 else None


def best(query: str, texts: Iterable[str]) -> int | None:
    """The best score among several texts; later ones count a little less.

    Several words may stand in several texts: “max pooling” in “MaxPool2d” and “pooling”.
    """
    known, words = tuple(texts), query.split()
    whole = _best(query, known)
    if len(words) < 2 or (whole is not None and whole > _FAR_FETCHED):
        return whole
    parts = [_best(word, known) for word in words]
    apart = min(-1 if part is None else part for part in parts)
    return whole if apart <= _FAR_FETCHED else apart // 2


_FAR_FETCHED = 200
"""What letters in order score at most."""


def _best(query: str, texts: Iterable[str]) -> int | None:
    found = [value - 40 * rank for rank, text in enumerate(texts) if (value := score(query, text)) is not None]
    return max(found, default=None)
