"""Opening, saving and closing a window's document, with the questions that belong to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from netbuilder.app.preferences import Preferences
from netbuilder.core.document import Document, Project
from netbuilder.core.errors import NetbuilderError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from netbuilder.app.session import Session

SUFFIX = ".netb"
_PROJECTS, _ALL = f"Netbuilder projects (*{SUFFIX})", "All files (*)"
OPENED = f"Projects, and pictures with their project (*{SUFFIX} *.svg *.png *.pdf);;{_PROJECTS};;{_ALL}"
SAVED = f"{_PROJECTS};;{_ALL}"


class DocumentFiles:
    """File commands of one window. Every refusal is shown as a sentence; nothing here raises."""

    def __init__(self, session: Session, preferences: Preferences, parent: QWidget) -> None:
        self._session = session
        self._preferences = preferences
        self._parent = parent

    @property
    def document(self) -> Document:
        """The window's document."""
        return self._session.document

    def ask_path(self) -> Path | None:
        """Let the user choose a project to open."""
        from PySide6.QtWidgets import QFileDialog

        name, _ = QFileDialog.getOpenFileName(self._parent, "Open project", self._folder(), OPENED)
        return Path(name) if name else None

    def read(self, path: Path) -> Document | None:
        """The project at a path, or nothing after telling why not."""
        document = read_document(path, self._parent)
        if document is None:
            self._preferences.forget(path)
        else:
            self._preferences.remember(path)
        return document

    def save(self) -> bool:
        """Save where it came from, or ask. False when it was not saved."""
        return self._write(self.document.path) if self.document.path else self.save_as()

    def save_as(self) -> bool:
        """Ask for a path and save there."""
        from PySide6.QtWidgets import QFileDialog

        start = self.document.path or Path(self._folder()) / f"{self.document.project.name}{SUFFIX}"
        name, _ = QFileDialog.getSaveFileName(self._parent, "Save project", str(start), SAVED)
        if not name:
            return False
        path = Path(name)
        return self._write(path if path.suffix else path.with_suffix(SUFFIX))

    def may_close(self) -> bool:
        """Whether nothing would be lost: asks when there are unsaved changes."""
        if not self.document.modified:
            return True
        from netbuilder.ui.ask import ask_to_save

        answer = ask_to_save(self._parent, self.document.project.name)
        return self.save() if answer == "save" else answer == "discard"

    def _write(self, path: Path) -> bool:
        try:
            self.document.save(path, name=self._name_after(path))
        except (NetbuilderError, OSError) as error:
            from netbuilder.ui.ask import tell

            tell(self._parent, "Not saved", str(error))
            return False
        self._preferences.remember(path)
        return True

    def _name_after(self, path: Path) -> str | None:
        """A project that nobody has named is called like its file."""
        nobody = {Project().name, self.document.path.stem if self.document.path else ""}
        return path.stem if self.document.project.name in nobody else None

    def _folder(self) -> str:
        if self.document.path:
            return str(self.document.path.parent)
        recent = self._preferences.recent
        return str(recent[0].parent if recent else Path.home())


def read_document(path: Path, parent: QWidget | None) -> Document | None:
    """Read a project file or the project in a picture, or say in a dialog why it cannot be read."""
    from netbuilder.core.document import open_document

    try:
        return open_document(path)
    except (NetbuilderError, OSError) as error:
        from netbuilder.ui.ask import tell

        tell(parent, "Cannot open", str(error))
        return None
