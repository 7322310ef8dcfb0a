"""The open document: the newest snapshot, its history, and one announcement for every change."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from netbuilder.core.diff import Diff, diff
from netbuilder.core.edits import Edit
from netbuilder.core.graph import Graph, Value
from netbuilder.core.history import History, Step
from netbuilder.core.plain_values import freeze
from netbuilder.core.signals import Signal


class Project(Struct, frozen=True):
    """All that a project file holds. `training` and `data` are plain settings, read by the packages `train` and `data`.

    `bookmarks` are places in the drawing to come back to, by number; the canvas reads them.
    """

    name: str = "Untitled"
    graph: Graph = field(default_factory=Graph)
    training: Mapping[str, Value] = field(default_factory=dict)
    data: Mapping[str, Value] = field(default_factory=dict)
    bookmarks: Mapping[str, Value] = field(default_factory=dict)
    extra: Mapping[str, Value] = field(default_factory=dict)


class Document:
    """Holds the project, applies edits, remembers them, and announces each change once.

    `changed` carries the `Diff` of the graph; `configured` says that its name or the settings of training or data changed;
    `state_changed` tells titles and menus that there may be something new to save, undo or redo.
    """

    changed = Signal()
    configured = Signal()
    state_changed = Signal()

    def __init__(self, graph: Graph | Project | None = None, *, path: Path | None = None) -> None:
        project = graph if isinstance(graph, Project) else Project(graph=graph or Graph())
        self._project = project
        self._saved = project
        self._history: History[Project] = History()
        self.path = path

    @property
    def project(self) -> Project:
        """The newest snapshot of everything."""
        return self._project

    @property
    def graph(self) -> Graph:
        """The newest snapshot of the network."""
        return self._project.graph

    @property
    def modified(self) -> bool:
        """Whether there is anything to save."""
        return self._project is not self._saved

    @property
    def undo_label(self) -> str | None:
        """What undo would take back, in the menu's words."""
        return self._history.undo_label

    @property
    def redo_label(self) -> str | None:
        """What redo would bring back, in the menu's words."""
        return self._history.redo_label

    def apply(self, edit: Edit, label: str, *, merge: str | None = None) -> Diff:
        """Run the edit, then record it, then announce it. A refused edit leaves no trace.

        Consecutive edits with the same `merge` key become one step: a drag, say, or several clicks on a spin box.
        """
        return self._replace(replace(self._project, graph=edit(self.graph)), label, merge)

    def configure(self, *, label: str = "Change settings", merge: str | None = None, **parts: Mapping[str, Value] | str) -> Diff:
        """Replace `training`, `data`, `bookmarks` or `name`; undoable like any edit. Refuses values that a file cannot hold."""
        frozen = {name: freeze(part, name) for name, part in parts.items()}
        return self._replace(replace(self._project, **frozen), label, merge)

    def undo(self) -> Diff | None:
        """Go one step back; `None` when there is none."""
        step = self._history.undo()
        return None if step is None else self._show(step.before)

    def redo(self) -> Diff | None:
        """Go one step forward; `None` when there is none."""
        step = self._history.redo()
        return None if step is None else self._show(step.after)

    @property
    def steps(self) -> tuple[str, ...]:
        """The names of all steps since the document was opened, those that were undone at the end."""
        return self._history.labels

    @property
    def position(self) -> int:
        """How many of `steps` are done."""
        return self._history.position

    def go_to(self, position: int) -> Diff | None:
        """Undo or redo until so many steps are done, announced as one change; `None` when nothing moves."""
        target = min(max(0, position), len(self.steps))
        project = self._project
        while self.position > target and (step := self._history.undo()):
            project = step.before
        while self.position < target and (step := self._history.redo()):
            project = step.after
        return None if project is self._project else self._show(project)

    def end_merge(self) -> None:
        """End a run of merged edits, so that the next edit is a step of its own."""
        self._history.seal()

    def save(self, path: str | Path | None = None, *, name: str | None = None) -> Path:
        """Write the project file atomically and remember it as saved.

        A `name` that saving gives is no step: undo and redo keep it. Steps that gave a name of their own keep that.
        """
        from netbuilder.core.files import save

        target = Path(path) if path is not None else self.path
        if target is None:
            raise ValueError("a document that was never saved needs a path")
        project = self._project if name in (None, self._project.name) else replace(self._project, name=name)
        save(project, target)
        self.path = target
        if project is not self._project:
            self._take_name(project)
        self.mark_saved()
        return target

    def mark_saved(self) -> None:
        """Take the present state as the saved one."""
        self._saved = self._project
        self._history.seal()
        self.state_changed.emit()

    def mark_unsaved(self) -> None:
        """Take the present state as never saved: it was recovered, or made from a template."""
        self._saved = Project()
        self.state_changed.emit()

    def _take_name(self, named: Project) -> None:
        """Show the present project under its new name, which also those before and after it get that had the old one."""
        old, known = self._project.name, {id(self._project): named}

        def take(project: Project) -> Project:
            return known.setdefault(id(project), replace(project, name=named.name)) if project.name == old else project

        self._history.rewrite(take)
        self._saved = named
        self._show(named)

    def _replace(self, project: Project, label: str, merge: str | None) -> Diff:
        if project == self._project:
            return diff(self.graph, self.graph)
        self._history.record(Step(label, self._project, project, merge))
        return self._show(project)

    def _show(self, project: Project) -> Diff:
        before, self._project = self._project, project
        changes = diff(before.graph, project.graph)
        if changes:
            self.changed.emit(changes)
        if (before.training, before.data, before.name) != (project.training, project.data, project.name):
            self.configured.emit()
        self.state_changed.emit()
        return changes


def open_document(path: str | Path) -> Document:
    """Read a project file, or the project in a picture; raises `FileError` with what is wrong and what to do.

    A document from a picture has no path, so that saving it never overwrites the picture.
    """
    from netbuilder.core.embedded import SUFFIXES
    from netbuilder.core.files import load

    return Document(load(path), path=None if Path(path).suffix.lower() in SUFFIXES else Path(path))
