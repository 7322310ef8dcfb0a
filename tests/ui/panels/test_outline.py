"""The tree of layers, mirrored with the canvas."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from netbuilder import templates
from netbuilder.core.document import Document
from netbuilder.core.edits import remove_nodes, set_setting
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.panels.outline import OutlinePanel
from netbuilder.ui.widgets.shape_tree import NAME, SHAPE


@pytest.fixture
def outline(window: MainWindow, qtbot) -> OutlinePanel:
    window.context.commands.run("view.outline")
    qtbot.waitUntil(window.side.outline.isVisible)
    return window.side.outline


def names(panel: OutlinePanel) -> list[str]:
    return [item.text(NAME) for item in panel._items.values()]


def node(window: MainWindow, name: str) -> str:
    return window.document.graph.by_name[name].id


def test_every_layer_is_listed_in_the_order_of_data(outline: OutlinePanel) -> None:
    assert names(outline)[:4] == ["input", "C1", "tanh_1", "S2"]
    assert outline.tree.topLevelItem(1).text(SHAPE) == "6×28×28"
    said = outline.tree.topLevelItem(1).data(NAME, Qt.ItemDataRole.AccessibleTextRole)
    assert said == "C1, Conv2d, 6 · 5×5 · pad 2, output 6×28×28, 156 parameters, feeds tanh_1"
    assert outline.tree.hasFocus()


def test_selecting_goes_both_ways(window: MainWindow, outline: OutlinePanel) -> None:
    QTest.keyClick(outline.tree, Qt.Key.Key_Down)
    QTest.keyClick(outline.tree, Qt.Key.Key_Down)
    chosen = outline.tree.selectedItems()
    assert window.context.selection.ids == {chosen[0].data(NAME, Qt.ItemDataRole.UserRole)[1]}
    window.context.selection.set([node(window, "C3"), node(window, "S4")])
    assert {item.text(NAME) for item in outline.tree.selectedItems()} == {"C3", "S4"}


def test_f2_renames_and_a_bad_name_is_refused(window: MainWindow, outline: OutlinePanel, qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(window, "notify", lambda text, *_more: told.append(text))

    def type_name(old: str, new: str) -> None:
        outline.tree.setCurrentItem(next(item for item in outline._items.values() if item.text(NAME) == old))
        QTest.keyClick(outline.tree, Qt.Key.Key_F2)
        field = outline.tree.findChildren(QLineEdit)[-1]
        field.setText(new)
        QTest.keyClick(field, Qt.Key.Key_Return)

    type_name("C1", "first")
    qtbot.waitUntil(lambda: "first" in window.document.graph.by_name and "first" in names(outline))
    outline._repaint()
    type_name("first", "no good")
    qtbot.waitUntil(lambda: bool(told))
    assert "cannot be a layer name" in told[0]
    qtbot.waitUntil(lambda: "first" in names(outline))
    window.document.undo()
    assert "C1" in window.document.graph.by_name


def test_edits_are_followed(window: MainWindow, outline: OutlinePanel, qtbot) -> None:
    window.document.apply(set_setting(node(window, "C1"), "kernel_size", 40), "Break")
    qtbot.waitUntil(lambda: "error" in outline.tree.topLevelItem(1).data(NAME, Qt.ItemDataRole.AccessibleTextRole))
    window.document.apply(remove_nodes([node(window, "C1")]), "Remove")
    qtbot.waitUntil(lambda: "C1" not in names(outline))
    window.document.undo()
    qtbot.waitUntil(lambda: "C1" in names(outline))


def test_blocks_open_in_the_tree_and_on_the_canvas(open_window: Callable[[Document], MainWindow], qtbot) -> None:
    window = open_window(Document(templates.project("resnet18")))
    window.context.commands.run("view.outline")
    panel = window.side.outline
    qtbot.waitUntil(panel.isVisible)
    block = next(
        item for item in panel._items.values() if window.document.graph.nodes[item.data(NAME, Qt.ItemDataRole.UserRole)[1]].layer == "block"
    )
    block.setExpanded(True)
    assert block.childCount() > 3
    inner = next(block.child(row) for row in range(block.childCount()) if block.child(row).text(SHAPE))
    panel.tree.setCurrentItem(inner)
    uses, id_ = inner.data(NAME, Qt.ItemDataRole.UserRole)
    assert window.session.level.uses == uses
    assert window.context.selection.ids == {id_}
    panel._repaint()
    assert panel.item_of(uses, id_) is not None


def test_going_into_a_block_on_the_canvas_opens_it_in_the_tree(open_window: Callable[[Document], MainWindow], qtbot) -> None:
    window = open_window(Document(templates.project("resnet18")))
    window.context.commands.run("view.outline")
    panel = window.side.outline
    qtbot.waitUntil(panel.isVisible)
    use = window.document.graph.by_name["layer3_1"].id
    window.context.selection.clear()
    window.session.level.go((use,))
    row = panel.item_of((), use)
    assert row.isExpanded()
    inner = panel.item_of((use,), window.session.level.graph.by_name["conv2"].id)
    window.context.selection.set([inner.data(NAME, Qt.ItemDataRole.UserRole)[1]])
    assert panel.tree.selectedItems() == [inner]
