"""Losses in forms: one for an output, several in a mixture."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from netbuilder.layers.structure import Output
from netbuilder.train.losses import LOSSES
from netbuilder.ui.panels.chooser import Chooser
from netbuilder.ui.panels.family_form import FamilyForm
from netbuilder.ui.widgets.struct_form import StructForm

LEFT = Qt.MouseButton.LeftButton


def choose(form: QWidget, name: str, key: str) -> None:
    chooser = form.findChild(Chooser, f"choose.{name}")
    assert chooser is not None
    chooser.choose(key)
    chooser.chosen.emit(key)


@pytest.fixture
def mixture(qtbot: QtBot) -> tuple[FamilyForm, list[Any]]:
    form = FamilyForm("loss", LOSSES.all())
    form.set_value({"name": "mixture", "losses": ({"name": "cross-entropy", "weight": 1.0},)})
    qtbot.addWidget(form)
    form.show()
    edits: list[Any] = []
    form.edited.connect(lambda value, _field: edits.append(value))
    return form, edits


def test_losses_are_added_weighted_and_taken_out(mixture: tuple[FamilyForm, list[Any]]) -> None:
    form, edits = mixture
    add = form.findChild(QPushButton, "mixture.add")
    assert add is not None
    QTest.mouseClick(add, LEFT)
    assert [each["name"] for each in edits[-1]["losses"]] == ["cross-entropy", "auto"]
    choose(form, "loss_2", "focal")
    weight = form.findChildren(QLineEdit, "field.weight")[1]
    weight.selectAll()
    QTest.keyClicks(weight, "0.25")
    assert edits[-1]["losses"] == ({"name": "cross-entropy", "weight": 1.0}, {"name": "focal", "weight": 0.25})
    LOSSES.read(edits[-1])
    form.findChildren(QPushButton, "mixture.remove.1")[0].click()
    assert edits[-1]["losses"] == ({"name": "focal", "weight": 0.25},)


def test_an_output_takes_the_loss_of_the_training_or_its_own(qtbot: QtBot) -> None:
    form = StructForm(Output, {})
    qtbot.addWidget(form)
    edits: list[Any] = []
    form.edited.connect(lambda name, value: edits.append((name, value)))
    choose(form, "loss", "focal")
    assert edits == [("loss", "focal")]
    form.set_values({"loss": "focal"})
    gamma = form.findChild(QLineEdit, "field.gamma")
    assert gamma is not None
    gamma.selectAll()
    QTest.keyClicks(gamma, "3")
    assert edits[-1] == ("loss", {"name": "focal", "gamma": 3})
    choose(form, "loss", "recipe")
    assert edits[-1] == ("loss", "")


def test_a_setting_that_the_loss_refuses_is_not_passed_on(qtbot: QtBot) -> None:
    form = StructForm(Output, {"loss": "focal"})
    qtbot.addWidget(form)
    edits: list[Any] = []
    form.edited.connect(lambda name, value: edits.append((name, value)))
    gamma = form.findChild(QLineEdit, "field.gamma")
    assert gamma is not None
    gamma.selectAll()
    QTest.keyClicks(gamma, "-2")
    assert all(value == "focal" or value["gamma"] >= 0 for _, value in edits)
