"""Targets for each of several outputs, from the Data tab to the end of a training."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from netbuilder.core.build import Builder
from netbuilder.core.document import Document, Project
from netbuilder.core.edits import set_setting
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.panels.data.facts import facts


def document(folder: Path) -> Document:
    random = np.random.default_rng(0)
    pictures = random.integers(0, 255, (80, 8, 8)).astype(np.uint8)
    np.savez(folder / "signs.npz", x=pictures, digit=np.arange(80) % 4, angle=pictures[:, 0, 0] / np.float32(255))
    build = Builder()
    trunk = build.add("flatten", build.add("input", shape=(1, 8, 8)))
    build.add("output", build.add("linear", trunk, out_features=1), name="turn", task="values")
    build.add("output", build.add("linear", trunk, out_features=4), name="digit")
    source = {"name": "npz", "file": str(folder / "signs.npz"), "targets": "digit, angle"}
    return Document(Project("Signs", build.graph(), {"epochs": 1, "device": "cpu"}, {"source": source, "validation": 10, "test": 10}))


def test_an_output_gets_its_targets_and_learns(open_window: Callable[[Document], MainWindow], qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(document(tmp_path))
    window.session.load_data()
    qtbot.waitUntil(lambda: window.session.dataset() is not None and bool(window.session.problems()))
    assert "digit (4 classes), angle (values)" in facts(window.session.dataset())
    assert "no targets called “turn”" in window.session.problems()[0].message
    window.document.apply(set_setting(window.document.graph.by_name["turn"].id, "targets", "angle"), "Set targets")
    qtbot.waitUntil(lambda: window.session.problems() == ())
    window.show_tab("maps")
    window.context.commands.action("train.start").trigger()
    runner = window.session.runner
    qtbot.waitUntil(lambda: runner.training is not None and not runner.active, timeout=20_000)
    told = window.session.answers("test", 5.0).result(20)
    assert (told.answers.kind, told.classes) == ("values", ())
