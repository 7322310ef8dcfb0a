"""Where axis lines go and what they say: round steps, few of them, stable while numbers grow."""

from __future__ import annotations

import math

STEPS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def nice_step(span: float, lines: int) -> float:
    """The smallest round step of which `lines` cover `span`."""
    raw = span / lines
    if not math.isfinite(raw) or raw <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(raw))
    return next(step * power for step in STEPS if step * power >= raw * (1 - 1e-9))


def value_range(low: float, high: float, lines: int = 4) -> tuple[float, float, list[float]]:
    """Axis from and to, and its lines, so that everything between `low` and `high` is inside.

    It starts at zero unless the values are all positive and far from it.
    """
    if low >= 0 and (low < 0.6 * high or high == low):
        low = 0.0
    step = nice_step(max(high - low, 1e-12, abs(high) * 1e-9), lines)
    bottom = math.floor(low / step + 1e-9) * step
    count = max(1, math.ceil((high - bottom) / step - 1e-9))
    places = [bottom + step * i for i in range(count + 1)]
    return bottom, places[-1], [0.0 if abs(p) < step * 1e-9 else p for p in places]


def log_range(low: float, high: float) -> tuple[float, float, list[float]]:
    """As `value_range`, in powers of ten: the answer is in log₁₀ units. Lines at 1, 2, 5 when there is little to see."""
    bottom, top = math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9)
    top = max(top, bottom + 1)
    if top - bottom <= 2:
        places = [p + math.log10(m) for p in range(bottom, top) for m in (1, 2, 5)] + [float(top)]
    else:
        every = -(-(top - bottom) // 5)
        places = [float(p) for p in range(bottom, top + 1, every)]
    return float(bottom), float(top), places


def say_value(value: float) -> str:
    """An axis value in few characters: `0`, `0.25`, `1.2e-05`."""
    if value == 0:
        return "0"
    if 1e-4 <= abs(value) < 1e5:
        return f"{value:.6f}".rstrip("0").rstrip(".") if abs(value) < 1 else f"{value:.4g}"
    return f"{value:.2g}"


def epoch_ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Whole epochs (or round fractions of one when close in) between two x."""
    step = nice_step(max(high - low, 1e-9), most)
    if step > 0.5:
        step = float(next(s for s in (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 10**9) if s >= step))
    first = math.ceil(low / step - 1e-9)
    return [i * step for i in range(first, math.floor(high / step + 1e-9) + 1)]
