"""How the loss curves at a point: the largest and smallest eigenvalues of its Hessian, and what they mean for learning."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from netbuilder.train.errors import TrainingError
from netbuilder.train.landscape.ground import Ground

if TYPE_CHECKING:
    import torch

Floats = NDArray[np.float64]
WHOLE = 320
"""Up to so many weights the whole Hessian is computed; beyond, Lanczos' method finds the ends of the spectrum."""
STEPS, PROBES = 60, 12
TOLERANCE = 1e-3
"""An eigenvalue is found once its error is below this share of the largest."""
NEGATIVE = 1e-3
"""Eigenvalues count as negative from this share of the largest on; what is nearer to 0 is flat."""
MEMORY = 2 * 1024**3
"""Bytes that the vectors of Lanczos' method may take."""
LEVEL = 0.002
"""A slope along which less than this share of the loss can be gained counts as level."""
Shape = Literal["convex", "saddle", "concave", "flat"]


@dataclass(frozen=True)
class Curvature:
    """Eigenvalues λ of the Hessian at a point with `size` weights.

    `largest` falls, `smallest` rises; `errors` bound those of `largest`. `whole` says that all eigenvalues are known and in `spectrum`.
    `trace` is their sum, with its standard error; `others` the root of the mean square of those that are not in `largest`.
    `vectors` (size,) belong to `largest`. `slope` is the length of the gradient, `loss` the height. `exact` is false where gradients
    were subtracted because a layer cannot be differentiated twice.
    """

    size: int
    largest: tuple[float, ...]
    smallest: tuple[float, ...]
    errors: tuple[float, ...]
    trace: float
    trace_error: float
    others: float
    slope: float
    loss: float
    vectors: tuple[torch.Tensor, ...]
    whole: bool
    exact: bool
    spectrum: tuple[float, ...] = ()

    @property
    def top(self) -> float:
        """λmax."""
        return self.largest[0]

    @property
    def bottom(self) -> float:
        """λmin."""
        return self.smallest[0]

    @property
    def negative(self) -> bool:
        """Whether the loss curves downward in some direction."""
        return self.bottom < -NEGATIVE * max(abs(self.top), abs(self.bottom))

    @property
    def shape(self) -> Shape:
        """What the surface is like at this point."""
        if max(abs(self.top), abs(self.bottom)) < 1e-12:
            return "flat"
        if not self.negative:
            return "convex"
        return "saddle" if self.top > NEGATIVE * abs(self.bottom) else "concave"

    @property
    def level(self) -> bool:
        """Whether the point is practically stationary: the best step along the gradient gains next to nothing."""
        return self.top > 0 and self.slope**2 / (2 * self.top) < LEVEL * abs(self.loss)

    @property
    def condition(self) -> float:
        """|λ| of the largest over that of the smallest in size; at least that where not all are known. `inf` with flat directions."""
        if self.whole:
            sizes = np.abs(self.spectrum)
            return float(sizes.max() / sizes.min()) if sizes.min() > 1e-7 * sizes.max() else math.inf
        return max(abs(self.top), abs(self.bottom)) / self.others if self.others > 0 else math.inf

    @property
    def limit(self) -> float:
        """The rate from which gradient descent overshoots further each step, 2/λmax; `inf` where nothing curves upward."""
        return 2 / self.top if self.top > 0 else math.inf


def curvature(ground: Ground, count: int = 8, seed: int = 0) -> Generator[tuple[int, int], None, Curvature]:
    """Yield how many products with the Hessian are done, of how many at most; returns what they tell.

    Raises `TrainingError` when there is no memory for the vectors, or numbers are not finite.
    """
    if ground.size <= WHOLE:
        return (yield from _all(ground, count))
    return (yield from _ends(ground, count, seed))


def products(ground: Ground) -> int:
    """The most products with the Hessian that it takes."""
    return ground.size if ground.size <= WHOLE else _steps(ground) + PROBES


def _all(ground: Ground, count: int) -> Generator[tuple[int, int], None, Curvature]:
    import torch

    unit = torch.eye(ground.size, device=ground.here.device)
    rows = []
    for number in range(ground.size):
        rows.append(_finite(ground.product(unit[number])))
        yield number + 1, ground.size
    hessian = torch.stack(rows).double().cpu()
    values, vectors = torch.linalg.eigh((hessian + hessian.T) / 2)
    spectrum = values.flip(0).tolist()
    chosen = vectors.T.flip(0)[:count].float()
    rest = float(np.sqrt(np.mean(np.square(spectrum[count:])))) if ground.size > count else 0.0
    return Curvature(
        ground.size,
        tuple(spectrum[:count]),
        tuple(reversed(spectrum[-min(count, 3) :])),
        (0.0,) * len(spectrum[:count]),
        float(sum(spectrum)),
        0.0,
        rest,
        float(ground.gradient().norm()),
        ground.metrics().loss,
        tuple(chosen),
        True,
        ground.exact,
        tuple(spectrum),
    )


def _ends(ground: Ground, count: int, seed: int) -> Generator[tuple[int, int], None, Curvature]:
    import torch

    random = torch.Generator().manual_seed(seed)
    total = products(ground)
    trace, trace_error, square = yield from _probed(ground, random, total)
    start = torch.randn(ground.size, generator=random).to(ground.here.device)
    values, bounds, vectors = yield from _lanczos(ground, start, count, total)
    found = np.array(values[:count])
    others = math.sqrt(max(square - float(np.square(found).sum()), 0.0) / (ground.size - len(found)))
    return Curvature(
        ground.size,
        tuple(values[:count]),
        tuple(values[: -min(3, len(values)) - 1 : -1]),
        tuple(bounds[:count]),
        trace,
        trace_error,
        others,
        float(ground.gradient().norm()),
        ground.metrics().loss,
        vectors,
        False,
        ground.exact,
    )


def _probed(ground: Ground, random: torch.Generator, total: int) -> Generator[tuple[int, int], None, tuple[float, float, float]]:
    """The trace, its standard error and the sum of squared eigenvalues, from random signs v: E vᵀHv = tr H, E ‖Hv‖² = tr H²
    (Hutchinson, A stochastic estimator of the trace of the influence matrix, 1989)."""
    import torch

    traces, squares = [], []
    for number in range(PROBES):
        signs = torch.randint(0, 2, (ground.size,), generator=random).float().mul_(2).sub_(1).to(ground.here.device)
        image = _finite(ground.product(signs))
        traces.append(float(signs.double() @ image.double()))
        squares.append(float(image.double().square().sum()))
        yield number + 1, total
    return float(np.mean(traces)), float(np.std(traces, ddof=1) / math.sqrt(PROBES)), float(np.mean(squares))


def _lanczos(
    ground: Ground, start: torch.Tensor, count: int, total: int
) -> Generator[tuple[int, int], None, tuple[list[float], list[float], tuple[torch.Tensor, ...]]]:
    """Falling Ritz values, their error bounds, and the vectors of the first `count`; every vector is made orthogonal to all before,
    twice (Golub & Van Loan, Matrix computations, section 10.3)."""
    import torch

    steps = _steps(ground)
    basis = torch.empty(steps, ground.size, device=start.device)
    basis[0] = start / start.norm()
    diagonal: list[float] = []
    beside: list[float] = []
    for number in range(steps):
        image = _finite(ground.product(basis[number]))
        diagonal.append(float(image.double() @ basis[number].double()))
        for _ in range(2):
            image = image - basis[: number + 1].T @ (basis[: number + 1] @ image)
        beside.append(float(image.norm()))
        yield PROBES + number + 1, total
        values, shares = _ritz(diagonal, beside)
        bounds = np.abs(beside[-1] * shares[-1])
        scale = float(np.abs(values).max())
        ended = beside[-1] <= 1e-6 * scale
        if ended or number + 1 == steps or (number + 1 > count + 2 and bool((bounds[[*range(count), -1]] <= TOLERANCE * scale).all())):
            break
        basis[number + 1] = image / beside[-1]
    chosen = torch.from_numpy(np.ascontiguousarray(shares[:, :count].T)).to(basis)
    return values.tolist(), bounds.tolist(), tuple(chosen @ basis[: len(diagonal)])


def _ritz(diagonal: list[float], beside: list[float]) -> tuple[Floats, Floats]:
    """Eigenvalues, falling, of the tridiagonal matrix, and their vectors as columns."""
    matrix = np.diag(diagonal) + np.diag(beside[:-1], 1) + np.diag(beside[:-1], -1)
    values, vectors = np.linalg.eigh(matrix)
    return values[::-1], vectors[:, ::-1]


def _steps(ground: Ground) -> int:
    """How many vectors there is memory for; raises `TrainingError` when those are too few."""
    fit = MEMORY // (4 * ground.size)
    if fit < 8:
        raise TrainingError(
            f"The curvature of {ground.size:,} weights takes more memory than the {MEMORY >> 30} GiB that are set aside for it.",
            remedy="Freeze layers, so that fewer weights learn. The landscape along random directions can be drawn.",
        )
    return int(min(STEPS, fit, ground.size))


def _finite(vector: torch.Tensor) -> torch.Tensor:
    import torch

    if not bool(torch.isfinite(vector).all()):
        raise TrainingError("The gradient of the loss is no finite number here, so it has no curvature.", remedy="Choose other weights.")
    return vector
