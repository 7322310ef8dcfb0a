"""Every way to draw initial weights can be chosen for a layer, with its settings and its formula."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from netbuilder.train.initialisers import INITIALISERS
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.panels.inspector.learning import LearningForm
from netbuilder.ui.panels.inspector.subject import Subject


def test_a_layer_is_initialised_in_every_way(window: MainWindow, qtbot: QtBot) -> None:
    node = window.document.graph.by_name["C3"].id
    form = LearningForm(window.context, Subject(node))
    qtbot.addWidget(form)
    for name, kind in INITIALISERS.all().items():
        form.refresh(window.session.level.analysis)
        family = form.initialisation
        family.chooser.choose(name)
        family.chooser.chosen.emit(name)
        assert set(family.form.names if family.form is not None else ()) == set(kind.__struct_fields__)
        assert family.formula.text() == kind.about.formula
        stored = window.document.graph.nodes[node].training["initialisation"]
        assert INITIALISERS.read(stored).about.name == name
