"""LeNet-5 as published in 1998: its curve, its trainable numbers, its criterion, and what its recipe reaches."""

from __future__ import annotations

from pathlib import Path

import pytest

import netbuilder as nb
from netbuilder.app.models import score
from netbuilder.layers.activation_squashing import ScaledTanh
from netbuilder.net.analysis import analyze
from netbuilder.templates.declare import find
from netbuilder.train.recipe import Recipe


def test_its_curve_leaves_one_where_it_is():
    curve = ScaledTanh().curve
    assert curve(1.0) == pytest.approx(1.0, abs=1e-4)
    assert curve(-1.0) == pytest.approx(-1.0, abs=1e-4)
    assert curve(50.0) == pytest.approx(1.7159)


def test_it_has_sixty_thousand_trainable_numbers_and_the_criterion_of_the_paper():
    project = find("lenet5-1998").project()
    assert analyze(project.graph).parameters == 60_000
    assert Recipe.read(project.training).loss.about.name == "map"
    assert sum(node.layer == "scaledtanh" for node in project.graph.nodes.values()) == 6


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_its_recipe_makes_at_most_one_per_cent_errors_on_mnist(tmp_path: Path) -> None:
    """All 20 epochs with the settings that the template comes with: five minutes on one quiet core."""
    run = nb.train(find("lenet5-1998").project(), out=tmp_path / "run")
    metrics = score(run, "test")
    assert metrics.count == 10_000
    assert metrics.accuracy is not None
    print(f"{1 - metrics.accuracy:.2%} errors")
    assert 1 - metrics.accuracy <= 0.01
