"""The clipboard: copies as readable text between canvases, snippets of PyTorch, rubbish, and very many layers."""

from __future__ import annotations

import json
from collections.abc import Callable
from threading import Event

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox, QProgressBar, QProgressDialog

from netbuilder.core.build import chain
from netbuilder.core.clipboard import copy_text, paste_edit
from netbuilder.core.graph import Graph, Port
from netbuilder.ui.canvas.adding import pasting
from netbuilder.ui.canvas.view import CanvasView

SNIPPET = "nn.Sequential(nn.Conv2d(1, 6, 5), nn.ReLU(), nn.Flatten(), nn.Linear(3456, 10))"


def paste(canvas: CanvasView, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    canvas.context.commands.run("canvas.paste")


def test_a_copy_is_readable_json_that_another_window_takes(lenet: CanvasView, make_canvas: Callable[..., CanvasView]) -> None:
    lenet.selection.set(["n2", "n3"])
    lenet.context.commands.run("canvas.copy")
    text = QGuiApplication.clipboard().text()
    assert json.loads(text)["format"] == "netbuilder-layers"
    assert '"conv2d"' in text
    assert len(text.splitlines()) > 3
    other = make_canvas()
    paste(other, text)
    assert sorted(node.layer for node in other.graph.nodes.values()) == ["conv2d", "tanh"]
    assert len(other.graph.links) == 1
    assert other.selected_ids == other.graph.nodes.keys()
    assert other.document.undo_label == "Paste"


def test_a_sequential_becomes_layers_in_one_step(make_canvas: Callable[..., CanvasView]) -> None:
    canvas = make_canvas()
    paste(canvas, SNIPPET)
    assert [node.layer for node in canvas.graph.nodes.values()] == ["conv2d", "relu", "flatten", "linear"]
    assert len(canvas.graph.links) == 3
    assert len({node.position for node in canvas.graph.nodes.values()}) == 4
    canvas.grab()
    canvas.document.undo()
    assert canvas.graph == Graph()


def test_it_follows_the_selected_layer_when_nothing_else_does(make_canvas: Callable[..., CanvasView]) -> None:
    canvas = make_canvas(chain([("input", {"shape": (1, 28, 28)})]))
    canvas.selection.set(["n1"])
    paste(canvas, SNIPPET)
    first = next(id_ for id_, node in canvas.graph.nodes.items() if node.layer == "conv2d")
    assert canvas.graph.links[Port(first, "in")] == Port("n1", "out")
    assert not canvas.level.analysis.answers[first].problems
    assert canvas.document.undo_label == "Paste PyTorch"


def test_beside_a_network_it_lands_on_free_ground(lenet: CanvasView) -> None:
    before = dict(lenet.graph.nodes)
    paste(lenet, SNIPPET)
    new = lenet.graph.nodes.keys() - before.keys()
    assert len(new) == 4
    rects = {id_: item.rect for id_, item in lenet.canvas_scene.nodes.items()}
    assert not any(rects[a].intersects(rects[b]) for a in new for b in rects if a != b)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "holds no layers"),
        ("the quick brown fox", "holds no layers"),
        ('{"format": "something"}', "holds no layers"),
        ("nn.Sequential(Attention(4))", "“Attention”"),
        ("nn.Sequential(nn.Linear(3, n))", "“n”"),
        ("Dear Anna (and Bob)", "read"),
        ("\x00\ud800", "holds no layers"),
        ("[" * 5000, "holds no layers"),
    ],
)
def test_rubbish_is_answered_in_a_sentence_and_nothing_is_recorded(lenet: CanvasView, text: str, words: str) -> None:
    before = lenet.graph
    pasting.paste_text(lenet, text)
    assert lenet.overlays.bubble.isVisible()
    assert words in lenet.overlays.bubble.text()
    assert lenet.graph is before
    assert lenet.document.undo_label is None


def many(number: int) -> str:
    graph = chain([("input", {"shape": (8,)}), *["relu"] * (number - 1)], wrap=100)
    return copy_text(graph, graph.nodes)


def answer(button: str) -> None:
    """Press a button of the question as soon as it is there."""

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        next(b for b in box.buttons() if b.text().replace("&", "") == button).click()

    QTimer.singleShot(0, press)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred layers are very many."""
    monkeypatch.setattr(pasting, "MANY", 100)
    monkeypatch.setattr(pasting, "_AT_ONCE", 50)


@pytest.mark.usefixtures("few")
def test_very_many_are_asked_about(lenet: CanvasView) -> None:
    before = lenet.graph
    answer("Cancel")
    pasting.paste_text(lenet, many(230))
    assert lenet.graph is before
    answer("Paste")
    pasting.paste_text(lenet, many(230))
    assert len(lenet.graph.nodes) == 12 + 230
    assert len(lenet.graph.links) == 11 + 229
    assert len(lenet.selected_ids) == 230
    lenet.document.undo()
    assert lenet.graph == before
    assert lenet.document.undo_label is None


def test_a_long_text_is_read_in_sight_and_can_be_cancelled(lenet: CanvasView, monkeypatch: pytest.MonkeyPatch) -> None:
    before, seen, looked = lenet.graph, [], Event()
    monkeypatch.setattr(pasting, "_LONG", 1000)
    monkeypatch.setattr(pasting, "paste_edit", lambda *what: (looked.wait(10), paste_edit(*what))[1])

    def look(*_ignored: object) -> None:
        waiting = lenet.window().findChild(QProgressDialog, "dialog.pasting")
        seen.append(waiting.isVisible())
        assert not waiting.findChild(QProgressBar).isTextVisible(), "a thin bar has no room for words"
        if len(seen) == 1:
            waiting.cancel()
        looked.set()

    monkeypatch.setattr(pasting, "wait", look)
    pasting.paste_text(lenet, many(40))
    assert seen == [True]
    assert lenet.graph is before
    pasting.paste_text(lenet, many(40))
    assert len(lenet.graph.nodes) == 12 + 40
    pasting.paste_text(lenet, "{" + "rubbish" * 200)
    assert "holds no layers" in lenet.overlays.bubble.text()


@pytest.mark.usefixtures("few")
def test_a_paste_that_is_cancelled_on_the_way_leaves_nothing(lenet: CanvasView, monkeypatch: pytest.MonkeyPatch) -> None:
    before, zoom, seen = lenet.graph, lenet.scale_factor, []

    def show(dialog: QProgressDialog, value: int) -> None:
        seen.append((value, len(lenet.graph.nodes)))
        if value >= 100:
            dialog.cancel()

    monkeypatch.setattr(QProgressDialog, "setValue", show)
    answer("Paste")
    pasting.paste_text(lenet, many(230))
    assert seen == [(0, 12), (50, 62), (100, 112)]
    assert lenet.graph == before
    assert lenet.document.steps == ()
    assert lenet.camera.fitted
    assert lenet.scale_factor == zoom


def test_ten_thousand_layers_are_asked_about_beside_others(lenet: CanvasView, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(pasting, "ask", lambda *words: asked.append(words[2:]))
    before = lenet.graph
    pasting.paste_text(lenet, many(10_000))
    ((question, _, more),) = asked
    assert question == "Paste 10,000 layers?"
    assert "will have 10,012 layers" in str(more)
    assert lenet.graph is before


def test_more_than_a_network_may_hold_is_refused(lenet: CanvasView) -> None:
    before = lenet.graph
    pasting.paste_text(lenet, many(19_990))
    assert "at most 20,000 layers" in lenet.overlays.bubble.text()
    assert lenet.graph is before


def test_pasted_twice_nothing_hides_below_another(lenet: CanvasView) -> None:
    lenet.selection.set(["n2", "n3"])
    lenet.context.commands.run("canvas.copy")
    for _ in range(3):
        lenet.context.commands.run("canvas.paste")
    places = [node.position for node in lenet.graph.nodes.values()]
    assert len(set(places)) == len(places)


def test_what_came_from_out_of_sight_is_pasted_in_sight(lenet: CanvasView) -> None:
    lenet.selection.set(["n2", "n3"])
    lenet.context.commands.run("canvas.copy")
    lenet.pan(-5000, -5000)
    lenet.context.commands.run("canvas.paste")
    assert any(lenet.visible_rect().intersects(lenet.canvas_scene.nodes[id_].rect) for id_ in lenet.selected_ids)
    first, second = (lenet.graph.nodes[id_].position for id_ in sorted(lenet.selected_ids, key=lambda i: lenet.graph.nodes[i].layer))
    assert (second[0] - first[0], second[1] - first[1]) == (204, 0)
