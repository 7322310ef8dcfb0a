"""Pictures written from Python: each opens as the project that it shows."""

from __future__ import annotations

from pathlib import Path

import pytest

import netbuilder as nb
from netbuilder.exchange.declare import ExportError


@pytest.mark.parametrize(("name", "style"), [("net.svg", None), ("net.PNG", "canvas"), ("net.pdf", "pdf")])
def test_an_exported_picture_opens_as_the_network(tmp_path: Path, name: str, style: str | None) -> None:
    graph = nb.template("lenet5")
    report = nb.export(graph, tmp_path / name, style)
    assert report.path.stat().st_size > 3000
    assert name in report.message
    assert nb.open(report.path).graph == graph
    assert list(tmp_path.iterdir()) == [report.path]


def test_a_document_keeps_its_name_and_a_compiled_network_its_graph(tmp_path: Path) -> None:
    graph = nb.template("mlp-3-4-2")
    nb.export(nb.Document(nb.Project("Mine", graph)), tmp_path / "a.svg")
    nb.export(nb.compile(graph), tmp_path / "b.svg")
    assert nb.open(tmp_path / "a.svg").project.name == "Mine"
    assert nb.open(tmp_path / "b.svg").graph == graph


def test_what_cannot_be_drawn_is_answered_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="A int cannot be drawn"):
        nb.export(3, tmp_path / "a.svg")
    with pytest.raises(ExportError, match=r"End its name in \.png"):
        nb.export(nb.template("lenet5"), tmp_path / "a.svg", "png")
    with pytest.raises(ExportError, match="no drawing “oil”"):
        nb.export(nb.template("lenet5"), tmp_path / "a.svg", "oil")
    with pytest.raises(ExportError, match="nothing to draw"):
        nb.export(nb.Graph(), tmp_path / "a.png")
    assert not list(tmp_path.iterdir())
