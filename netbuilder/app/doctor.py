"""First examinations of a network, its recipe and a recorded run, each finding with its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from netbuilder.core.document import Project
from netbuilder.core.errors import NetbuilderError
from netbuilder.net.analysis import analyze
from netbuilder.net.results import Severity

if TYPE_CHECKING:
    from netbuilder.app.runs import Run
    from netbuilder.train.recipe import Recipe
    from netbuilder.train.trials.trial import Outcome

Level = Literal["good", "warning", "error"]
_LARGE_RATE = {"sgd": 1.0}
_SAMPLES = 2_048


@dataclass(frozen=True)
class Finding:
    """What was found, in lecture language; `evidence` holds the numbers behind it. `node` is an id."""

    level: Level
    message: str
    remedy: str = ""
    node: str | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)


def examine(project: Project) -> list[Finding]:
    """The network's problems, then the recipe, then the loss before anything is learned."""
    analysis = analyze(project.graph)
    findings = [Finding("error" if p.severity is Severity.ERROR else "warning", p.message, p.remedy, p.node) for p in analysis.problems]
    if analysis.errors:
        return findings
    try:
        return findings + list(_before_training(project))
    except NetbuilderError as error:
        return [*findings, Finding("error", error.message, error.remedy or "")]


def examine_run(run: Run) -> list[Finding]:
    """What the recorded curves say."""
    history, summary = run.history(), run.summary
    findings: list[Finding] = []
    if summary["status"] == "diverged":
        findings.append(Finding("error", str(summary["message"]), "Lower the learning rate."))
    if not len(history):
        return [*findings, Finding("warning", "No epoch of this run is complete.", "Train it on.")]
    findings += _overfitting(history.epochs)
    first, last = history.epochs[0], history.epochs[-1]
    if len(history) > 1 and last.train_loss >= first.train_loss * 0.99:
        evidence = {"first": first.train_loss, "last": last.train_loss}
        message = (
            f"The training loss did not fall: {first.train_loss:.4f} in epoch {first.epoch}, {last.train_loss:.4f} in epoch {last.epoch}."
        )
        findings.append(Finding("warning", message, "Try a learning rate ten times larger, then ten times smaller.", evidence=evidence))
    return findings or [Finding("good", f"The training loss fell to {last.train_loss:.4f} and validation followed.")]


def _overfitting(epochs: Any) -> Iterator[Finding]:
    last = epochs[-1]
    judged = [epoch for epoch in epochs if epoch.validation_loss is not None]
    if not judged or last.validation_loss is None:
        return
    best = min(judged, key=lambda epoch: epoch.validation_loss)
    if last.epoch - best.epoch >= 3 and last.validation_loss > 1.1 * best.validation_loss and last.train_loss < best.train_loss:
        evidence = {"best_epoch": best.epoch, "best": best.validation_loss, "last": last.validation_loss, "train": last.train_loss}
        message = (
            f"Overfitting: since epoch {best.epoch} the validation loss rose from {best.validation_loss:.4f} to {last.validation_loss:.4f}"
        )
        remedy = "Use the best checkpoint; try weight decay, dropout, more data, or stop early."
        yield Finding("warning", f"{message} while the training loss fell.", remedy, evidence=evidence)


def _before_training(project: Project) -> Iterator[Finding]:
    from netbuilder.app.trials import ended
    from netbuilder.data.load import load
    from netbuilder.train.recipe import Recipe
    from netbuilder.train.trials.sanity import initial_loss

    recipe = Recipe.read(project.training)
    whole = int(project.data.get("limit") or _SAMPLES)
    dataset = load({**project.data, "limit": min(whole, _SAMPLES)})
    yield from _rate(recipe)
    outcome = ended(initial_loss(project.graph, dataset, recipe))
    if outcome.good is not None:
        yield _told(outcome)


def checks(project: Project) -> list[Finding]:
    """The sanity checks that `examine` leaves out because they take time, on a part of the project's data."""
    from netbuilder.app.trials import begun, ended
    from netbuilder.data.load import load
    from netbuilder.train.trials.sanity import CHECKS, few

    dataset = few(load(project.data))
    return [_told(ended(begun(trial, project, dataset))) for name, (_, _, trial) in CHECKS.items() if name != "initial-loss"]


def _told(outcome: Outcome) -> Finding:
    level: Level = "warning" if outcome.good is False else "good"
    return Finding(level, outcome.message, outcome.remedy, evidence=outcome.evidence)


def _rate(recipe: Recipe) -> Iterator[Finding]:
    name, rate = recipe.optimizer.about.name, recipe.optimizer.learning_rate
    high = _LARGE_RATE.get(name, 0.05)
    if rate > high:
        remedy = f"Rates of {name} are usually below {high:g}."
        yield Finding("warning", f"The learning rate {rate:g} is large for {name}.", remedy, evidence={"learning_rate": rate})
    elif rate < 1e-6:
        yield Finding("warning", f"The learning rate {rate:g} is so small that nothing will move.", evidence={"learning_rate": rate})
