"""A folder of one's own pictures as data: chosen in a dialog, and brought to the size that the network takes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from patience import until
from PIL import Image
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from netbuilder.core.document import Document, Project
from netbuilder.templates import project
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.panels.chooser import Chooser
from netbuilder.ui.widgets.later_panel import LaterPanel


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    folder = tmp_path / "pets (new)"
    for name in ("cats", "dogs"):
        (folder / name).mkdir(parents=True)
        for number in range(6):
            Image.new("RGB", (40 + number, 30)).save(folder / name / f"{number}.png")
    return folder


def panel(window: MainWindow) -> QWidget:
    place = window.tabs.panel("data")
    assert isinstance(place, LaterPanel)
    window.show_tab("data")
    return place.make()


def path_of(window: MainWindow, name: str, field: str) -> QLineEdit:
    """Choose a source of data; the line in which its path stands."""
    form = panel(window)
    source = form.findChild(Chooser, "choose.source")
    assert source is not None
    row = source.findText(name)
    source.setCurrentIndex(row)
    source.activated.emit(row)
    line = form.findChild(QLineEdit, f"field.{field}")
    assert line is not None
    return line


@pytest.mark.parametrize(("template", "size", "colour"), [("resnet18", 224, "rgb"), ("lenet5", 28, "grey")])
def test_a_chosen_folder_fits_the_network(
    open_window: Callable[[Document], MainWindow], pets: Path, monkeypatch: pytest.MonkeyPatch, template: str, size: int, colour: str
) -> None:
    window = open_window(Document(Project("Pets", project(template).graph)))
    line = path_of(window, "Folder of images", "folder")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(pets))
    line.actions()[0].trigger()
    chosen = window.document.project.data["source"]
    assert chosen == {"name": "images", "folder": str(pets), "size": size, "colour": colour}
    assert line.text() == str(pets)
    window.session.load_data()
    until(lambda: window.session.data_state == "ready")
    assert window.session.dataset().input_shape[1:] == (size, size)


def test_giving_up_leaves_what_was_there(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    line = path_of(window, "NumPy archive", "file")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    line.actions()[0].trigger()
    assert line.text() == ""
    assert window.document.project.data["source"] == {"name": "mnist"}
