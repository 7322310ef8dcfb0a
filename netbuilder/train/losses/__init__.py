"""Losses: one declaration each; which one fits a task; and the check that targets suit the outputs. `LOSSES` lists them all."""

from __future__ import annotations

from netbuilder.train.losses.base import LOSSES, Auto, CrossEntropy, Loss
from netbuilder.train.losses.mixture import Mixture, choose, parts_of

from netbuilder.train.losses import likelihood, margins, values  # isort: skip

__all__ = ["LOSSES", "Auto", "CrossEntropy", "Loss", "Mixture", "choose", "likelihood", "margins", "parts_of", "values"]
