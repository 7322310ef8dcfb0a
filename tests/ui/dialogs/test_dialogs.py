"""Export and welcome."""

from __future__ import annotations

import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from netbuilder import templates
from netbuilder.app.preferences import Preferences
from netbuilder.core.document import Document
from netbuilder.core.errors import NetbuilderError
from netbuilder.exchange import export as exporting
from netbuilder.ui.dialogs.export import ExportDialog
from netbuilder.ui.dialogs.welcome import WelcomeDialog
from netbuilder.ui.theme import Themes


class Bridge(QObject):
    events = Signal(list)
    state_changed = Signal(str)


@pytest.fixture
def context(qapp) -> SimpleNamespace:  # noqa: ARG001
    session = SimpleNamespace(document=Document(templates.project("lenet5")), runner=SimpleNamespace(folder=None, state="idle"))
    return SimpleNamespace(session=session, themes=Themes("dark"), bridge=Bridge(), notify=print)


@pytest.fixture
def dialog(context, qtbot, monkeypatch) -> ExportDialog:
    found = ExportDialog(context)
    qtbot.addWidget(found)
    monkeypatch.setattr(found, "_source", lambda weights: weights)
    found.show()
    return found


def test_success_is_told_with_its_proof(dialog: ExportDialog, qtbot, monkeypatch, tmp_path: Path) -> None:
    stages = []

    def export(_what, path, format_, *, progress, **_words):
        progress("Writing ONNX")
        return exporting.ExportReport(path, format_, 1.0, 3e-7, "done")

    monkeypatch.setattr(exporting, "export", export)
    dialog._stages.told.connect(stages.append)
    dialog.list.setCurrentRow([f.about.name for f in dialog._formats].index("onnx"))
    dialog.set_path(tmp_path / "net.onnx")
    QTest.mouseClick(dialog._go, Qt.MouseButton.LeftButton)
    assert not dialog._go.isEnabled()
    qtbot.waitUntil(lambda: dialog.report is not None, timeout=10_000)
    assert "Verified: reloaded in a fresh process, largest difference 3e-07" in dialog.outcome.text()
    assert stages == ["Writing ONNX"]
    assert dialog._show_folder.isVisible()
    assert dialog.report.path == tmp_path / "net.onnx"


def test_refusal_is_a_sentence_and_one_may_try_again(dialog: ExportDialog, qtbot, monkeypatch, tmp_path: Path) -> None:
    def export(*_args, **_words):
        raise NetbuilderError("The folder cannot be written to.", remedy="Choose another folder.")

    monkeypatch.setattr(exporting, "export", export)
    dialog.set_path(tmp_path / "net.py")
    dialog.start()
    qtbot.waitUntil(lambda: not dialog._later.waiting, timeout=10_000)
    assert "The folder cannot be written to. Choose another folder." in dialog.outcome.text()
    assert dialog._go.isEnabled()
    assert not dialog._show_folder.isVisible()


def test_cancel_waits_for_the_stage_in_progress(dialog: ExportDialog, qtbot, monkeypatch, tmp_path: Path) -> None:
    gate = threading.Event()

    def export(*_args, progress, **_words):
        gate.wait(10)
        if progress("Next") is False:
            raise exporting.ExportCancelledError("The export was cancelled; nothing was written.")

    monkeypatch.setattr(exporting, "export", export)
    dialog.set_path(tmp_path / "net.py")
    dialog.start()
    dialog.reject()
    assert dialog.isVisible()
    gate.set()
    qtbot.waitUntil(lambda: not dialog._later.waiting, timeout=10_000)
    assert "cancelled" in dialog.outcome.text()


def test_suffix_follows_the_format(dialog: ExportDialog, tmp_path: Path) -> None:
    dialog.set_path(tmp_path / "mine.py")
    for row, entry in enumerate(dialog._formats):
        dialog.list.setCurrentRow(row)
        assert Path(dialog.path.text()).suffix in entry.about.suffixes
        assert Path(dialog.path.text()).stem == "mine"
    assert [entry.about.name for entry in dialog._formats][:5] == ["python", "state-dict", "safetensors", "pt2", "onnx"]


@pytest.mark.slow
def test_a_real_export_is_verified(context, qtbot, tmp_path: Path) -> None:
    dialog = ExportDialog(context)
    qtbot.addWidget(dialog)
    dialog.set_path(tmp_path / "net.py")
    dialog.start()
    qtbot.waitUntil(lambda: not dialog._later.waiting, timeout=120_000)
    assert "Verified" in dialog.outcome.text()
    assert (tmp_path / "net.py").is_file()


@pytest.fixture
def welcome(context, qtbot, tmp_path: Path) -> WelcomeDialog:
    recent = tmp_path / "mine.netb"
    recent.write_text("{}", encoding="utf-8")
    preferences = Preferences(tmp_path / "settings.json")
    preferences.remember(recent)
    preferences.remember(tmp_path / "gone.netb")
    found = WelcomeDialog(context, preferences=preferences)
    qtbot.addWidget(found)
    found.show()
    return found


def test_enter_creates_the_first_template(welcome: WelcomeDialog) -> None:
    QTest.keyClick(welcome.gallery, Qt.Key.Key_Return)
    assert welcome.project is not None
    assert welcome.project.name == "LeNet-5"
    assert welcome.path is None


def test_what_is_typed_on_the_gallery_searches_it(welcome: WelcomeDialog, qtbot) -> None:
    welcome.show()
    qtbot.waitExposed(welcome)
    QTest.keyClicks(welcome.gallery, "e")
    QTest.keyClicks(welcome.search, "mpty")
    assert welcome.search.text() == "empty"
    QTest.keyClick(welcome.search, Qt.Key.Key_Return)
    assert welcome.project is not None
    assert not welcome.project.graph.nodes


def test_arrows_pressed_in_the_search_walk_the_gallery(welcome: WelcomeDialog) -> None:
    QTest.keyClick(welcome.search, Qt.Key.Key_Down)
    assert welcome.template is not None
    assert welcome.template.name == "lenet5-1998"


def test_keys_move_through_the_gallery_and_options_change_the_network(welcome: WelcomeDialog) -> None:
    QTest.keyClick(welcome.gallery, Qt.Key.Key_Down)
    assert welcome.template is not None
    assert welcome.template.name != "lenet5"
    welcome.choose("lenet5")
    welcome._form.edited.emit("classes", 26)
    assert "63," in welcome._figures.text()
    welcome._form.edited.emit("classes", 1)
    assert welcome._form.error("classes")
    assert not welcome._go.isEnabled()


def test_typing_in_the_gallery_searches_and_arrows_lead_back(welcome: WelcomeDialog, qapp) -> None:
    QTest.keyClicks(welcome.gallery, "r")
    assert qapp.focusWidget() is welcome.search
    QTest.keyClicks(welcome.search, "esnet18")
    assert welcome.search.text() == "resnet18"
    assert welcome.template.name == "resnet18"
    QTest.keyClick(welcome.search, Qt.Key.Key_Down)
    assert qapp.focusWidget() is welcome.gallery
    QTest.keyClick(welcome.gallery, Qt.Key.Key_Return)
    assert welcome.project.name == "ResNet-18"


def test_typing_narrows_the_gallery(welcome: WelcomeDialog) -> None:
    QTest.keyClicks(welcome.search, "inception")
    shown = [
        entry if isinstance(entry, str) else entry.name
        for row, entry in enumerate(welcome._templates)
        if entry and not welcome.gallery.isRowHidden(row)
    ]
    assert shown == ["Inception", "googlenet", "inception-v3"]
    assert welcome.template is not None
    assert welcome.template.name == "googlenet"
    welcome.search.setText("nothing of the kind")
    assert not welcome._go.isEnabled()
    welcome.search.clear()
    assert welcome._go.isEnabled()
    assert welcome.template.name == "googlenet"


def test_empty_project_and_dismissal(welcome: WelcomeDialog) -> None:
    welcome.choose("")
    welcome.take()
    assert welcome.project is not None
    assert not welcome.project.graph.nodes


def test_only_files_that_are_there_are_offered(welcome: WelcomeDialog, tmp_path: Path) -> None:
    assert [path.name for path in welcome._recent] == ["mine.netb"]
    welcome.open_path(welcome._recent[0])
    assert welcome.path == (tmp_path / "mine.netb").resolve()
    assert welcome.project is None


def test_a_recent_project_is_opened_by_its_picture(context, qtbot, tmp_path: Path) -> None:
    path = Document(templates.project("lenet5")).save(tmp_path / "net.netb")
    preferences = Preferences(tmp_path / "settings.json")
    preferences.remember(path)
    dialog = WelcomeDialog(context, preferences=preferences)
    qtbot.addWidget(dialog)
    dialog.show()
    tile = dialog.findChild(QToolButton, "recent.net")
    assert not tile.icon().isNull()
    QTest.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert dialog.path == path.resolve()
