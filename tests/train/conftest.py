from __future__ import annotations

import threading

import pytest


@pytest.fixture(autouse=True)
def clean_surroundings(tmp_path, monkeypatch):
    """A home of its own for every test, short measurements, and no thread left behind."""
    monkeypatch.setenv("NETBUILDER_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("netbuilder.train.speed.tuning.BUDGET", 0.02)
    before = set(threading.enumerate())
    yield
    left = [thread.name for thread in threading.enumerate() if thread not in before]
    assert not left, f"threads left behind: {left}"
