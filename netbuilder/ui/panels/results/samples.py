"""The page of the Results tab with single samples: pictures with what was said, and one sample's probabilities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListView, QListWidget, QListWidgetItem, QScrollArea, QVBoxLayout, QWidget

from netbuilder.app.looking import Outcome
from netbuilder.ui.panels.feature_maps.prediction import bars
from netbuilder.ui.plots.bars import Bars
from netbuilder.ui.plots.sample_view import picture
from netbuilder.ui.theme import Themes, mono_font
from netbuilder.ui.widgets.labels import label

MOST_PICTURES, MOST_BARS = 200, 12
PICTURE, SIDE = 56, 200


class SamplesPage(QWidget):
    """Pictures of samples with what they are, what was said and how sure; the surest mistakes unless told otherwise."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outcome: Outcome | None = None
        self._rows: NDArray[np.int64] = np.zeros(0, np.int64)
        self._names: Sequence[str] = ()
        self.title = label("", "secondary")
        self.wall = _wall()
        self.wall.currentRowChanged.connect(self._show_one)
        self.one = label("", "secondary", wrap=True)
        self.bars = Bars(themes)
        self.bars.setObjectName("results.probabilities")
        self._side = QScrollArea()
        self._side.setAccessibleName("What these samples are")
        self._side.setFrameShape(QFrame.Shape.NoFrame)
        self._side.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._side.setWidgetResizable(True)
        self._side.setFixedWidth(SIDE)
        inside = QWidget()
        side = QVBoxLayout(inside)
        side.setContentsMargins(0, 0, 6, 0)
        side.setSpacing(6)
        side.addWidget(self.one)
        side.addWidget(self.bars)
        side.addStretch(1)
        self._side.setWidget(inside)
        self._side.hide()
        column, row = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        row.setSpacing(16)
        row.addWidget(self.wall, 1)
        row.addWidget(self._side)
        column.addWidget(self.title)
        column.addLayout(row, 1)

    def show_rows(self, outcome: Outcome, rows: NDArray[np.int64], names: Sequence[str], title: str) -> None:
        """Show these rows of the answers, in this order; of very many the first, which the title says."""
        answers, said = outcome.answers, outcome.answers.predicted
        self.title.setText(title if len(rows) <= MOST_PICTURES else f"{title} · the first {MOST_PICTURES} shown")
        self._outcome, self._rows, self._names = outcome, rows, names
        self.wall.clear()
        self._side.hide()
        for row in rows[:MOST_PICTURES]:
            true, taken, share = names[answers.targets[row]], names[said[row]], answers.outputs[row].max()
            item = QListWidgetItem(_icon(np.asarray(outcome.part.inputs[answers.places[row]])), f"{true[:5]}→{taken[:5]} {share:.0%}")
            item.setToolTip(f"Sample {answers.places[row]}: {true}, taken for {taken} with probability {share:.4f}")
            self.wall.addItem(item)

    def _show_one(self, number: int) -> None:
        """The probabilities of the chosen sample beside its target."""
        outcome = self._outcome
        self._side.setVisible(0 <= number < len(self._rows))
        if outcome is None or not 0 <= number < len(self._rows):
            return
        row, answers = int(self._rows[number]), outcome.answers
        true, said = int(answers.targets[row]), int(answers.predicted[row])
        self.one.setText(f"Sample {answers.places[row]}: the target is one-hot at {self._say(true)}, argmax says {self._say(said)}.")
        self.bars.show_bars(bars(answers.outputs[row], self._names, MOST_BARS))

    def _say(self, number: int) -> str:
        """A class by its number, and its name where that is another."""
        name = self._names[number]
        return name if name == str(number) else f"{number} ({name})"


def _icon(sample: NDArray[np.generic]) -> QIcon:
    """A sample with hard pixels; what is no picture as grey cells."""
    found = picture(sample)
    if found is None:
        values = np.asarray(sample, np.float64).ravel()
        side = int(np.ceil(np.sqrt(len(values))))
        low, high = float(values.min()), float(values.max())
        cells = np.zeros(side * side)
        cells[: len(values)] = (values - low) / (high - low or 1.0)
        found = (cells.reshape(side, side) * 255).astype(np.uint8)
    kind = QImage.Format.Format_RGB888 if found.ndim == 3 else QImage.Format.Format_Grayscale8
    image = QImage(found.tobytes(), found.shape[1], found.shape[0], found.strides[0], kind)
    keep, hard = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.FastTransformation
    return QIcon(QPixmap.fromImage(image.scaled(2 * PICTURE, 2 * PICTURE, keep, hard)))


def _wall() -> QListWidget:
    """An empty wall of pictures, each with a line below it."""
    wall = QListWidget()
    wall.setObjectName("results.samples")
    wall.setAccessibleName("Samples")
    wall.setViewMode(QListView.ViewMode.IconMode)
    wall.setMovement(QListView.Movement.Static)
    wall.setResizeMode(QListView.ResizeMode.Adjust)
    wall.setIconSize(QSize(PICTURE, PICTURE))
    wall.setGridSize(QSize(84, PICTURE + 24))
    wall.setFont(mono_font(11))
    return wall
