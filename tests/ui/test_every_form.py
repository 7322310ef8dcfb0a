"""The form of every declared layer: it is made from the settings, shows them and gives back what is typed."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from netbuilder.layers.declare import catalogue
from netbuilder.layers.settings import read
from netbuilder.ui.widgets import kinds
from netbuilder.ui.widgets.struct_form import StructForm


@pytest.mark.parametrize("name", catalogue())
def test_forms_show_every_setting(name: str, qtbot: QtBot) -> None:
    kind = catalogue()[name]
    form = StructForm(kind, {})
    qtbot.addWidget(form)
    assert form.names == kind.__struct_encode_fields__
    assert all(form.field(setting).objectName() == f"field.{setting}" for setting in form.names)


@pytest.mark.parametrize("name", catalogue())
def test_what_a_form_shows_reads_back(name: str) -> None:
    kind = catalogue()[name]
    typed: dict[str, Any] = {}
    for info in msgspec.structs.fields(kind):
        field = kinds.kind_of(info.type)
        shown = kinds.write(field, info.default)
        if not shown:
            continue
        typed[info.encode_name] = info.default if field.only_bool or field.only_choices else kinds.read(field, shown)
        assert kinds.write(field, typed[info.encode_name]) == shown
    read(kind, typed)
