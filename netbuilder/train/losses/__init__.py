"""Losses: one declaration each; which one fits a task; and the check that targets suit the outputs. `LOSSES` lists them all."""

from __future__ import annotations

from netbuilder.train.losses.base import LOSSES, Auto, BinaryCrossEntropy, CrossEntropy, Loss
from netbuilder.train.losses.mixture import Mixture, choose, ignored, parts_of

from netbuilder.train.losses import likelihood, margins, overlap, values  # isort: skip

_families = (likelihood, margins, overlap, values)

__all__ = ["LOSSES", "Auto", "BinaryCrossEntropy", "CrossEntropy", "Loss", "Mixture", "choose", "ignored", "parts_of"]
