"""Two axes of a tensor of any order, with a place on every other: what is drawn, listed, copied. Pure NumPy."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

Numbers = NDArray[np.generic]


class Cut(Struct, frozen=True):
    """Which axis runs down (`rows`), which one across (`columns`), and the index on every axis; that of those two counts for nothing."""

    rows: int | None = None
    columns: int | None = None
    at: tuple[int, ...] = ()

    def fitted(self, shape: Sequence[int]) -> Cut:
        """The same cut through a tensor of this shape, as near as can be; of another order, the natural one."""
        if len(self.at) != len(shape):
            return natural(shape)
        return replace(self, at=tuple(min(max(place, 0), max(0, size - 1)) for place, size in zip(self.at, shape, strict=True)))

    def drawn(self, *, rows: int | None, columns: int | None) -> Cut:
        """Draw these axes; where both would be the same, they change places."""
        if rows == columns and rows is not None:
            rows, columns = (self.columns, self.rows) if (rows, columns) != (self.rows, self.columns) else (None, columns)
        return replace(self, rows=rows, columns=columns)

    def placed(self, axis: int, index: int) -> Cut:
        """Another place on one of the other axes."""
        return replace(self, at=(*self.at[:axis], index, *self.at[axis + 1 :]))

    def index(self, row: int, column: int) -> tuple[int, ...]:
        """Where in the whole tensor a cell of the slice is."""
        return tuple(row if axis == self.rows else column if axis == self.columns else place for axis, place in enumerate(self.at))


def natural(shape: Sequence[int]) -> Cut:
    """The last two axes, at the first place on all others; of one axis, a row."""
    order = len(shape)
    columns = order - 1 if order else None
    return Cut(order - 2 if order > 1 else None, columns, (0,) * order)


def cut(values: Numbers, where: Cut) -> Numbers:
    """The slice as a view (rows, columns); an axis that is not drawn counts as one."""
    if not values.size:
        return values.reshape(0, 0)
    drawn = {where.rows, where.columns}
    index: tuple[Any, ...] = tuple(slice(None) if axis in drawn else place for axis, place in enumerate(where.at))
    found: NDArray[Any] = np.asarray(values[index])
    if where.rows is not None and where.columns is not None:
        return found.T if where.rows > where.columns else found
    return found.reshape(-1, 1) if where.columns is None else found.reshape(1, -1)


def written(values: Numbers) -> str:
    """A slice as lines of numbers with tabs between them, exact enough to be read back."""
    digits = {2: 5, 4: 9}.get(values.dtype.itemsize, 17)
    say = (lambda number: format(number, f".{digits}g")) if values.dtype.kind == "f" else (lambda number: str(int(number)))
    return "\n".join("\t".join(map(say, line)) for line in values.tolist())


def as_npy(values: Numbers) -> bytes:
    """The whole tensor as the bytes of a `.npy` file."""
    buffer = io.BytesIO()
    np.save(buffer, values, allow_pickle=False)
    return buffer.getvalue()
