"""A context around a session that trains nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from training_fakes import make_context

from netbuilder import templates
from netbuilder.core.document import Document


@pytest.fixture
def context(qapp) -> SimpleNamespace:  # noqa: ARG001
    """LeNet-5 with nothing trained yet."""
    return make_context(Document(templates.project("lenet5")))


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """Every thread that a test starts ends with it."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
        assert not thread.is_alive(), thread.name
