"""Sessions: windows come back as they were left; several at once; files dragged onto them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

import netbuilder as nb
from netbuilder import templates
from netbuilder.core.document import Document
from netbuilder.core.edits import add_node, new_node
from netbuilder.core.embedded import into_svg
from netbuilder.core.files import dumps, load
from netbuilder.exchange.lecture.drawing import draw
from netbuilder.ui import ask
from netbuilder.ui.application import Application
from netbuilder.ui.drop_veil import DropVeil
from netbuilder.ui.main_window import MainWindow

LATER = 10_000


def saved(folder: Path, template: str) -> Path:
    return Document(templates.project(template)).save(folder / f"{template}.netb")


def drop(window: MainWindow, *paths: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    at, copy, left, none = QPoint(400, 400), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    over = window.canvas.viewport()
    enter = QDragEnterEvent(at, copy, mime, left, none)
    QApplication.sendEvent(over, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(over, QDropEvent(QPointF(at), copy, mime, left, none))


@pytest.fixture
def told(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(window, "notify", lambda text, *_more: found.append(text))
    return found


def test_windows_come_back_with_what_they_showed(application: Application, tmp_path: Path, qtbot, qapp: QApplication) -> None:
    first = application.open(saved(tmp_path, "lenet5"))
    second = application.open(saved(tmp_path, "resnet18"))
    application.new_window()
    assert first is not None
    assert second is not None
    first.canvas.set_zoom(1.7)
    first.canvas.camera.go_to(QPointF(500, 260))
    first.tabs.show_tab("source")
    block = next(node.id for node in second.document.graph.nodes.values() if node.layer == "block")
    second.session.level.go((block,))
    sight = first.canvas.camera.sight
    application.quit()
    assert not application.windows

    again = Application(qapp)
    try:
        again.start(None)
        qtbot.waitUntil(lambda: len(again.windows) == 2, timeout=LATER)
        left, right = again.windows
        assert left.document.project == templates.project("lenet5")
        assert left.canvas.camera.sight.zoom == pytest.approx(sight.zoom, abs=1e-3)
        assert (left.canvas.camera.sight.centre - sight.centre).manhattanLength() < 4
        assert left.tabs.current == "source"
        assert right.session.level.uses == (block,)
    finally:
        again.quit()
        again.finish()


def test_a_project_opened_again_shows_its_weights_and_what_was_selected(application: Application, tmp_path: Path, qtbot) -> None:
    path = saved(tmp_path, "playground-2d")
    run = nb.train(load(path).graph, data="points", epochs=1, out=tmp_path / "run")
    first, other = application.open(path), application.open(saved(tmp_path, "lenet5"))
    assert first is not None
    assert other is not None
    first.session.inspect(run, "last")
    first.context.selection.set(("n2",))
    first.canvas.set_zoom(1.7)
    first.close()
    again = application.open(path)
    assert again is not None
    application.settle(again)
    assert again.session.inspected is not None
    assert (again.session.inspected[0].folder, again.session.inspected[1]) == (run.folder, "last")
    assert again.context.selection.only == "n2"
    assert again.canvas.camera.sight.zoom == pytest.approx(1.7, abs=1e-3)
    qtbot.waitUntil(lambda: again.session.data_state in ("ready", "failed"), timeout=LATER)
    again.document.apply(add_node(new_node(again.document.graph, "relu")), "Add")
    again.document.save()
    again.close()
    edited = application.open(path)
    assert edited is not None
    application.settle(edited)
    assert edited.session.inspected is None, "these weights belong to another network"
    qtbot.waitUntil(lambda: edited.session.data_state in ("ready", "failed"), timeout=LATER)


def test_a_file_that_is_gone_or_a_damaged_note_does_not_keep_it_from_starting(application: Application, tmp_path: Path, qtbot) -> None:
    path = saved(tmp_path, "lenet5")
    places = ({"path": str(tmp_path / "gone.netb")}, {"path": str(path), "uses": 7, "zoom": "far", "tab": None}, {})
    application.preferences.change(session=places)
    application.start(None)
    assert [window.document.path for window in application.windows] == [path]
    qtbot.waitUntil(lambda: application.windows[0].autosave is not None, timeout=LATER)
    assert application.windows[0].toast.text.text() == "“gone.netb” of the last session is no longer there."


def test_a_damaged_file_is_told_in_the_window_that_opens_instead(application: Application, tmp_path: Path, qtbot) -> None:
    path = saved(tmp_path, "lenet5")
    path.write_bytes(path.read_bytes()[:300])
    application.start(path)
    (window,) = application.windows
    qtbot.waitUntil(lambda: "“lenet5.netb” is not a readable project" in window.toast.text.text(), timeout=LATER)
    assert window.document.path is None
    qtbot.waitUntil(lambda: window.autosave is not None, timeout=LATER)


def test_a_window_in_the_place_of_another_shows_the_same_tab_and_parts(application: Application, tmp_path: Path) -> None:
    first = application.open(saved(tmp_path, "lenet5"))
    assert first is not None
    first.show_tab("source")
    first.toggle_part("inspector")
    second = application.open(saved(tmp_path, "vgg-a"), first)
    assert second is not None
    assert application.windows == [second]
    assert second.tabs.current == "source"
    assert not second.part_visible("inspector")


def test_closing_one_of_several_leaves_the_others(application: Application, tmp_path: Path) -> None:
    first, second = application.open(saved(tmp_path, "lenet5")), application.open(saved(tmp_path, "vgg-a"))
    assert first is not None
    assert second is not None
    first.close()
    assert application.windows == [second]
    assert [Path(place["path"]).name for place in application.preferences.settings.session] == ["vgg-a.netb"]


def test_layers_go_from_window_to_window_by_the_clipboard(open_window: Callable[[Document], MainWindow], application: Application) -> None:
    source = open_window(Document(templates.project("lenet5")))
    target = application.new_window()
    target.furnish()
    source.context.commands.run("canvas.select_all")
    source.context.commands.run("canvas.copy")
    target.context.commands.run("canvas.paste")
    assert len(target.document.graph.nodes) == len(source.document.graph.nodes)
    target.document.undo()
    assert len(source.document.graph.nodes) == len(templates.project("lenet5").graph.nodes)
    target.document.mark_saved()


def test_projects_and_pictures_open(window: MainWindow, application: Application, tmp_path: Path, qtbot) -> None:
    project = templates.project("vgg-a")
    picture = tmp_path / "vgg.svg"
    picture.write_text(into_svg(draw(project.graph), dumps(project)), "utf-8")
    window.document.apply(add_node(new_node(window.document.graph, "relu")), "Add")
    drop(window, picture, saved(tmp_path, "resnet18"))
    qtbot.waitUntil(lambda: {"VGG-11", "ResNet-18"} <= {each.document.project.name for each in application.windows}, timeout=LATER)
    window.document.mark_saved()


def test_data_is_offered_and_taken(window: MainWindow, tmp_path: Path, qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "points.npz"
    np.savez(path, x=np.zeros((20, 2), np.float32), y=np.arange(20) % 2)
    asked: list[str] = []
    monkeypatch.setattr(ask, "ask", lambda _parent, _title, text, *_words: bool(asked.append(text)))
    before = window.document.project
    drop(window, path)
    qtbot.waitUntil(lambda: asked == ["Take “points.npz” as the data of this project?"])
    assert window.document.project == before
    monkeypatch.setattr(ask, "ask", lambda *_words: True)
    drop(window, path)
    qtbot.waitUntil(lambda: window.document.project.data["source"] == {"name": "npz", "file": str(path)})
    assert window.tabs.current == "data"
    qtbot.waitUntil(lambda: window.session.data_state in ("ready", "failed"), timeout=LATER)
    window.document.undo()
    assert window.document.project == before


def test_several_files_at_once_go_where_they_belong(
    window: MainWindow, application: Application, told: list[str], tmp_path: Path, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded, asked = [], []
    monkeypatch.setattr("netbuilder.ui.window_dialogs.load_weights", lambda into, path: loaded.append((into.document.path, path.name)))
    monkeypatch.setattr(ask, "ask", lambda into, _title, text, *_words: bool(asked.append((into.document.path, text))))
    monkeypatch.setattr(MainWindow, "notify", lambda _self, text, *_more: told.append(text))
    vgg, resnet = saved(tmp_path, "vgg-a"), saved(tmp_path, "resnet18")
    others = [tmp_path / name for name in ("points.npz", "some.safetensors", "notes.txt", "net.py")]
    for path in others:
        path.write_bytes(b"?")
    drop(window, others[2], vgg, others[0], resnet, others[1], others[3])
    qtbot.waitUntil(lambda: bool(told), timeout=LATER)
    assert {each.document.path for each in application.windows} == {vgg, resnet}, "in the place of an untouched window, and beside it"
    assert loaded == [(resnet, "some.safetensors")]
    assert asked == [(resnet, "Take “points.npz” as the data of this project?")]
    assert told == ["“notes.txt”, “net.py” cannot be opened here. Drag a project, its picture, samples or weights."]


def test_files_held_over_the_window_are_announced(window: MainWindow, tmp_path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in (saved(tmp_path, "vgg-a"), tmp_path / "notes.txt")])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window.canvas.viewport(), QDragEnterEvent(QPoint(400, 400), copy, mime, left, none))
    veil = window.findChild(DropVeil)
    assert veil.isVisible()
    assert veil.lines == ["Open “vgg-a.netb”", "“notes.txt” cannot be opened here"]
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not veil.isVisible()


def test_rubbish_is_told(window: MainWindow, told: list[str], tmp_path: Path, qtbot) -> None:
    for name in ("notes.txt", "empty"):
        path = tmp_path / name
        path.mkdir() if name == "empty" else path.write_text("hello")
        drop(window, path)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert all("cannot be opened here" in text for text in told)
