"""Garbage is collected in the window's thread, and by the interpreter again when the last window is closed."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from netbuilder.core.document import Document
from netbuilder.ui.application import Application, first_document
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.startup.collector import Collector


class Loop:
    """Garbage that only a collector finds."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def collector(qapp: Any) -> Iterator[Collector]:  # noqa: ARG001
    collector = Collector()
    collector.take_over()
    yield collector
    collector.hand_back()


def make_garbage(count: int = 1000) -> weakref.ref[Loop]:
    first = Loop()
    for _ in range(count):
        Loop()
    return weakref.ref(first)


def test_no_thread_collects_what_it_did_not_make(collector: Collector) -> None:
    gone = make_garbage()
    thread = threading.Thread(target=make_garbage, args=(20_000,))
    thread.start()
    thread.join()
    assert gone() is not None
    collector.look()
    assert gone() is None


def test_a_look_at_little_garbage_leaves_it(collector: Collector) -> None:
    gc.collect()
    gone = make_garbage(10)
    collector.look()
    assert gone() is not None


def test_older_generations_have_their_turn(collector: Collector) -> None:
    loop = Loop()
    gone = weakref.ref(loop)
    for generation in (0, 1):
        gc.collect(generation)
    del loop
    for _ in range(gc.get_threshold()[1] * (gc.get_threshold()[2] + 2) + 100):
        make_garbage()
        collector.look()
    assert gone() is None


def test_what_exists_at_the_beginning_is_left_out_until_the_end(collector: Collector) -> None:
    gone = make_garbage()
    collector.begin()
    assert gc.get_freeze_count() > 0
    gc.collect()
    assert gone() is not None
    collector.hand_back()
    assert gc.get_freeze_count() == 0
    gc.collect()
    assert gone() is None


def test_windows_hold_it_and_the_last_one_hands_it_back(
    application: Application, open_window: Callable[[Document], MainWindow], qtbot: Any
) -> None:
    assert gc.isenabled()
    first, second = open_window(first_document()), open_window(first_document())
    assert not gc.isenabled()
    for window, left in ((first, False), (second, True)):
        window.document.mark_saved()
        with qtbot.waitSignal(window.closed):
            window.close()
        assert gc.isenabled() is left
    assert not application.windows
