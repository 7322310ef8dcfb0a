"""Any tensor opened from where it is seen: canvas, filters, feature maps, samples; sliced, read, copied, saved, followed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from patience import hover, until
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QSpinBox, QToolButton
from pytestqt.qtbot import QtBot

from netbuilder.core.build import chain
from netbuilder.core.document import Document, Project
from netbuilder.core.edits import remove_nodes
from netbuilder.probe.places import Place
from netbuilder.templates import project
from netbuilder.ui.application import first_document
from netbuilder.ui.canvas.commands.context_menu import menu_of
from netbuilder.ui.dialogs import tensor_figures
from netbuilder.ui.dialogs.tensor import TensorWindow
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.plots.slice_view import SliceView
from netbuilder.ui.side_windows import show_tensor

LEFT = Qt.MouseButton.LeftButton
Opener = Callable[[Document], MainWindow]


def node(window: MainWindow, name: str) -> str:
    return window.session.level.graph.by_name[name].id


def found(window: MainWindow) -> TensorWindow:
    dialog = window.findChild(QDialog, "dialog.tensor")
    assert isinstance(dialog, TensorWindow)
    return dialog


def opened(window: MainWindow, place: Place | None, at: dict[int, int] | None = None) -> TensorWindow:
    show_tensor(window.context, window, place, at)
    dialog = found(window)
    until(lambda: dialog.shown is not None and (place is None or dialog.shown.place == place), 60_000)
    until(lambda: dialog.parts.figures.summary is not None)
    return dialog


def weight(window: MainWindow, name: str) -> np.ndarray:
    return window.session.filters([node(window, name)]).result(60)[node(window, name)]


@pytest.fixture
def playground(open_window: Opener) -> MainWindow:
    """A small network on two coordinates, with its data."""
    window = open_window(Document(project("playground-2d")))
    window.session.require_data(window.session.project.data)
    return window


def test_ctrl_t_opens_what_the_selected_layer_gives(playground: MainWindow, qtbot: QtBot) -> None:
    window = playground
    name = next(each.name for each in window.document.graph.nodes.values() if each.layer == "linear")
    window.context.selection.set([node(window, name)])
    qtbot.keyClick(window.canvas, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    dialog = found(window)
    until(lambda: dialog.shown is not None, 60_000)
    assert dialog.place == Place("output", node(window, name), "out")
    assert dialog.shown.taken.values.shape[0] == 1
    assert dialog.parts.sizes.text().startswith("batch 1 × feature ")
    assert dialog.windowTitle() == f"Tensor: {name} · output"


def test_node_and_wire_menus_offer_it(playground: MainWindow) -> None:
    window, canvas = playground, playground.canvas
    target = next(iter(window.document.graph.links))
    canvas.select_wires([target])
    menu = menu_of(canvas, ("inspect.tensor", "no.such.command"))
    assert [action.objectName() for action in menu.actions()] == ["action.inspect.tensor"]
    menu.actions()[0].trigger()
    dialog = found(window)
    until(lambda: dialog.shown is not None, 60_000)
    source = window.document.graph.links[target]
    assert dialog.place == Place("output", source.node, source.name)
    menu.close()


def test_a_slice_shows_the_numbers_of_the_weight(window: MainWindow) -> None:
    dialog = opened(window, Place("parameter", node(window, "C3"), "weight"), {0: 7, 1: 4})
    expected = weight(window, "C3")
    picture = dialog.parts.stage.picture
    for row, column in ((0, 0), (4, 1)):
        hover(picture.viewport(), picture.cell(row, column).center())
        index, value = picture.told.splitlines()
        assert index == str([7, 4, row, column])
        assert float(value.replace("−", "-")) == pytest.approx(float(expected[7, 4, row, column]), rel=1e-6)
    assert dialog.parts.figures.summary.maximum == expected.max()
    assert dialog.parts.figures.left.value("mean") == f"{expected.astype(np.float64).mean():.6g}".replace("-", "−")
    assert dialog.parts.sizes.text() == "out 16 × in 6 × kernel height 5 × kernel width 5 · float32 · cpu"


def test_other_axes_are_drawn_and_walked_through(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, Place("parameter", node(window, "C3"), "weight"))
    expected, axes = weight(window, "C3"), dialog.parts.axes
    spin = dialog.findChild(QSpinBox, "tensor.at.0")
    spin.setFocus()
    qtbot.keyClick(spin, Qt.Key.Key_Up)
    assert dialog.where.at[0] == 1
    axes.rows.choose("0")
    axes.rows.chosen.emit("0")
    assert (dialog.where.rows, dialog.where.columns) == (0, 3)
    assert set(axes.places) == {1, 2}
    axes.places[2].slider.setValue(3)
    assert np.array_equal(dialog.parts.stage._values, expected[:, 0, 3, :])
    axes.columns.choose("0")
    axes.columns.chosen.emit("0")
    assert (dialog.where.rows, dialog.where.columns) == (3, 0)
    assert np.array_equal(dialog.parts.stage._values, expected[:, 0, 3, :].T)


def test_numbers_and_curve_are_pages(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, Place("parameter", node(window, "C3"), "bias"))
    stage = dialog.parts.stage
    values = dialog.shown.taken.values
    qtbot.mouseClick(stage.pages.findChild(QToolButton, "segment.numbers"), LEFT)
    assert stage.table.isVisible()
    model = stage.cells
    assert (model.rowCount(), model.columnCount()) == (1, 16)
    assert float(model.data(model.index(0, 5)).replace("−", "-")) == pytest.approx(float(values[5]), rel=1e-5)
    qtbot.mouseClick(stage.pages.findChild(QToolButton, "segment.curve"), LEFT)
    assert stage.curve.isVisible()
    hover(stage.curve, stage.curve.to_pixel(5, float(values[5])))
    assert stage.curve.told.splitlines()[0] == "[5]"
    opened(window, Place("parameter", node(window, "C3"), "weight"))
    assert stage.picture.isVisible()
    assert stage.pages.findChild(QToolButton, "segment.curve").isHidden()


def test_the_slice_is_copied_and_the_whole_is_saved(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = opened(window, Place("parameter", node(window, "C1"), "weight"), {0: 2})
    expected = weight(window, "C1")
    qtbot.mouseClick(dialog.parts.copy, LEFT)
    text = QGuiApplication.clipboard().text()
    QGuiApplication.clipboard().setText("")
    qtbot.keyClick(dialog.parts.stage.picture, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == text
    qtbot.keyClick(dialog.parts.stage.picture, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert dialog.list.search.hasFocus()
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert np.array_equal(np.array(lines, np.float32), expected[2, 0])
    dialog.save(tmp_path / "kernel")
    assert np.array_equal(np.load(tmp_path / "kernel.npy"), expected)
    dialog.save(tmp_path / "nowhere" / "kernel.npy")
    assert dialog.parts.state.text()
    assert "Saved" not in dialog.parts.state.text()


def test_the_list_is_searched_with_the_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, Place("parameter", node(window, "C1"), "weight"))
    dialog.list.search.setFocus()
    qtbot.keyClicks(dialog.list.search, "f6.bias")
    qtbot.keyClick(dialog.list.search, Qt.Key.Key_Down)
    until(lambda: dialog.shown.place == Place("parameter", node(window, "F6"), "bias"))
    assert dialog.list.tree.hasFocus()


def test_samples_are_numbers_and_the_batch_may_be_larger(playground: MainWindow) -> None:
    dialog = opened(playground, Place("sample", name="0"))
    dataset = playground.session.dataset()
    assert np.array_equal(dialog.shown.taken.values, dataset.test.inputs[:1])
    dialog.findChild(QSpinBox, "tensor.batch").setValue(4)
    until(lambda: dialog.shown.taken.values.shape[0] == 4)
    dialog.findChild(QSpinBox, "tensor.sample").setValue(2)
    until(lambda: np.array_equal(dialog.shown.taken.values, dataset.test.inputs[2:6]))


def test_a_layer_inside_a_block_is_opened_too(open_window: Opener) -> None:
    window = open_window(Document(replace(project("resnet18"), data=project("playground-2d").data)))
    block = window.document.graph.by_name["layer1_0"].id
    window.session.level.enter(block)
    window.context.selection.set([node(window, "conv1")])
    window.context.commands.run("inspect.tensor")
    dialog = found(window)
    until(lambda: dialog.shown is not None or dialog.parts.empty.title.text().startswith("This"), 60_000)
    assert dialog.shown is not None, dialog.parts.empty.text.text()
    assert dialog.place.uses == ((block, 0),)
    assert dialog.shown.taken.values.shape == (1, 64, 56, 56)


def test_random_numbers_are_the_input_where_the_data_does_not_fit(open_window: Opener) -> None:
    graph = chain([("input", {"shape": (3, 8, 8)}), ("conv2d", {"out_channels": 2}, "conv"), "flatten", "linear", "output"])
    window = open_window(Document(Project("Other sizes", graph, data=project("playground-2d").data)))
    dialog = opened(window, Place("output", node(window, "conv"), "out"))
    assert dialog.parts.feed.source.key == "random"
    assert dialog.shown.taken.values.shape == (1, 2, 6, 6)


def test_numbers_that_are_none_are_counted_and_drawn(playground: MainWindow) -> None:
    window = playground
    dialog = opened(window, None)
    dialog.shown.taken.values[...] = np.nan
    dialog._on_tensor(dialog.shown)
    assert dialog.parts.figures.right.value("nan").startswith(str(dialog.shown.taken.values.size))
    assert dialog.parts.figures.left.value("mean") == "–"
    for page in ("picture", "numbers", "picture"):
        dialog.parts.stage.pages.choose(page)
        dialog.parts.stage._show()
        assert not dialog.grab().isNull()


def test_without_a_sound_network_it_says_what_to_do(open_window: Opener) -> None:
    window = open_window(Document(Project("Nothing", chain([("input", {"shape": (1, 8, 8)}), ("conv2d", {"kernel_size": 20})]))))
    show_tensor(window.context, window, None)
    dialog = found(window)
    until(lambda: dialog.parts.empty.title.text() == "No tensor to open yet", 60_000)
    assert dialog.parts.empty.text.text()
    assert dialog.shown is None
    window.session.document.apply(lambda _graph: first_document().graph, "Another network")
    until(lambda: dialog.shown is not None, 60_000)


def test_a_layer_that_goes_and_comes_back_is_followed(window: MainWindow) -> None:
    place = Place("parameter", node(window, "C3"), "weight")
    dialog = opened(window, place, {0: 5})
    window.canvas.attempt(remove_nodes([place.node]), "Delete")
    until(lambda: dialog.parts.empty.isVisible() or dialog.place != place, 60_000)
    window.context.commands.run("edit.undo")
    until(lambda: dialog.shown is not None and dialog.place == place, 60_000)
    assert dialog.where.at[0] == 5


def test_a_window_may_be_closed_while_a_tensor_is_being_made(open_window: Opener) -> None:
    window = open_window(Document(project("resnet18")))
    show_tensor(window.context, window, Place("parameter", node(window, "fc"), "weight"))
    window.document.mark_saved()
    window.close()
    assert not found(window).isVisible()


def test_much_is_counted_in_a_thread_and_said(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensor_figures, "AT_ONCE", 10)
    show_tensor(window.context, window, Place("parameter", node(window, "C3"), "weight"))
    dialog, words = found(window), []
    until(lambda: bool(words.append(dialog.parts.figures.note.text())) or dialog.parts.figures.summary is not None, 60_000)
    assert "2,400 entries, all counted" in dialog.parts.figures.note.text()
    dialog.parts.figures.count(np.zeros(5000), most=100)
    assert dialog.parts.figures.note.text() == "Counting 5,000 entries…"
    until(lambda: not dialog.parts.figures.waiting)
    assert dialog.parts.figures.note.text().startswith("Estimated from ")


def test_it_follows_the_training_while_it_is_seen(playground: MainWindow) -> None:
    window = playground
    training = {**window.session.project.training, "epochs": 4000, "optimizer": {"name": "adam", "learning_rate": 0.01}}
    window.document.configure(label="Train", training=training)
    window.session.runner.start()
    assert window.session.runner.wait_for("running", timeout=60)
    name = next(each.name for each in window.document.graph.nodes.values() if each.layer == "linear")
    dialog = opened(window, Place("parameter", node(window, name), "weight"))
    first = dialog.shown
    until(lambda: dialog.shown is not first and not np.array_equal(dialog.shown.taken.values, first.taken.values), 30_000)
    until(lambda: dialog.list.entry(Place("gradient", node(window, name), "weight")) is not None, 30_000)
    memory = opened(window, Place("memory", node(window, name), "weight:exp_avg"))
    assert memory.shown.taken.axes == ("out", "in")
    dialog.hide()
    assert not dialog._clock.isActive()
    window.session.runner.abort()


def test_a_filter_clicked_twice_is_opened(window: MainWindow, qtbot: QtBot) -> None:
    from netbuilder.ui.panels.filters.wall import FilterWall

    window.show_tab("training")
    window.tabs.panel("training").make()
    filters = window.findChild(FilterWall)
    filters._live[node(window, "C1")] = weight(window, "C1")
    filters._paint()
    until(lambda: filters._wall.grid is not None)
    cell = filters._wall._cell_rect(3)
    qtbot.mouseDClick(filters._wall.viewport(), LEFT, pos=cell.center())
    dialog = found(window)
    until(lambda: dialog.shown is not None, 60_000)
    assert dialog.place == Place("parameter", node(window, "C1"), "weight")
    assert dialog.where.at[0] == 3
    menu = filters._wall.menu(2)
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if action.text() == "Open tensor…").trigger()
    until(lambda: dialog.where.at[0] == 2)
    menu.close()


def test_a_feature_map_clicked_twice_is_opened_for_its_sample(open_window: Opener, qtbot: QtBot) -> None:
    from netbuilder.ui.panels.feature_maps.panel import FeatureMapsPanel

    window = open_window(Document(project("lecture-cnn")))
    dataset = window.session.require_data(window.session.project.data)
    window.show_tab("feature_maps")
    panel = window.tabs.panel("feature_maps").make()
    assert isinstance(panel, FeatureMapsPanel)
    window.context.selection.set([node(window, "conv1")])
    panel._picker._number.setValue(2)
    wall = panel._walls[0].wall
    until(lambda: wall.grid is not None and wall.count == 4, 60_000)
    qtbot.mouseDClick(wall.viewport(), LEFT, pos=wall._cell_rect(3).center())
    dialog = found(window)
    until(lambda: dialog.shown is not None, 60_000)
    assert dialog.place == Place("output", node(window, "conv1"), "out")
    assert dialog.where.at[1] == 3
    assert np.allclose(dialog.shown.taken.values[0], panel._maps[node(window, "conv1")])
    assert dialog.parts.feed.feed.index == 2
    assert len(dataset.test) > 2


def test_a_pixel_of_a_sample_is_opened_from_the_data_panel(open_window: Opener, qtbot: QtBot) -> None:
    from netbuilder.ui.plots.sample_view import SampleView

    whole = project("lecture-cnn")
    window = open_window(Document(whole))
    dataset = window.session.require_data(window.session.project.data)
    window.show_tab("data")
    panel = window.tabs.panel("data").make()
    until(lambda: panel._shown is not None)
    view = panel.findChild(SampleView)
    qtbot.mouseDClick(view, LEFT, pos=QPoint(20, 20))
    dialog = found(window)
    until(lambda: dialog.shown is not None, 60_000)
    assert dialog.shown.taken.values[0].tolist() == dataset.train.inputs[0].tolist()
    assert dialog.parts.feed.source.key == "train"


@pytest.fixture
def view(window: MainWindow, qtbot: QtBot) -> SliceView:
    made = SliceView(window.shell.themes)
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    return made


def test_arrows_read_cell_by_cell_and_keys_zoom(view: SliceView, qtbot: QtBot) -> None:
    from netbuilder.probe.slices import natural

    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    view.show_slice(values, natural((3, 4)), (0, 11), "grey")
    view.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down):
        qtbot.keyClick(view, key)
    assert view.told == "[2, 1]\n9"
    assert view.accessibleDescription() == "[2, 1] is 9"
    before = view.cell_size
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.cell_size > before
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert view.cell_size == before


def test_the_wheel_zooms_where_the_pointer_is(view: SliceView) -> None:
    from netbuilder.probe.slices import natural

    values = np.random.default_rng(0).normal(size=(64, 64))
    view.show_slice(values, natural((64, 64)), (-3, 3), "diverging")
    view.zoom(4)
    at = view.cell(30, 36).center()
    for _ in range(3):
        none, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        place = view.viewport().mapToGlobal(at)
        event = QWheelEvent(at, place, QPoint(), QPoint(0, 120), none, keys, Qt.ScrollPhase.NoScrollPhase, False)
        QApplication.sendEvent(view.viewport(), event)
    assert view.cell_size[0] > 30
    assert view.cell(30, 36).contains(at)


@pytest.mark.parametrize("shape", [(20_000, 5_000), (10, 1_000_000), (1_000_000, 3), (1, 1), (0, 4)])
def test_any_size_is_drawn(view: SliceView, shape: tuple[int, int]) -> None:
    from netbuilder.probe.slices import natural
    from netbuilder.ui.plots.slice_colours import range_of

    values = np.broadcast_to(np.float32(0.5), shape)
    view.show_slice(values, natural(shape), range_of(values), "diverging")
    assert not view.grab().isNull()
    view.zoom(50)
    assert not view.grab().isNull()
    if all(shape):
        assert view.describe(shape[0] - 1, shape[1] - 1)[1] == "0.5"


def test_every_theme_draws_it(window: MainWindow) -> None:
    dialog = opened(window, Place("parameter", node(window, "C1"), "weight"))
    for theme in ("dark", "light", "dark-contrast", "light-contrast"):
        window.shell.choose_theme(theme)
        hover(dialog.parts.stage.picture.viewport(), QPointF(3, 3))
        assert not dialog.grab().isNull()


@pytest.mark.parametrize(
    ("value", "room", "text"),
    [(-0.003342, 7, "−0.0033"), (-0.003342, 6, "−0.003"), (0.1239, 9, "0.124"), (12345.0, 3, "1e+04"), (float("nan"), 1, "nan")],
)
def test_numbers_in_cells_take_no_more_room_than_they_have(value: float, room: int, text: str) -> None:
    from netbuilder.ui.plots.slice_colours import short

    assert short(value, room) == text
