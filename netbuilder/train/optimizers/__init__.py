"""Optimizers: one declaration each, from which forms, files and torch's optimizer derive.

`OPTIMIZERS` lists them all. Those that torch does not have are written in `proximal`, `quasi_newton` and `orthogonal`,
which are imported only together with torch.
"""

from __future__ import annotations

from netbuilder.train.optimizers.base import OPTIMIZERS, Optimizer

from netbuilder.train.optimizers.momentum import SGD  # isort: skip
from netbuilder.train.optimizers import adam, adagrad, matrix  # isort: skip

__all__ = ["OPTIMIZERS", "SGD", "Optimizer", "adagrad", "adam", "matrix"]
