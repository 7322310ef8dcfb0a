"""Numbers as people write them: `61,706`, `1.8 M`, `416 kMAC`, `241 kB`, `00:48`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_THOUSANDS = ("", "k", "M", "G", "T", "P", "E")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")
_BYTES = ("B", "kB", "MB", "GB", "TB", "PB")


def count(number: int) -> str:
    """A whole number with separators between the thousands: `61,706`."""
    return f"{number:,}"


def compact(number: float) -> str:
    """About three digits and a prefix, never rounded up: `1.8 M`, `132 M`, `999`."""
    digits, prefix = _scaled(number)
    return f"{digits} {prefix}".rstrip()


def macs(number: float) -> str:
    """Multiply–accumulates: `416 kMAC`, `1.81 GMAC`."""
    digits, prefix = _scaled(number)
    return f"{digits} {prefix}MAC"


def size(number: float) -> str:
    """Bytes in steps of 1024: `512 B`, `6.3 kB`, `241 kB`."""
    step = 0
    while abs(number) >= 1023.5 and step < len(_BYTES) - 1:
        number /= 1024
        step += 1
    if step == 0 or abs(number) >= 9.95:
        return f"{math.floor(number + 0.5):,} {_BYTES[step]}"
    return f"{math.floor(number * 10 + 0.5) / 10:g} {_BYTES[step]}"


def duration(seconds: float) -> str:
    """A span of time: `00:48`, `12:05`, `1:02:03`; a dash when it is not known."""
    if not math.isfinite(seconds):
        return "–"
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def moment(then: datetime, now: datetime) -> str:
    """A time in the past as people say it: `today 14:02`, `yesterday 9:30`, `3 Nov`, `3 Nov 2025`."""
    days = (now.date() - then.date()).days
    if days in (0, 1):
        return f"{('today', 'yesterday')[days]} {then.hour}:{then.minute:02}"
    return f"{then.day} {_MONTHS[then.month - 1]}" + (f" {then.year}" if then.year != now.year else "")


def _scaled(number: float) -> tuple[str, str]:
    """At most three digits, cut not rounded, and the prefix for thousands."""
    step = 0
    rest = abs(number)
    while rest >= 1000 and step < len(_THOUSANDS) - 1:
        rest /= 1000
        step += 1
    places = 0 if step == 0 and float(number).is_integer() else max(0, 2 - int(math.log10(rest))) if rest >= 1 else 2
    cut = math.floor(rest * 10**places + 1e-9) / 10**places
    text = f"{cut:,.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return ("-" if number < 0 else "") + text, _THOUSANDS[step]
