"""Every loss, optimizer and schedule can be chosen in the window with all its settings, and says its formula."""

from __future__ import annotations

import msgspec
import pytest
import torch  # noqa: F401  (curves are worked out by it, and wait until it is there)
from patience import until
from pytestqt.qtbot import QtBot

from netbuilder.train.losses import LOSSES
from netbuilder.train.optimizers import OPTIMIZERS
from netbuilder.train.recipe import Recipe
from netbuilder.train.schedules import SCHEDULES
from netbuilder.ui.panels.family_form import FamilyForm
from netbuilder.ui.panels.training.recipe_form import RecipeForm

FAMILIES = {"loss": LOSSES, "optimizer": OPTIMIZERS, "schedule": SCHEDULES}
CHOICES = [(family, name) for family, declared in FAMILIES.items() for name in declared.all()]


def choose(form: FamilyForm, name: str) -> None:
    form.chooser.choose(name)
    form.chooser.chosen.emit(name)


def told(form: FamilyForm, kind: type[msgspec.Struct]) -> None:
    """The form shows every setting, and the formula."""
    assert set(form.form.names if form.form is not None else ()) == set(kind.__struct_fields__)
    assert form.formula.text() == kind.about.formula  # type: ignore[attr-defined]
    assert form.formula.isHidden() is (not kind.about.formula)  # type: ignore[attr-defined]


@pytest.fixture
def recipe_form(context, qtbot: QtBot) -> RecipeForm:
    form = RecipeForm(context)
    qtbot.addWidget(form)
    return form


@pytest.mark.parametrize(("family", "name"), CHOICES)
def test_it_is_chosen_with_its_settings(family: str, name: str, recipe_form: RecipeForm, context) -> None:
    form = recipe_form.family(family)
    other = next(each for each in FAMILIES[family].all() if each != name)
    choose(form, other)
    choose(form, name)
    told(form, FAMILIES[family].all()[name])
    chosen = getattr(Recipe.read(context.session.document.project.training), family)
    assert chosen.about.name == name
    assert len(recipe_form.curve.values) > 1


def test_the_loss_is_drawn_where_it_is_chosen(recipe_form: RecipeForm) -> None:
    recipe_form.show()
    drawn = recipe_form.loss_curve
    assert not drawn.isVisibleTo(recipe_form)
    for name, label in (("cross-entropy", "lead"), ("huber", "error"), ("cosine", "angle")):
        choose(recipe_form.family("loss"), name)
        until(lambda label=label: drawn.chart.content is not None and label in drawn.chart.content.x.label)
        assert drawn.isVisibleTo(recipe_form)
    choose(recipe_form.family("loss"), "auto")
    assert not drawn.isVisibleTo(recipe_form)
