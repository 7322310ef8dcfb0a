"""Where a label beside a vertical line hides no curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPoint, QRect, QRectF

from netbuilder.ui.plots.series import Array

GAP, BREATH, STEP = 6, 4, 4.0


def free_place(box: QRect, line: float, area: QRectF, margin: float, curves: Sequence[tuple[Array, Array]]) -> QPoint:
    """The highest place on either side of a line where a box touches no curve; at the top when there is none.

    All in pixels. `margin` is what the box may stick out of the area on the right; `curves` are x and y, with rising x.
    """
    both = (line - box.width() - GAP, line + GAP)
    sides = [x for x in both if area.left() <= x and x + box.width() <= area.right() + margin]
    sides = sides or [max(area.left(), both[0])]
    taken = {side: [span for x, y in curves if (span := _span(x, y, side, box.width())) is not None] for side in sides}
    for top in np.arange(area.top() + 1, area.bottom() - box.height(), STEP):
        for side in sides:
            if all(top + box.height() + 2 < low or top - 2 > high for low, high in taken[side]):
                return QPoint(round(side), round(top))
    return QPoint(round(sides[0]), round(area.top()))


def is_free(box: QRect, curves: Sequence[tuple[Array, Array]]) -> bool:
    """Whether a box still touches no curve where it is."""
    spans = [_span(x, y, box.left(), box.width()) for x, y in curves]
    return all(span is None or box.bottom() + 2 < span[0] or box.top() - 2 > span[1] for span in spans)


def _span(x: Array, y: Array, side: float, width: int) -> tuple[float, float] | None:
    """The lowest and highest value that a curve takes between `side` and `side + width`."""
    if not len(x):
        return None
    near = np.flatnonzero((x > side - BREATH) & (x < side + width + BREATH))
    first, last = (near[0], near[-1]) if len(near) else (np.searchsorted(x, side),) * 2
    part = y[max(0, int(first) - 1) : int(last) + 2]
    return (float(part.min()), float(part.max())) if len(part) else None
