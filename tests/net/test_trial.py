"""Edits tried on a copy: what would change, what would break, what would be mended."""

from __future__ import annotations

from netbuilder.core.build import chain
from netbuilder.core.edits import connect, set_setting
from netbuilder.core.graph import Port
from netbuilder.net.analysis import analyze
from netbuilder.net.trial import Change, attempt

LAYERS = (
    ("input", {"shape": (1, 28, 28)}),
    ("conv2d", {"out_channels": 6, "kernel_size": 5}),
    ("maxpool2d", {"kernel_size": 2}),
    "flatten",
    ("linear", {"out_features": 10}),
    "output",
)


def test_a_setting_changes_the_shapes_behind_it_and_nothing_is_recorded() -> None:
    before = analyze(chain(LAYERS))
    trial = attempt(set_setting("n2", "padding", 2), before)
    assert trial is not None
    assert trial.reshaped == {"n2", "n3", "n4"}
    assert trial.change("n2") == Change("6×24×24", "6×28×28")
    assert trial.change("n4") == Change("864", "1176")
    assert trial.parameters == (1176 - 864) * 10
    assert not trial.come
    assert trial.before is before
    assert before.graph.nodes["n2"].settings == {"out_channels": 6, "kernel_size": 5}


def test_new_problems_and_mended_ones_are_told_apart() -> None:
    broken = attempt(set_setting("n2", "kernel_size", 40), analyze(chain(LAYERS)))
    assert broken is not None
    assert [problem.node for problem in broken.come] == ["n2"]
    assert broken.change("n5") == Change("10", "")
    mended = attempt(set_setting("n2", "kernel_size", 3), broken.after)
    assert mended is not None
    assert not mended.come
    assert mended.gone == broken.come


def test_an_edit_that_would_be_refused_is_no_trial() -> None:
    assert attempt(connect(Port("n4", "out"), Port("n2", "in")), analyze(chain(LAYERS))) is None


def test_an_edit_that_changes_nothing_visible_is_empty() -> None:
    trial = attempt(lambda graph: graph, analyze(chain(LAYERS)))
    assert trial is not None
    assert trial.empty
