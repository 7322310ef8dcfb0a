"""One way of training LeNet-5 on MNIST, measured for some seconds in a process of its own. Prints one JSON object.

    python train_rate.py plain|engine|window SECONDS [DEVICE]

`plain` is the script one would write without Netbuilder, `engine` the same engine as in the window but without it,
`window` the whole application with every view streaming.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from tempfile import mkdtemp

import psutil

from netbuilder.train.threads import prepare_threads

TICK = 0.010


def plain(seconds: float, device: str) -> dict[str, object]:
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    from netbuilder.data.load import load

    torch.manual_seed(0)
    part = load({"source": {"name": "mnist"}}).train
    inputs = (torch.from_numpy(part.inputs[:]).float() / 255 - 0.1307) / 0.3081
    loader = DataLoader(TensorDataset(inputs, torch.from_numpy(part.targets[:])), batch_size=64, shuffle=True)
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10),
    ).to(device)  # fmt: skip
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)

    def batches() -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        while True:
            yield from loader

    images, begin = 0, time.perf_counter()
    for x, y in batches():
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x.to(device)), y.to(device)).backward()
        optimizer.step()
        images += len(y)
        if time.perf_counter() - begin > seconds:
            break
    if device.startswith("cuda"):
        torch.cuda.synchronize()
    return {"images_per_second": images / (time.perf_counter() - begin)}


class Rate:
    """Images per second over the steps seen, pauses for validation left out."""

    def __init__(self, batch: int) -> None:
        self.batch = batch
        self.images = 0
        self.seconds = 0.0
        self._last: tuple[int, float] | None = None

    def see(self, event: object) -> None:
        from netbuilder.train.events import EpochDone, Started, StepsLogged

        if isinstance(event, StepsLogged):
            now = time.perf_counter()
            if self._last is not None:
                self.images += (event.step - self._last[0]) * self.batch
                self.seconds += now - self._last[1]
            self._last = (event.step, now)
        elif isinstance(event, Started | EpochDone):
            self._last = None

    def result(self) -> float:
        return self.images / self.seconds if self.seconds else 0.0


def engine(seconds: float, device: str) -> dict[str, object]:
    prepare_threads()
    from netbuilder.data.load import load
    from netbuilder.templates import project
    from netbuilder.train.engine import Engine
    from netbuilder.train.recipe import Recipe

    example, rate = project("lenet5"), Rate(64)
    settings = {**example.training, "device": device}
    notes: tuple[str, ...] = ()
    for event in Engine(example.graph, load(example.data), Recipe.read(settings), None).run():
        notes = notes or getattr(event, "notes", ())
        rate.see(event)
        if rate.seconds > seconds:
            break
    return {"images_per_second": rate.result(), "notes": notes}


def window(seconds: float, device: str) -> dict[str, object]:
    os.environ.setdefault("NETBUILDER_HOME", mkdtemp())
    prepare_threads()
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtWidgets import QApplication

    from netbuilder.ui.application import Application

    qt = QApplication([])
    application = Application(qt)
    application.start(None)
    shown = application.windows[0]
    shown.document.configure(training={**shown.document.project.training, "device": device})
    shown.document.mark_saved()
    rate, late, before = Rate(64), [], [0.0]
    # the rate is taken where the engine's events are made, as in `engine`, not when the window drains them
    put = shown.session.runner.inbox.put
    shown.session.runner.inbox.put = lambda event: (rate.see(event), put(event))  # type: ignore[method-assign]

    def tick() -> None:
        now = time.perf_counter()
        if before[0] and rate.seconds:
            late.append(now - before[0] - TICK)
        before[0] = now
        if rate.seconds > seconds:
            shown.session.runner.abort()
            shown.session.runner.join()
            qt.exit()

    timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=int(TICK * 1000))
    timer.timeout.connect(tick)
    timer.start()
    application.warm_up.torch_ready.connect(lambda: QTimer.singleShot(1500, shown.session.runner.start))
    qt.exec()
    memory = psutil.Process().memory_info().rss
    late.sort()
    lateness = {"p99_ms": late[int(len(late) * 0.99)] * 1e3, "max_ms": late[-1] * 1e3, "ticks": len(late)}
    print(json.dumps({"images_per_second": rate.result(), "late": lateness, "memory": memory}), flush=True)
    os._exit(0)


if __name__ == "__main__":
    mode = {"plain": plain, "engine": engine, "window": window}[sys.argv[1]]
    answer = mode(float(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "cpu")
    print(json.dumps({**answer, "memory": psutil.Process().memory_info().rss}))
