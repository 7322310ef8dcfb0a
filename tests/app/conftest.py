"""A home of its own for every test, and a small project that trains in a moment."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from netbuilder.core.build import chain
from netbuilder.core.document import Project


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("NETBUILDER_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = [thread.name for thread in threading.enumerate() if thread not in before and not thread.daemon]
    assert not left


@pytest.fixture
def project() -> Project:
    """Two dense layers on points in the plane, three epochs."""
    steps = [("input", {"shape": (2,)}), ("linear", {"out_features": 8}), "tanh", ("linear", {"out_features": 2}), "output"]
    training = {"optimizer": {"name": "sgd", "learning_rate": 0.1, "momentum": 0.9}, "batch_size": 16, "epochs": 3, "device": "cpu"}
    return Project("Points", chain(steps), training, {"source": {"name": "points", "n": 200}})
