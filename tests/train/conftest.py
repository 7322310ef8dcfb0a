"""Tests of training measure for a moment only how steps run best."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def short_measurements(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netbuilder.train.speed.tuning.BUDGET", 0.02)
