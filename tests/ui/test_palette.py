"""Finding and adding layers from the palette."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from netbuilder.core.block_placement import place_block
from netbuilder.core.edits import remove_nodes
from netbuilder.layers.declare import Category, TensorSpec, catalogue
from netbuilder.templates import template
from netbuilder.templates.blocks import library
from netbuilder.ui.canvas.adding.drop_target import MIME
from netbuilder.ui.canvas.adding.picker import ranked
from netbuilder.ui.canvas.adding.placeable import blocks_in_stock
from netbuilder.ui.canvas.adding.quick_add import layer_entries
from netbuilder.ui.fuzzy import best
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.panels.palette.model import Entry, Heading, More, PaletteModel


def _titles(model: PaletteModel) -> list[str]:
    rows = [model.row(model.index(number)) for number in range(model.rowCount())]
    return [row.about.title for row in rows if isinstance(row, Entry)]


def test_search_filters_and_enter_adds(window: MainWindow, qtbot: QtBot) -> None:
    panel = window.palette_panel
    qtbot.keyClicks(panel.search, "dropout")
    assert _titles(panel.model)[0] == "Dropout"
    assert all("drop" in title.lower() for title in _titles(panel.model))
    before = window.document.graph
    qtbot.keyClick(panel.search, Qt.Key.Key_Return)
    added = window.document.graph.nodes.keys() - before.nodes.keys()
    assert {window.document.graph.nodes[id_].layer for id_ in added} == {"dropout"}


def test_arrows_choose_the_next_match(window: MainWindow, qtbot: QtBot) -> None:
    panel = window.palette_panel
    qtbot.keyClicks(panel.search, "maxpool")
    second = _titles(panel.model)[1]
    qtbot.keyClick(panel.search, Qt.Key.Key_Down)
    with qtbot.waitSignal(panel.chosen) as chosen:
        qtbot.keyClick(panel.search, Qt.Key.Key_Return)
    assert catalogue()[chosen.args[0]].about.title == second


def test_nothing_found_says_so(window: MainWindow, qtbot: QtBot) -> None:
    panel = window.palette_panel
    qtbot.keyClicks(panel.search, "qqqq")
    assert panel.model.rowCount() == 0
    assert not panel.rows.isVisible()
    qtbot.keyClick(panel.search, Qt.Key.Key_Escape)
    assert panel.rows.isVisible()


def test_every_layer_can_be_reached() -> None:
    model = PaletteModel()
    while mores := [n for n in range(model.rowCount()) if isinstance(row := model.row(model.index(n)), More) and row.hidden]:
        model.toggle(model.index(mores[0]))
    assert sorted(_titles(model)) == sorted(kind.about.title for kind in catalogue().values())


def _rows(model: PaletteModel) -> list[Heading | Entry | More]:
    return [model.row(model.index(number)) for number in range(model.rowCount())]


def _shown(model: PaletteModel, category: Category) -> list[str]:
    return [row.about.title for row in _rows(model) if isinstance(row, Entry) and row.about.category is category]


def test_categories_show_their_main_layers_and_fold() -> None:
    model = PaletteModel()
    assert _shown(model, Category.CONVOLUTION) == ["Conv1d", "Conv2d", "Conv3d", "ConvTranspose2d"]
    assert _shown(model, Category.POOLING) == ["MaxPool2d", "AvgPool2d", "AdaptiveAvgPool2d"]
    assert _shown(model, Category.DENSE) == ["Linear", "Embedding"]
    assert _shown(model, Category.ACTIVATION) == ["ReLU", "Tanh", "Sigmoid", "GELU"]
    assert _shown(model, Category.NORMALISATION) == ["BatchNorm2d", "LayerNorm"]
    assert _shown(model, Category.REGULARISATION) == ["Dropout"]
    before = _rows(model)
    heading = next(n for n, row in enumerate(before) if isinstance(row, Heading) and row.category is Category.ACTIVATION)
    model.toggle(model.index(heading))
    assert model.rowCount() == len(before) - 5
    model.toggle(model.index(heading))
    assert _rows(model) == before


def test_equal_matches_come_main_layer_first() -> None:
    assert [entry.title for entry in ranked(layer_entries(), "maxpool")][:2] == ["MaxPool2d", "MaxPool1d"]
    model = PaletteModel()
    model.filter("batchnorm")
    assert _titles(model)[0] == "BatchNorm2d"


@pytest.mark.parametrize(
    ("after", "shape", "query", "first"),
    [
        ("conv2d", (None, 16, 10, 10), "", ["ReLU", "Tanh", "Sigmoid", "GELU", "MaxPool2d"]),
        ("conv2d", (None, 16, 10, 10), "conv", ["Conv2d", "ConvTranspose2d"]),
        ("input", (None, 1, 28, 28), "", ["Conv2d", "ConvTranspose2d", "MaxPool2d"]),
        ("tanh", (None, 16, 10, 10), "", ["MaxPool2d", "AvgPool2d", "AdaptiveAvgPool2d", "Conv2d"]),
        ("flatten", (None, 400), "", ["Linear"]),
        ("linear", (None, 120), "", ["ReLU", "Tanh", "Sigmoid", "GELU", "Dropout"]),
    ],
)
def test_what_usually_follows_is_offered_first(after: str, shape: tuple[int | None, ...], query: str, first: list[str]) -> None:
    entries = layer_entries(TensorSpec(shape), wired=True, after=after)
    assert [entry.title for entry in ranked(entries, query)][: len(first)] == first


def test_a_drag_carries_the_layer_name() -> None:
    model = PaletteModel()
    model.filter("conv2d")
    data = model.mimeData([model.first_entry()])
    assert bytes(data.data(MIME).data()) == b"conv2d"


def test_blocks_of_the_project_come_before_those_of_the_library() -> None:
    first = template("resnet18")
    model = PaletteModel()
    model.show_blocks(blocks_in_stock(first))
    rows = _rows(model)
    start = next(n for n, row in enumerate(rows) if isinstance(row, Heading) and row.category is None)
    shown = [row.about.name for row in rows[start + 1 : start + 4] if isinstance(row, Entry)]
    assert shown == ["block:Residual unit", "block:Residual unit, projection", "library:conv-bn-relu"]
    assert model.data(model.index(start)) == "Blocks"
    model.filter("bottleneck")
    assert _titles(model)[:2] == ["Bottleneck", "Bottleneck, projection"]
    data = model.mimeData([model.first_entry()])
    assert bytes(data.data(MIME).data()) == b"library:bottleneck"


def test_the_palette_follows_the_definitions_and_reads_the_library(window: MainWindow, qtbot: QtBot) -> None:
    model = window.palette_panel.model
    qtbot.waitUntil(lambda: any(isinstance(row, Heading) and row.category is None for row in _rows(model)))
    window.document.apply(place_block(library()["transition"].block), "Add Transition")
    assert "block:Transition" in [row.about.name for row in _rows(model) if isinstance(row, Entry)]


def test_a_definition_is_opened_and_deleted_from_the_palette(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(window, "notify", lambda text, *_more: said.append(text))
    window.document.apply(place_block(library()["u-net-down"].block), "Add U-Net down")
    panel = window.palette_panel

    def choose(name: str, title: str) -> None:
        menu = panel.menu(f"block:{name}")
        assert menu is not None
        next(action for action in menu.actions() if action.text() == title).trigger()

    choose("Conv-BN-ReLU", "Open")
    assert window.session.level.path == ("U-Net down", "Double convolution", "Conv-BN-ReLU")
    choose("U-Net down", "Delete definition")
    assert "still used by" in said[0]
    window.canvas.levels.go(())
    window.document.apply(remove_nodes([window.document.graph.by_name["U_Net_down_1"].id]), "Delete")
    choose("U-Net down", "Delete definition")
    assert "U-Net down" not in window.document.graph.blocks
    assert panel.menu("conv2d") is None


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("max pooling", "maxpool2d"),
        ("average pooling", "avgpool2d"),
        ("global average pooling", "globalavgpool"),
        ("sum pooling", "sumpool2d"),
        ("transposed convolution", "convtranspose2d"),
        ("depthwise convolution", "conv2d"),
        ("trainable subsampling", "subsampling2d"),
        ("zero padding", "zeropad2d"),
        ("matrix product", "matmul"),
        ("fixed tensor", "constant"),
        ("fully connected", "linear"),
    ],
)
def test_what_a_layer_is_called_in_lectures_finds_it(words: str, first: str) -> None:
    found = {kind.about.name: best(words, (kind.about.title, kind.about.name, *kind.about.keywords)) for kind in catalogue().values()}
    highest = max(value for value in found.values() if value is not None)
    assert found[first] == highest


def test_words_that_no_layer_has_together_find_none() -> None:
    assert not [kind for kind in catalogue().values() if best("pooling padding", (kind.about.title, *kind.about.keywords)) is not None]
