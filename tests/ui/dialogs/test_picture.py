"""The dialog that exports pictures, worked as a person does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QToolButton

from netbuilder.cli.main import main
from netbuilder.core.files import load
from netbuilder.ui.dialogs.picture import PictureDialog
from netbuilder.ui.main_window import MainWindow


@pytest.fixture
def dialog(window: MainWindow) -> PictureDialog:
    window.context.selection.set([next(node.id for node in window.document.graph.nodes.values() if node.name == "C1")])
    found = PictureDialog(window.context, window)
    found.show()
    return found


def press(dialog: PictureDialog, group: str, key: str) -> None:
    QTest.mouseClick(getattr(dialog, group).findChild(QToolButton, f"segment.{key}"), Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("style", ["canvas", "lecture"])
@pytest.mark.parametrize("suffix", ["svg", "png", "pdf"])
def test_what_is_saved_opens_the_project(
    dialog: PictureDialog, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, style: str, suffix: str
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "net"), ""))
    press(dialog, "style_", style)
    press(dialog, "format", suffix)
    QTest.mouseClick(dialog._save, Qt.MouseButton.LeftButton)
    path = tmp_path / f"net.{suffix}"
    assert "with the project in it" in dialog.outcome.text()
    assert load(path) == window.document.project
    opened = window.shell.open(path, window)
    assert isinstance(opened, MainWindow)
    assert opened.document.project == load(path)
    assert opened.document.path is None


def test_enter_presses_the_button_in_focus_not_the_default_one(dialog: PictureDialog, monkeypatch: pytest.MonkeyPatch) -> None:
    saved: list[bool] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: saved.append(True) or ("", ""))
    dialog._copy.setFocus()
    QTest.keyClick(dialog._copy, Qt.Key.Key_Return)
    assert "clipboard" in dialog.outcome.text()
    assert not saved
    dialog.embed.setFocus()
    QTest.keyClick(dialog.embed, Qt.Key.Key_Return)
    assert saved, "from a choice, Enter goes to the default button"


def test_only_the_selection_and_no_ground(dialog: PictureDialog, tmp_path: Path) -> None:
    whole = dialog._drawing.size.width()
    press(dialog, "extent", "selection")
    assert dialog._drawing.size.width() < whole / 2
    dialog.clear.click()
    dialog.embed.click()
    press(dialog, "format", "png")
    press(dialog, "magnify", "2")
    path = tmp_path / "part.png"
    dialog.write(path)
    picture = QImage(str(path))
    assert QColor(picture.pixelColor(0, 0)).alpha() == 0
    assert picture.width() == round(dialog._drawing.size.width() * 2)
    with pytest.raises(Exception, match="without a project"):
        load(path)


def test_a_picture_that_cannot_be_written_is_told(dialog: PictureDialog, tmp_path: Path) -> None:
    dialog.write(tmp_path / "nowhere" / "net.svg")
    assert "nowhere" in dialog.outcome.text() or "folder" in dialog.outcome.text()
    assert dialog.outcome.property("tone") == "error"


@pytest.mark.parametrize("name", ["a.svg", "a.png", "a.pdf"])
def test_the_terminal_draws_too(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / name
    assert main(["picture", "lenet5", "-o", str(path), "--theme", "print"]) == 0
    assert main(["summary", str(path), "--json"]) == 0
    assert '"parameters": 61706' in capsys.readouterr().out
    assert main(["picture", "lenet5", "-o", str(tmp_path / "a.gif")]) == 1
    assert "is no picture" in capsys.readouterr().err


def test_the_command_opens_it(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[PictureDialog] = []
    exec_: Callable[[PictureDialog], int] = lambda dialog: (shown.append(dialog), 0)[1]  # noqa: E731
    monkeypatch.setattr(PictureDialog, "exec", exec_)
    window.context.commands.run("file.picture")
    assert shown[0].windowTitle() == "Export picture"
    shown[0].deleteLater()


def test_a_dialog_is_not_larger_than_the_screen(window: MainWindow) -> None:
    dialog = PictureDialog(window.context, window)
    dialog.resize(3000, 3000)
    dialog.show()
    screen = dialog.screen().availableGeometry()
    assert screen.contains(dialog.geometry())
    assert dialog.rect().contains(dialog._save.geometry())
