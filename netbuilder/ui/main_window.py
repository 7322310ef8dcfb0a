"""One window: one document with its palette, canvas, inspector, train bar and tabs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QPoint, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from netbuilder.app.preferences import Preferences
from netbuilder.app.session import Session
from netbuilder.core.document import Document
from netbuilder.ui.bridge import Bridge
from netbuilder.ui.canvas.view import CanvasView
from netbuilder.ui.command_palette import CommandPalette
from netbuilder.ui.commands import CommandRegistry
from netbuilder.ui.context import UiContext
from netbuilder.ui.document_files import SUFFIX, DocumentFiles
from netbuilder.ui.menus import add_recent, build_menus
from netbuilder.ui.panels.inspector import InspectorPanel
from netbuilder.ui.panels.palette import PalettePanel
from netbuilder.ui.panels.problems import ProblemsPanel
from netbuilder.ui.panels.source import SourcePanel
from netbuilder.ui.panels.train_bar import TrainBar
from netbuilder.ui.selection import Selection
from netbuilder.ui.theme import Choice, Themes
from netbuilder.ui.widgets.later_panel import LaterPanel
from netbuilder.ui.widgets.tabs import Tabs
from netbuilder.ui.widgets.toast import Toast
from netbuilder.ui.widgets.top_row import TopRow
from netbuilder.ui.window_commands import TABS, add_window_commands
from netbuilder.ui.window_layout import WindowLayout

if TYPE_CHECKING:
    from netbuilder.app.recovery import Autosave

SIZE = (1440, 900)


class Shell(Protocol):
    """What a window asks of the application."""

    themes: Themes
    preferences: Preferences

    def welcome(self, window: MainWindow) -> object: ...

    def open_with_dialog(self, window: MainWindow) -> object: ...

    def open(self, path: Path, window: MainWindow | None = None) -> object: ...

    def choose_theme(self, choice: Choice) -> object: ...

    def quit(self) -> object: ...


class MainWindow(QMainWindow):
    """`painted` fires once, after the first paint; panels that take time to make come after it."""

    painted = Signal()
    closed = Signal()

    def __init__(self, session: Session, shell: Shell) -> None:
        super().__init__()
        self.setObjectName("window")
        self.resize(*SIZE)
        self.setMinimumSize(880, 560)
        self.setAcceptDrops(True)
        self.session, self.shell = session, shell
        self.autosave: Autosave | None = None
        self._was_painted = self._was_closed = False
        self._parts: dict[str, QWidget] = {}
        self.files = DocumentFiles(session, shell.preferences, self)
        self.context = UiContext(
            session,
            Selection(self),
            shell.themes,
            CommandRegistry(self),
            Bridge(session, self),
            lambda *words, **more: self.notify(*words, **more),
        )
        add_window_commands(self)
        self.top = TopRow(self)
        self.canvas = CanvasView(self.context)
        self.palette_panel = PalettePanel(self.context)
        self.inspector = InspectorPanel(self.context)
        self.train_bar = TrainBar(self.context)
        self.tabs = self._make_tabs()
        self._parts = {"palette": self.palette_panel, "canvas": self.canvas, "bottom": self.tabs, "inspector": self.inspector}
        self._layout = WindowLayout(self, self.top, self.train_bar, self._parts)
        self.toast = Toast(self.canvas, shell.themes)
        self.command_palette = CommandPalette(self.context.commands, shell.themes, self.canvas.add_layer_at_centre, self)
        self._connect()
        self.show_tab(self._layout.restore(shell.preferences))
        self._show_state()
        self.canvas.setFocus()

    @property
    def document(self) -> Document:
        """The open document."""
        return self.session.document

    def later_panels(self) -> list[LaterPanel]:
        """Panels still to be made, the one in front first."""
        panels = [self.tabs.panel(key) for key in (self.tabs.current, *self.tabs.keys)]
        waiting = [panel for panel in panels if isinstance(panel, LaterPanel) and panel.panel is None]
        return list(dict.fromkeys(waiting))

    def notify(self, text: str, kind: str = "info", place: str | None = None) -> None:
        """Say a sentence over the canvas."""
        self.toast.say(text, kind, place)

    def show_tab(self, key: str) -> None:
        """Bring a tab of the bottom panel to the front."""
        self._layout.reveal("bottom")
        self.tabs.show_tab(key)

    def toggle_part(self, part: str) -> None:
        """Show or hide `palette`, `inspector` or `bottom`."""
        self._layout.toggle(part)

    def part_visible(self, part: str) -> bool:
        """Whether a part is on show."""
        return part in self._parts and not self._parts[part].isHidden()

    def toggle_full_screen(self) -> None:
        """The whole screen, or back."""
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    def find_layer(self) -> None:
        """Go to the palette's search field."""
        self._layout.reveal("palette")
        self.palette_panel.search.setFocus()
        self.palette_panel.search.selectAll()

    def open_palette(self) -> None:
        """Search commands and layers."""
        field = self.top.search
        self.command_palette.open_at(field.mapToGlobal(QPoint(field.width(), field.height() + 4)))

    def export(self) -> None:
        """Weights and code to use elsewhere."""
        from netbuilder.ui.dialogs.export import ExportDialog

        ExportDialog(self.context, self).exec()

    def show_shortcuts(self) -> None:
        """All shortcuts on one page."""
        from netbuilder.ui.dialogs.shortcuts import ShortcutsDialog

        ShortcutsDialog(self.context, self).exec()

    def show_about(self) -> None:
        """Version, licence and where things are kept."""
        from netbuilder.ui.dialogs.about import AboutDialog

        AboutDialog(self.context, self).exec()

    def reveal(self, node_id: str) -> None:
        """Select a layer and bring it into view."""
        if node_id in self.document.graph.nodes:
            self.context.selection.set((node_id,))
            self.canvas.reveal(node_id)

    def event(self, event: QEvent) -> bool:
        """Notice the first paint."""
        if event.type() == QEvent.Type.Paint and not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved changes, then stop training and wait for it."""
        if self._was_closed:
            return
        if not self.files.may_close():
            event.ignore()
            return
        self._was_closed = True
        self._layout.save(self.shell.preferences, self.tabs.current)
        self.hide()
        self.context.bridge.stop()
        self.session.close()
        if self.autosave is not None:
            self.autosave.close()
        self.document.state_changed.disconnect(self._show_state)
        self.closed.emit()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Projects may be dropped anywhere on the window."""
        if any(url.toLocalFile().endswith(SUFFIX) for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        for url in event.mimeData().urls():
            if url.toLocalFile().endswith(SUFFIX):
                self.shell.open(Path(url.toLocalFile()), self)
        event.acceptProposedAction()

    def _make_tabs(self) -> Tabs:
        tabs = Tabs(self.shell.themes)
        tabs.setObjectName("panel.bottom")
        self.problems = ProblemsPanel(self.context)
        made: dict[str, QWidget] = {"source": SourcePanel(self.context), "problems": self.problems}
        for key, title in TABS.items():
            tabs.add(key, title, made.get(key) or LaterPanel(lambda key=key: later_panel(key, self.context)))
        return tabs

    def _connect(self) -> None:
        menus = build_menus(self.top.menus, self.context.commands)
        add_recent(menus["File"], "action.file.save", lambda: self.shell.preferences.recent, lambda path: self.shell.open(path, self))
        self.top.search.clicked.connect(self.open_palette)
        self.palette_panel.chosen.connect(self.canvas.add_layer_at_centre)
        self.problems.revealed.connect(self.reveal)
        self.problems.counted.connect(self._count_problems)
        self.toast.activated.connect(self.reveal)
        self.canvas.edit_requested.connect(self._edit_node)
        self.context.bridge.state_changed.connect(lambda _state: self.context.commands.refresh())
        self.document.state_changed.connect(self._show_state)
        self.document.configured.connect(self._show_state)
        errors = len(self.session.analysis.errors)
        self._count_problems(errors, len(self.session.analysis.problems) - errors)

    @Slot(str)
    def _edit_node(self, node_id: str) -> None:
        self.context.selection.set((node_id,))
        self._layout.reveal("inspector")
        self.inspector.focus_first_field()

    @Slot(int, int)
    def _count_problems(self, errors: int, warnings: int) -> None:
        kind = "error" if errors else "warning" if warnings else "good"
        self.tabs.set_badge("problems", str(errors + warnings), kind)

    def _show_state(self) -> None:
        document = self.document
        self.top.show_name(document.project.name, document.modified)
        self.setWindowTitle(f"{document.project.name}[*] — Netbuilder")
        self.setWindowModified(document.modified)
        self.context.commands.refresh()


def later_panel(key: str, context: UiContext) -> QWidget:
    """Make one of the panels that draw plots and pictures."""
    from netbuilder.ui.panels.data import DataPanel
    from netbuilder.ui.panels.feature_maps import FeatureMapsPanel
    from netbuilder.ui.panels.runs import RunsPanel
    from netbuilder.ui.panels.training import TrainingPanel

    panels = {"data": DataPanel, "training": TrainingPanel, "feature_maps": FeatureMapsPanel, "runs": RunsPanel}
    return panels[key](context)
