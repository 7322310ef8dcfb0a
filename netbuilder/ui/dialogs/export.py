"""Taking a network away: format, weights, place; written, reloaded in a fresh process and compared before it says done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QStandardPaths, Qt, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from netbuilder.app.files import slug
from netbuilder.app.runs import Run
from netbuilder.core.errors import NetbuilderError
from netbuilder.exchange.declare import STAGES, Format
from netbuilder.ui.context import UiContext
from netbuilder.ui.dialogs.format_list import FormatList, in_order
from netbuilder.ui.panels.chooser import Choice, Chooser
from netbuilder.ui.panels.later import Later, in_thread
from netbuilder.ui.widgets.dialog import Dialog
from netbuilder.ui.widgets.labels import label

if TYPE_CHECKING:
    from netbuilder.exchange.export import ExportReport


class _Stages(QObject):
    """Carries the words of each stage from the worker into the window, and the wish to cancel back."""

    told = Signal(str)
    cancelled = False

    def tell(self, stage: str) -> bool:
        """Called by the worker; false cancels."""
        self.told.emit(stage)
        return not self.cancelled


class ExportDialog(Dialog):
    """Exports the network on the canvas with the weights of its run, or the given run as it was trained."""

    def __init__(self, context: UiContext, parent: QWidget | None = None, *, run: Run | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.export")
        self.setWindowTitle("Export")
        self.setModal(True)
        self._session = context.session
        self._run = run or _present_run(context)
        self._formats = in_order()
        self.report: ExportReport | None = None  # what was written, when it succeeded
        self._named = False
        self._later = Later(self)
        self._later.answered.connect(self._succeed)
        self._later.failed.connect(self._fail)
        self._stages = _Stages()
        self._build()
        self._choose_format(0)
        self.setMaximumHeight(self.sizeHint().height())
        self.resize(620, self.maximumHeight())

    @property
    def format(self) -> Format:
        """The chosen format."""
        return self._formats[max(0, self.list.currentRow())]

    def set_path(self, path: Path) -> None:
        """Write to this file."""
        self._named = True
        self.path.setText(str(path))

    def start(self) -> None:
        """Export in a thread."""
        if self._later.waiting:
            return
        text = self.path.text().strip()
        if not text:
            self._show_result("Choose a file to write to.", "error")
            return
        self._stages.cancelled = False
        self._busy(True)
        target, name, weights, beside = Path(text).expanduser(), self.format.about.name, self.weights.key, self._beside.isChecked()
        self._later.ask(in_thread(lambda: self._export(target, name, weights, beside), "export"))

    # The work, outside the window's thread

    def _export(self, target: Path, name: str, weights: str, beside: bool) -> ExportReport:
        from netbuilder.exchange.export import export

        told = self._run.handover if self._run is not None and weights != "untrained" else None
        return export(self._source(weights), target, name, progress=self._stages.tell, include_weights=beside, handover=told)

    def _source(self, weights: str) -> Any:
        if self._run is not None and weights != "untrained":
            return self._run.model(weights)
        from netbuilder.net.compiler import compile_graph

        project = self._session.document.project if self._run is None or not self._fixed else self._run.project
        return compile_graph(project.graph, seed=int(project.training.get("seed", 0)))

    # What came of it

    def _succeed(self, report: ExportReport) -> None:
        self.report = report
        self._busy(False)
        self._show_result(" ".join((_proof(report.max_difference), *report.handover[:1])), "good")
        self._show_folder.setVisible(True)
        self._cancel.setText("Close")

    def _fail(self, error: BaseException) -> None:
        self._busy(False)
        known = isinstance(error, NetbuilderError)
        sentence = str(error) if known else f"The export failed ({type(error).__name__}: {error}). Nothing was written."
        self._show_result(sentence, "error")

    def _busy(self, on: bool) -> None:
        for part in (self.list, self.weights, self.path, self._browse, self._beside, self._go):
            part.setEnabled(not on)
        self._progress.setVisible(on)
        self._cancel.setText("Cancel")
        self._cancel.setEnabled(True)
        if on:
            self._show_folder.hide()
            self._progress.setValue(0)
            self._show_result("Starting…", "secondary")
        else:
            self._choose_format(self.list.currentRow())

    def _show_stage(self, stage: str) -> None:
        self._progress.setValue(self._progress.value() + 1)
        self._show_result(f"Step {self._progress.value()} of {STAGES}: {stage[0].lower()}{stage[1:]}…", "secondary")

    def _show_result(self, text: str, kind: str) -> None:
        sign = {"good": "✓ ", "error": "✕ "}.get(kind, "")
        self.outcome.setText(sign + text)
        self.outcome.setProperty("tone", kind)
        self.outcome.style().polish(self.outcome)

    # Choices

    def _choose_format(self, row: int) -> None:
        about = self._formats[max(0, row)].about
        self._beside.setVisible(not about.weights)
        self.weights.setEnabled(about.weights or self._beside.isChecked())
        if not self._named:
            self.path.setText(str(_folder() / f"{slug(self._session.document.project.name)}{about.suffixes[0]}"))
        elif self.path.text().strip():
            path = Path(self.path.text().strip())
            if path.suffix.lower() not in about.suffixes:
                self.path.setText(str(path.with_suffix(about.suffixes[0])))

    def _ask_path(self) -> None:
        about = self.format.about
        pattern = " ".join(f"*{suffix}" for suffix in about.suffixes)
        path, _ = QFileDialog.getSaveFileName(self, "Export to", self.path.text(), f"{about.title} ({pattern})")
        if path:
            self.set_path(Path(path))

    def _reveal(self) -> None:
        if self.report is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.report.path.parent)))

    def reject(self) -> None:
        """Close, or cancel the export in progress at its next stage."""
        if self._later.waiting:
            self._stages.cancelled = True
            self._cancel.setEnabled(False)
            self._show_result("Cancelling after this stage…", "secondary")
            return
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Not while a file is being written."""
        if self._later.waiting:
            event.ignore()
            self.reject()

    # Building

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        name = self._run.about.get("name", "") if self._run is not None and self._fixed else self._session.document.project.name
        column.addWidget(label(f"Export {name}", "title"))
        self.list = FormatList(self._formats)
        self.list.currentRowChanged.connect(self._choose_format)
        column.addWidget(self.list)
        column.addSpacing(4)
        column.addLayout(self._fields())
        self._progress = QProgressBar()
        self._progress.setRange(0, STAGES)
        self._progress.setTextVisible(False)
        _keep_room(self._progress)
        self._progress.hide()
        self.outcome: QLabel = label("", wrap=True, selectable=True)
        self.outcome.setObjectName("export.result")
        self.outcome.setMinimumHeight(54)
        self.outcome.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._stages.told.connect(self._show_stage)
        column.addWidget(self._progress)
        column.addWidget(self.outcome)
        column.addLayout(self._buttons())

    def _fields(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, 72)
        self.weights = Chooser(self._weight_choices())
        self.weights.setObjectName("export.weights")
        self._beside = QCheckBox("Put the weights in a .safetensors file beside it")
        self._beside.setObjectName("export.beside")
        _keep_room(self._beside)
        self._beside.toggled.connect(lambda _on: self._choose_format(self.list.currentRow()))
        self.path = QLineEdit()
        self.path.setObjectName("export.path")
        self.path.setAccessibleName("File to write")
        self.path.textEdited.connect(lambda _text: setattr(self, "_named", True))
        self._browse = QPushButton("Choose…")
        self._browse.clicked.connect(self._ask_path)
        grid.addWidget(label("Weights", "label"), 0, 0)
        grid.addWidget(self.weights, 0, 1, 1, 2)
        grid.addWidget(label("File", "label"), 1, 0)
        grid.addWidget(self.path, 1, 1)
        grid.addWidget(self._browse, 1, 2)
        grid.addWidget(self._beside, 2, 1, 1, 2)
        return grid

    def _weight_choices(self) -> list[Choice]:
        there = self._run.epochs() if self._run is not None else []
        words = {"best": "best epoch of the run", "last": "last epoch of the run"}
        choices = [Choice(name, words.get(name, f"after {name.replace('-', ' ')}")) for name in there]
        return [*choices, Choice("untrained", "untrained, freshly drawn from the seed")]

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._show_folder = QPushButton("Show in folder")
        self._show_folder.setObjectName("export.show")
        self._show_folder.clicked.connect(self._reveal)
        self._show_folder.hide()
        self._cancel = QPushButton("Cancel")
        self._cancel.setAutoDefault(False)
        self._cancel.clicked.connect(self.reject)
        self._go = QPushButton("Export")
        self._go.setObjectName("export.go")
        self._go.setDefault(True)
        self._go.clicked.connect(self.start)
        row.addWidget(self._show_folder)
        row.addStretch(1)
        row.addWidget(self._cancel)
        row.addWidget(self._go)
        return row

    @property
    def _fixed(self) -> bool:
        """Whether a run was given, whose own network is exported even when untrained weights are chosen."""
        return self._run is not None and self._run.folder != self._session.runner.folder


def _keep_room(widget: QWidget) -> None:
    """Nothing moves when it is hidden."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)


def _proof(difference: float | None) -> str:
    if difference is None:
        return "Written."
    found = f"largest difference {difference:.0e}" if difference else "the same to the last bit"
    return f"Verified: reloaded in a fresh process, {found}."


def _present_run(context: UiContext) -> Run | None:
    """The run that this window trained last."""
    folder = context.session.runner.folder
    try:
        return Run(folder) if folder is not None else None
    except NetbuilderError:
        return None


def _folder() -> Path:
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(place) if place and Path(place).is_dir() else Path.home()
