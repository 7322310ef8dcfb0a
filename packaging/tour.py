"""The main job from start to end in the real window: train LeNet-5 on MNIST, look inside, take it away."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stage import Stage

from netbuilder.core.errors import NetbuilderError
from netbuilder.templates import project
from netbuilder.train.events import EpochDone, Event, Finished, Warned

EPOCHS = 3
EXPORTS = {"lenet5.py": 0, "lenet5.safetensors": 2, "lenet5.pt2": 3, "lenet5.onnx": 4}
"""File and its row in the export dialog."""


@contextmanager
def on_stage(out: Path) -> Iterator[Stage]:
    """A stage that is cleared in any case."""
    stage = Stage(out)
    try:
        yield stage
    finally:
        stage.close()


def tour(out: Path) -> None:
    """Raises when anything did not work."""
    began = time.monotonic()
    with on_stage(out) as stage:
        stage.open(project("lenet5"))
        say("The window is open: LeNet-5 on the canvas, MNIST ready.")
        stage.type("field.epochs", str(EPOCHS))
        stage.select("C1")
        stage.shoot("1-before-training")
        train(stage)
        look_inside(stage)
        take_away(stage)
        accuracy = measure(stage)
    say(f"Test accuracy after {EPOCHS} epochs: {accuracy:.2%} of 10,000 digits. {time.monotonic() - began:.0f} s in all.")
    say(f"Pictures and exported files are in {out}")


def train(stage: Stage) -> None:
    """Press Start and watch until the last epoch."""
    ended: list[Finished] = []

    def follow(events: list[Event]) -> None:
        for event in events:
            match event:
                case EpochDone():
                    say(_epoch(event))
                case Warned():
                    say(f"  {event.message}")
                case Finished():
                    ended.append(event)

    stage.context.bridge.events.connect(follow)
    say(f"Start pressed: {EPOCHS} epochs of 55,000 images.")
    stage.until_epoch(0)
    stage.shoot("2-while-training")
    stage.until_end()
    if ended[0].reason not in ("done", "early stopping"):
        raise NetbuilderError(f"The training did not end well: {ended[0].message}")
    stage.shoot("3-after-training")
    stage.find("training.filters").grab().save(str(stage.out / "4-filters.png"))


def look_inside(stage: Stage) -> None:
    """Feature maps of a test digit."""
    stage.run("view.feature_maps")
    stage.find("feature_maps.prediction")
    stage.pause(0.5)
    stage.shoot("5-feature-maps")
    say("Filters and feature maps are drawn.")


def take_away(stage: Stage) -> None:
    """Export in four formats through the dialog; each file is reloaded in a fresh process and compared."""
    from netbuilder.ui.dialogs.export import ExportDialog

    with stage.dialog(lambda: stage.run("file.export")) as dialog:
        assert isinstance(dialog, ExportDialog)
        for name, row in EXPORTS.items():
            stage.row("export.formats", row)
            stage.type("export.path", str(stage.out / name))
            stage.click("export.go")
            stage.until(lambda: dialog.outcome.text()[:1] in "✓✕", f"the export to {name}", 300)
            if dialog.outcome.text().startswith("✕"):
                raise NetbuilderError(dialog.outcome.text())
            say(f"  {name:<20} {dialog.outcome.text()}")
        stage.shoot("6-export")


def measure(stage: Stage) -> float:
    """Accuracy of the best epoch on the test part, which training has not seen."""
    from netbuilder.app.runs import Run
    from netbuilder.train.evaluation.evaluate import evaluate

    folder, dataset = stage.runner.folder, stage.window.session.dataset()
    assert folder is not None
    assert dataset is not None
    accuracy = evaluate(Run(folder).model("best"), dataset.test, dataset.normalisation).accuracy
    assert accuracy is not None
    return accuracy


def say(text: str) -> None:
    """A line of progress."""
    print(text, flush=True)


def _epoch(event: EpochDone) -> str:
    loss = "–" if event.validation_loss is None else f"{event.validation_loss:.4f}"
    accuracy = "–" if event.validation_accuracy is None else f"{event.validation_accuracy:.2%}"
    return f"  epoch {event.epoch}: validation loss {loss}, accuracy {accuracy}, {event.images_per_second:,.0f} images/s"
