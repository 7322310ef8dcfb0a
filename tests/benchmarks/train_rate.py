"""One way of training LeNet-5 on MNIST, measured in a process of its own. Prints “ready” and then one JSON object.

    python train_rate.py plain|engine|window SECONDS [DEVICE]

`plain` is the script one would write without Netbuilder, `engine` the same training as in the window but without it, with
its run's folder and record, `window` the whole application with every view streaming. Whoever starts several of them may
stop and continue the processes (SIGSTOP, SIGCONT) so that they take turns: the time between is left out, and `turns` holds
the images per second of each turn. Engine and window share their choice of threads and layout in NETBUILDER_HOME.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from tempfile import mkdtemp

import psutil

from netbuilder.train.speed import tuning
from netbuilder.train.speed.threads import prepare_threads

TICK, CALM = 0.020, 0.250
"""Seconds between two looks at the clock in the window: quick ones tell how late its timers are, after the rate is known, because
each takes the interpreter from the training thread for a moment."""
LATE = 150
"""Quick looks."""
BATCH = 64
WARM = 1.0
"""Seconds of training before measuring begins."""
AWAY = 0.4
"""Seconds without a step from which the process is taken to have been stopped."""
BACK = 0.15
"""Seconds after such a stop that are left out in every process: caches are cold, and timers that fell due go off at once."""


def say(**facts: object) -> None:
    print(json.dumps(facts), flush=True)


class Rate:
    """Images per second over the steps seen, by turns; pauses for validation are left out."""

    def __init__(self, seconds: float) -> None:
        self.wanted = seconds
        self.turns: list[list[float]] = []
        self.notes: tuple[str, ...] = ()
        self.running = False
        self._began = 0.0
        self._last: tuple[int, float] | None = None
        self._back = 0.0

    @property
    def done(self) -> bool:
        return sum(seconds for _, seconds in self.turns) >= self.wanted

    def steps(self, step: int) -> None:
        """So many steps are made."""
        now = time.perf_counter()
        if self._last is None or now - self._last[1] > AWAY:
            self._back = now + BACK
            self.turns += [[0.0, 0.0]] if self.running and (not self.turns or self.turns[-1][1] > TICK) else []
        elif self.running and self._last[1] > self._back:
            self.turns[-1][0] += (step - self._last[0]) * BATCH
            self.turns[-1][1] += now - self._last[1]
        self._last = (step, now)
        self._began = self._began or now
        if not self.running and now - self._began > WARM:
            self.running = True
            self.turns.append([0.0, 0.0])
            say(ready=True)

    def see(self, event: object) -> None:
        from netbuilder.train.events import EpochDone, Started, StepsLogged

        if isinstance(event, StepsLogged):
            self.steps(event.step)
        elif isinstance(event, Started):
            self.notes = event.notes
        elif isinstance(event, EpochDone) and self._last is not None:
            self._last = (event.step, time.perf_counter())

    def tell(self, **more: object) -> None:
        rates = [images / seconds for images, seconds in self.turns if seconds > TICK]
        say(turns=rates, notes=self.notes, memory=psutil.Process().memory_info().rss, **more)


def plain(rate: Rate, device: str) -> None:
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    from netbuilder.data.load import load

    torch.manual_seed(0)
    part = load({"source": {"name": "mnist"}}).train
    inputs = (torch.from_numpy(part.inputs[:]).float() / 255 - 0.1307) / 0.3081
    loader = DataLoader(TensorDataset(inputs, torch.from_numpy(part.targets[:])), batch_size=BATCH, shuffle=True)
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10),
    ).to(device)  # fmt: skip
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)

    def batches() -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        while True:
            yield from loader

    for step, (x, y) in enumerate(batches(), start=1):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x.to(device)), y.to(device)).backward()
        optimizer.step()
        if device.startswith("cuda") and step % 50 == 0:
            torch.cuda.synchronize()
        rate.steps(step)
        if rate.done:
            break
    rate.tell()


def engine(rate: Rate, device: str) -> None:
    from netbuilder.app.scripting import train
    from netbuilder.templates import project

    train(project("lenet5"), on_event=rate.see, stop=lambda: rate.done, device=device)
    rate.tell()


def window(rate: Rate, device: str) -> None:
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtWidgets import QApplication

    from netbuilder.ui.application import Application
    from netbuilder.ui.startup.qt_features import leave_out_features

    leave_out_features()
    qt = QApplication([])
    application = Application(qt)
    application.start(None)
    shown = application.windows[0]
    shown.document.configure(training={**shown.document.project.training, "device": device})
    shown.document.mark_saved()
    late, before = [], [0.0]
    # the rate is taken where the engine's events are made, as in `engine`, not when the window drains them
    put = shown.session.runner.inbox.put
    shown.session.runner.inbox.put = lambda event: (rate.see(event), put(event))  # type: ignore[method-assign]
    signal.signal(signal.SIGCONT, lambda *_: before.__setitem__(0, 0.0))

    def tick() -> None:
        if not rate.done:
            return
        timer.setInterval(int(TICK * 1000))
        now = time.perf_counter()
        if before[0]:
            late.append(now - before[0] - TICK)
        before[0] = now
        if len(late) == LATE:
            late.sort()
            rate.tell(late={"p99_ms": late[int(LATE * 0.99)] * 1e3, "max_ms": late[-1] * 1e3, "ticks": LATE})
            shown.session.runner.abort()
            shown.session.runner.join()
            os._exit(0)

    timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=int(CALM * 1000))
    timer.timeout.connect(tick)
    timer.start()
    application.warm_up.torch_ready.connect(lambda: QTimer.singleShot(1500, shown.session.runner.start))
    qt.exec()


if __name__ == "__main__":
    os.environ.setdefault("NETBUILDER_HOME", mkdtemp())
    mode = {"plain": plain, "engine": engine, "window": window}[sys.argv[1]]
    if mode is not plain:
        prepare_threads()
        tuning.quiet = bool  # the first choice counts for all, however busy the machine was
    mode(Rate(float(sys.argv[2])), sys.argv[3] if len(sys.argv) > 3 else "cpu")
