"""What can be done with the selected runs: the buttons below the table, and what they do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QInputDialog, QMessageBox, QPushButton, QWidget

from netbuilder.app.runs import Run
from netbuilder.app.series import Series
from netbuilder.core.errors import NetbuilderError
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.runs.reader import Row
from netbuilder.ui.panels.runs.together import Together, together_title

EXPORT = "Export this run…"


class RunActions(QHBoxLayout):
    """`rows` gives the selected rows as they are now; `reread` is called after whatever changes the disk."""

    def __init__(self, context: UiContext, panel: QWidget, rows: Callable[[], Sequence[Row]], reread: Callable[[], None]) -> None:
        super().__init__()
        self._context, self._panel, self._rows, self._reread = context, panel, rows, reread
        self._together = Together(context, panel)
        self.setSpacing(8)
        self._export = self._button(EXPORT, "export", self._export_run)
        self._open = self._button("Open folder", "open", self._open_folder)
        self._rename = self._button("Rename…", "rename", self.ask_name)
        self._delete = self._button("Delete…", "delete", self._ask_delete)
        self.addStretch(1)

    @property
    def row(self) -> Row | None:
        """The first selected row."""
        return next(iter(self._rows()), None)

    def refresh(self) -> None:
        """Other rows were selected."""
        rows = self._rows()
        for button in (self._rename, self._open, self._export):
            button.setEnabled(len(rows) == 1)
        self._delete.setEnabled(bool(rows))
        self._export.setText(together_title(rows[0]) if rows and rows[0].series else EXPORT)

    def ask_name(self) -> None:
        """Rename the selected run or series."""
        row = self.row
        if row is None:
            return
        name, given = QInputDialog.getText(self._panel, "Rename run", "Name", text=row.name)
        if given and name.strip():
            self._try(lambda: _entry(row).rename(name.strip()))

    def _ask_delete(self) -> None:
        rows = self._rows()
        busy = [row for row in rows if row.status == "running"]
        if busy:
            self._context.notify(f"“{busy[0].name}” is still being trained; stop it before deleting it.", kind="warning")
            return
        what = f"the run “{rows[0].name}”" if len(rows) == 1 else f"{len(rows)} runs"
        answer = QMessageBox.question(
            self._panel,
            "Delete runs",
            f"Delete {what} with all checkpoints and curves? This cannot be undone.",
            defaultButton=QMessageBox.StandardButton.No,
        )
        if answer == QMessageBox.StandardButton.Yes:
            self._try(lambda: _delete_all(rows))

    def _try(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (NetbuilderError, OSError) as error:
            self._context.notify(str(error), kind="error")
        self._reread()

    def _open_folder(self) -> None:
        row = self.row
        if row is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(row.folder)))

    def _export_run(self) -> None:
        from netbuilder.ui.dialogs.export import ExportDialog

        row = self.row
        if row is not None and row.series:
            self._together.ask(row)
        elif row is not None:
            ExportDialog(self._context, self._panel, run=Run(row.folder)).open()

    def _button(self, text: str, name: str, run: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(f"runs.{name}")
        button.setProperty("kind", "small")
        button.setEnabled(False)
        button.clicked.connect(run)
        self.addWidget(button)
        return button


def _entry(row: Row) -> Run | Series:
    """What a row stands for."""
    return Series(row.folder) if row.series else Run(row.folder)


def _delete_all(rows: Sequence[Row]) -> None:
    for row in rows:
        _entry(row).delete()
