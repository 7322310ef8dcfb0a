"""Absurd values typed into forms: a sentence under the field, and the old value comes back with Escape or undo."""

from __future__ import annotations

import math

import pytest
from mishaps import finish
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from netbuilder.core.graph import Value
from netbuilder.train.recipe import Recipe
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.widgets.struct_form import StructForm

ABSURD = ("1000000000", "-1", "0", "1e999", "nan", "letters", "", "5 × 5 × 5", "99999999999999999999999999", "0x10", "-0.5")


def _type(qtbot: QtBot, field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text) if text else qtbot.keyClick(field, Qt.Key.Key_Delete)
    qtbot.keyClick(field, Qt.Key.Key_Tab)


def _lines(form: StructForm) -> list[tuple[str, QLineEdit]]:
    return [(name, field) for name in form.names if isinstance(field := form.field(name), QLineEdit)]


def _plain(value: Value) -> bool:
    if isinstance(value, dict | list | tuple):
        return all(_plain(each) for each in (value.values() if isinstance(value, dict) else value))
    return not isinstance(value, float) or math.isfinite(value)


@pytest.mark.parametrize("text", ABSURD)
def test_layer_settings(window: MainWindow, qtbot: QtBot, text: str) -> None:
    document = window.document
    for node in list(document.graph.nodes.values()):
        if node.layer not in ("conv2d", "linear", "input", "avgpool2d", "maxpool2d"):
            continue
        window.context.selection.set((node.id,))
        form = window.inspector.view.form
        for name, field in _lines(form):
            before, shown = document.graph, field.text()
            _type(qtbot, field, text)
            stored = document.graph.nodes[node.id].settings
            assert all(_plain(value) for value in stored.values())
            bad = document.graph == before and field.text() != shown
            assert not bad or form.error(name), (node.layer, name)
            if document.graph != before:
                document.undo()
            else:
                field.setFocus()
                qtbot.keyClick(field, Qt.Key.Key_Escape)
            assert document.graph == before
            assert field.text() == shown, (node.layer, name)
            assert not form.error(name)


def _check_all(qtbot: QtBot, window: MainWindow, form: StructForm, text: str) -> None:
    document = window.document
    for name, field in _lines(form):
        before, shown = document.project, field.text()
        _type(qtbot, field, text)
        if document.project is not before:
            document.undo()
        else:
            assert field.text() == shown or form.error(name), name
            field.setFocus()
            qtbot.keyClick(field, Qt.Key.Key_Escape)
        assert document.project == before
        assert field.text() == shown, name
        assert not form.error(name), name


@pytest.mark.parametrize("text", ABSURD)
def test_recipe(window: MainWindow, qtbot: QtBot, text: str) -> None:
    finish(window)
    window.show_tab("training")
    recipe = window.tabs.panel("training").panel.recipe  # type: ignore[attr-defined]
    forms = [recipe.form_of("epochs"), recipe.form_of("threads"), recipe.family("optimizer").form]
    for form in forms:
        _check_all(qtbot, window, form, text)
    Recipe.read(window.document.project.training)


@pytest.mark.parametrize("text", ABSURD)
def test_data(window: MainWindow, qtbot: QtBot, text: str) -> None:
    finish(window)
    window.show_tab("data")
    panel = window.tabs.panel("data").panel  # type: ignore[attr-defined]
    _check_all(qtbot, window, panel.settings.fields, text)


def test_batch_size_zero_and_a_rate_that_is_no_number_are_refused(window: MainWindow, qtbot: QtBot) -> None:
    finish(window)
    window.show_tab("training")
    recipe = window.tabs.panel("training").panel.recipe  # type: ignore[attr-defined]
    before = window.document.project
    for form, name, text in ((recipe.form_of("batch_size"), "batch_size", "0"), (recipe.family("optimizer").form, "learning_rate", "nan")):
        field: QWidget = form.field(name)
        assert isinstance(field, QLineEdit)
        _type(qtbot, field, text)
        assert form.error(name)
        assert window.document.project is before
