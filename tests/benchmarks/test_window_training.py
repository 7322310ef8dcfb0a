"""LeNet-5 on MNIST in processes of their own, alternating: a plain script, the engine, and the engine below an open window."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("train_rate.py")
MODES = ("plain", "engine", "window")
ROUNDS, SECONDS = 3, 6


def measured(mode: str) -> dict:
    answer = subprocess.run([sys.executable, SCRIPT, mode, str(SECONDS)], capture_output=True, text=True, timeout=180, check=True)
    return json.loads(answer.stdout.splitlines()[-1])


def ratios(over: list[dict], under: list[dict], figure: str) -> str:
    found = [ours[figure] / theirs[figure] for ours, theirs in zip(over, under, strict=True)]
    return f"median {statistics.median(found):.2f} ({', '.join(f'{each:.2f}' for each in found)})"


@pytest.mark.benchmark
def test_training_below_an_open_window(monkeypatch, tmp_path):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setenv("NETBUILDER_HOME", str(tmp_path))
    found: dict[str, list[dict]] = {mode: [] for mode in MODES}
    for _ in range(ROUNDS):
        for mode in MODES:
            found[mode].append(measured(mode))
    for mode, answers in found.items():
        print(f"\n{mode}: images/s", *(f"{answer['images_per_second']:,.0f}" for answer in answers), end="")
    print("\nengine / script, images per second:", ratios(found["engine"], found["plain"], "images_per_second"), "(aim: 1.3)")
    print("window / engine, images per second:", ratios(found["window"], found["engine"], "images_per_second"), "(aim: 0.97)")
    print("window / script, memory:", ratios(found["window"], found["plain"], "memory"), "(aim: at most 1.3)")
    for answer in found["window"]:
        late = answer["late"]
        print(f"timer late: p99 {late['p99_ms']:.1f} ms (aim: 20), at most {late['max_ms']:.0f} ms (aim: 100), {late['ticks']} ticks")
    assert all(answer["images_per_second"] > 0 and answer["memory"] > 0 for answers in found.values() for answer in answers)
