"""When the window hears of a training: changes of its state at once, its news as often as showing them is cheap."""

from __future__ import annotations

from time import thread_time
from types import SimpleNamespace

import pytest

from netbuilder.app.inbox import Inbox
from netbuilder.core.signals import Signal
from netbuilder.train.events import Warned
from netbuilder.ui import bridge as bridges
from netbuilder.ui.bridge import Bridge


class Runner:
    state_changed = Signal()

    def __init__(self) -> None:
        self.inbox, self.state, self.starts = Inbox(), "idle", 0

    def enter(self, state: str) -> None:
        self.state = state
        self.state_changed.emit(state)


@pytest.fixture
def runner() -> Runner:
    return Runner()


@pytest.fixture
def bridge(request: pytest.FixtureRequest, runner: Runner) -> Bridge:
    request.getfixturevalue("qapp")
    return Bridge(SimpleNamespace(runner=runner))  # type: ignore[arg-type]


def test_a_state_is_told_without_waiting_for_the_timer(qtbot, bridge: Bridge, runner: Runner) -> None:
    bridge.start()
    bridge.stop()
    runner.inbox.put(Warned("first"))
    with qtbot.waitSignals([bridge.state_changed, bridge.events], order="strict", timeout=2000):
        runner.enter("running")
    assert bridge.state == "running"


def test_news_waits_longer_when_it_is_dear_to_show(bridge: Bridge, runner: Runner) -> None:
    runner.enter("running")
    bridge.drain()
    bridge.drain()
    assert bridge._timer.interval() == bridges.FRAME
    until = thread_time() + 2 * bridges.LONGEST / 1000 * bridges.SHARE
    while thread_time() < until:
        pass
    bridge.drain()
    assert bridge._timer.interval() == bridges.LONGEST
    runner.enter("paused")
    bridge.drain()
    assert bridge._timer.interval() == bridges.FRAME
