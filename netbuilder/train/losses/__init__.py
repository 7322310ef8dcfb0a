"""Losses: one declaration each; which one fits a task; and the check that targets suit the outputs. `LOSSES` lists them all."""

from __future__ import annotations

from netbuilder.train.losses.base import LOSSES, Auto, CrossEntropy, Loss, choose

from netbuilder.train.losses import margins, values  # isort: skip

__all__ = ["LOSSES", "Auto", "CrossEntropy", "Loss", "choose", "margins", "values"]
